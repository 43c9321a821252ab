import type { Clock } from '../kit/clock.ts';
import type { Identity } from './tokens.ts';

/** Long enough for a program that waits between two looks. */
const RECENT_MS = 30_000;
const RESULTS = /^\/v1\/(executions|inquiries|traces)\b/;

/** Whether programs outside look at what becomes of executions: what they send then may well be their answer to that. */
export class ResultReaders {
  readonly #clock: Clock;
  #lastAt = Number.NEGATIVE_INFINITY;
  #following = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get areThere(): boolean {
    return this.#following > 0 || this.#clock.now() - this.#lastAt < RECENT_MS;
  }

  /** Told of each request; what an execution's own program asks is its rule's doing. */
  saw({ kind }: Identity, method: string | undefined, path: string): void {
    if (kind !== 'process' && method === 'GET' && RESULTS.test(path)) this.#lastAt = this.#clock.now();
  }

  /** Told of each stream of events; call what it gives when that has ended. */
  follow({ kind }: Identity): () => void {
    if (kind === 'process') return () => {};
    this.#following += 1;
    return () => {
      this.#following -= 1;
      this.#lastAt = this.#clock.now();
    };
  }
}
