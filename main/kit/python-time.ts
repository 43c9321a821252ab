/** An instant as Python prints it, in UTC: packs and rules written for StackStorm read times of this form. */
export function pythonTime(instant: number | string): string {
  const [date, time = ''] = new Date(instant).toISOString().split('T');
  const [seconds, milliseconds = '000'] = time.slice(0, -1).split('.');
  // Python leaves out a fraction that is zero, and else prints microseconds.
  return `${date} ${seconds}${milliseconds === '000' ? '' : `.${milliseconds}000`}+00:00`;
}
