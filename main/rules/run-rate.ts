/** Slots that a span of time is cut into. */
const SLOTS = 5;

/** How often something happens within a span of time that moves along; a handful of numbers, however often it is. */
export class RunRate {
  readonly #slotMs: number;
  /** Of the newest slots, and when the newest began. */
  #counts: number[] = [];
  #began = 0;

  constructor(spanMs: number) {
    this.#slotMs = spanMs / SLOTS;
  }

  saw(now: number): void {
    this.#moveTo(now);
    this.#counts[0] = (this.#counts[0] ?? 0) + 1;
  }

  count(now: number): number {
    this.#moveTo(now);
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  /** Whether it happened in each part of the span: a burst, however large, is soon over. */
  isSustained(now: number): boolean {
    this.#moveTo(now);
    return this.#counts.length > SLOTS && this.#counts.every((count) => count > 0);
  }

  #moveTo(now: number): void {
    const slots = Math.floor((now - this.#began) / this.#slotMs);
    if (slots === 0) return;
    const isNear = slots > 0 && slots <= SLOTS;
    // One more than the span has, since the newest is not over yet.
    this.#counts = isNear ? [...Array<number>(slots).fill(0), ...this.#counts].slice(0, SLOTS + 1) : [0];
    this.#began = isNear ? this.#began + slots * this.#slotMs : now;
  }
}
