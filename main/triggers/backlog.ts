import type { Clock } from '../kit/clock.ts';

/** Events recorded and not yet judged, beyond which their publishers are slowed down. */
export const LONG_BACKLOG = 20_000;
/** A sensor gives up on a broker that acknowledges nothing for 20 seconds; this is well below. */
const SLOWEST_MS = 2000;

/**
 * How many events wait for the rules. When there are too many, an acknowledgement is held back until there is room, or for two
 * seconds: a publisher at QoS 1 sends no more than its window in that time, so the backlog stops to grow and none is lost.
 */
export class Backlog {
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #held = new Set<() => void>();
  #length = 0;

  constructor(clock: Clock, limit = LONG_BACKLOG) {
    this.#clock = clock;
    this.#limit = limit;
  }

  get length(): number {
    return this.#length;
  }

  /** As it is found on disk. */
  begin(length: number): void {
    this.#length = length;
  }

  hasCome(): void {
    this.#length += 1;
  }

  isJudged(): void {
    this.#length = Math.max(0, this.#length - 1);
    if (this.#length > this.#limit || this.#held.size === 0) return;
    for (const release of this.#held) release();
  }

  /** Resolves at once, mostly. */
  async room(): Promise<void> {
    if (this.#length <= this.#limit) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const callOff = this.#clock.after(SLOWEST_MS, resolve);
    this.#held.add(resolve);
    await promise;
    this.#held.delete(resolve);
    callOff();
  }
}
