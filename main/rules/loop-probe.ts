/** What is to be done next. `release`: let one of the runs that are held back go. */
export type ProbeStep = 'wait' | 'release' | 'loop' | 'no loop';

/** How often a rule has to fall silent and to answer before it is believed to run because of itself. */
const ANSWERS = 3;
/** In quiets. A rule whose action takes longer than this cannot be told. */
const PATIENCE = 30;
/** What one run has caused all at once comes within this. */
const SHORTEST_MS = 50;

/**
 * Whether a rule causes what it listens to, in ways that nobody can follow: a topic, a file, another program. It is found out
 * as one would with any circuit: by opening it. While the rule's runs are held back, an event from outside comes all the same,
 * and one of its own making does not; when one of them is let go, it comes again. Three times in a row is no chance. Decides
 * from times alone, and holds nothing but itself.
 */
export class LoopProbe {
  readonly #quietMs: number;
  readonly #goesOnMs: number;
  readonly #began: number;
  #phase: 'draining' | 'listening' | 'answering' = 'draining';
  /** Since when the phase is what it is, and nothing of the rule's is at work. */
  #since: number;
  #idleSince: number | undefined;
  #first: number | undefined;
  #last: number | undefined;
  #answers = 0;

  /** `quietMs`: an answer takes no longer than this. `everyMs`: how far apart the events came on average. */
  constructor(now: number, quietMs: number, everyMs: number) {
    this.#began = now;
    this.#since = now;
    this.#quietMs = quietMs;
    this.#goesOnMs = Math.min(Math.max(3 * everyMs, SHORTEST_MS), quietMs / 2);
  }

  /** An event led to the rule. */
  matched(now: number): void {
    this.#first ??= now;
    this.#last = now;
  }

  /** Call now and then. `isBusy`: whether a run of the rule is under way or about to be, other than those held back. */
  look(now: number, isBusy: boolean): ProbeStep {
    if (now - Math.max(this.#began, this.#since) > PATIENCE * this.#quietMs) return 'no loop';
    if (this.#phase === 'draining') return isBusy ? 'wait' : this.#turnTo('listening', now);
    return this.#phase === 'listening' ? this.#listen(now) : this.#awaitAnswer(now, isBusy);
  }

  /** What one run has left behind may come a moment later, all at once. What goes on coming is not of its making. */
  #listen(now: number): ProbeStep {
    const { first, last } = { first: this.#first ?? now, last: this.#last ?? this.#since };
    if (last - first >= this.#goesOnMs) return 'no loop';
    if (now - last < this.#quietMs) return 'wait';
    this.#turnTo('answering', now);
    return 'release';
  }

  #awaitAnswer(now: number, isBusy: boolean): ProbeStep {
    if (isBusy) return 'wait';
    this.#idleSince ??= now;
    if (this.#first === undefined) return now - this.#idleSince < this.#quietMs ? 'wait' : 'no loop';
    this.#answers += 1;
    return this.#answers < ANSWERS ? this.#turnTo('listening', now) : 'loop';
  }

  #turnTo(phase: 'listening' | 'answering', now: number): 'wait' {
    this.#phase = phase;
    this.#since = now;
    this.#idleSince = undefined;
    this.#first = undefined;
    this.#last = undefined;
    return 'wait';
  }
}
