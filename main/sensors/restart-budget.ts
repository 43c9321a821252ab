/**
 * How often changed files may restart a sensor: many times in a row for a person who edits, then only now and then, for
 * a sensor that writes to files which it is itself made of would restart itself for ever.
 */
export const RESTARTS_AT_ONCE = 40;
export const RESTART_EVERY_MS = 5000;

export class RestartBudget {
  #left = RESTARTS_AT_ONCE;
  #countedAt = 0;

  /** Takes one restart, or tells how many milliseconds there is to wait for it. */
  take(now: number): number {
    const gained = Math.floor((now - this.#countedAt) / RESTART_EVERY_MS);
    if (gained > 0) {
      this.#left = Math.min(RESTARTS_AT_ONCE, this.#left + gained);
      this.#countedAt = this.#left === RESTARTS_AT_ONCE ? now : this.#countedAt + gained * RESTART_EVERY_MS;
    }
    if (this.#left === 0) return this.#countedAt + RESTART_EVERY_MS - now;
    this.#left -= 1;
    return 0;
  }
}
