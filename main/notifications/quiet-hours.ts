import type { QuietHours } from '../contract/desktop-settings.ts';

/** Whether `at` lies in the quiet hours, by the clock on this machine's wall. */
export function isQuiet(hours: QuietHours, at: number): boolean {
  if (!hours.enabled || hours.from === hours.to) return false;
  const now = new Date(at);
  const time = timeOf(now);
  if (hours.from < hours.to) return hours.days.includes(now.getDay()) && time >= hours.from && time < hours.to;
  // Over midnight: after it, they began the day before.
  if (time >= hours.from) return hours.days.includes(now.getDay());
  return time < hours.to && hours.days.includes((now.getDay() + 6) % 7);
}

/** Written with two digits, times of day compare as text. */
function timeOf(date: Date): string {
  return [date.getHours(), date.getMinutes()].map((number) => String(number).padStart(2, '0')).join(':');
}
