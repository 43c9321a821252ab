const FIRST_MS = 250;
const LONGEST_MS = 5_000;

/** Doubles up to five seconds. `luck` (0 to 1) spreads several windows, so that they don't all come back at one moment. */
export function reconnectDelayMs(attempt: number, luck: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, attempt - 1));
  return Math.round(full * (0.75 + luck / 4));
}
