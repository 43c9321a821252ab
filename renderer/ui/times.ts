/** `now`, `12 s ago`, `5 min ago`, `14:03`, `Nov 21, 14:03`: as short as the instant allows. */
export function shortTime(instant: string, now: number): string {
  const at = new Date(instant);
  const seconds = Math.round((now - at.getTime()) / 1000);
  if (seconds < 2) return 'now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  return at.toDateString() === new Date(now).toDateString() ? clockTime(at) : dateWithTime(instant);
}

/** `Nov 21, 14:03`. */
export function dateWithTime(instant: string): string {
  const at = new Date(instant);
  return `${at.toLocaleDateString(undefined, { month: 'short', day: 'numeric' })}, ${clockTime(at)}`;
}

function clockTime(at: Date): string {
  return at.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
}

/** `840 ms`, `3.2 s`, `4 min 05 s`. */
export function duration(fromInstant: string, toInstant: string): string {
  const ms = Math.max(0, Date.parse(toInstant) - Date.parse(fromInstant));
  if (ms < 1000) return `${ms} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}
