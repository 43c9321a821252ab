/** How a program ended, as execa has it. */
export type ChildEnd = {
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly originalMessage?: string | undefined;
};

export function describeEnd(end: ChildEnd): string {
  if (end.exitCode !== undefined) return `it ended with exit code ${end.exitCode}`;
  if (end.signal !== undefined) return `it was ended by ${end.signal}`;
  return `it could not be started: ${end.originalMessage ?? 'unknown reason'}`;
}
