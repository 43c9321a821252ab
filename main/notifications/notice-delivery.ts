import type { Notice } from '../contract/notices.ts';
import type { Settings } from '../contract/settings.ts';
import { type Clock, isoTime } from '../kit/clock.ts';
import { collectNotices } from './collect-notices.ts';
import { isQuiet } from './quiet-hours.ts';

/** So many within so long are shown one by one; the rest of them become one notice at the end of that time. */
const BURST = 5;
const BURST_MS = 10_000;
/** The end of quiet hours is looked for so often: a timer stands still while the machine sleeps. */
const LOOK_MS = 60_000;
const MINUTE_MS = 60_000;

export type NoticeDeliveryDeps = {
  readonly clock: Clock;
  settings(): Settings['notifications'];
  newId(): string;
  /** Tells it to whoever shows notices; one that is `quiet` is listed only. */
  post(notice: Notice): void;
};

type Gate = 'quiet-hours' | 'digest' | 'burst';

/**
 * When a notice that is worth one is shown: at once, or in one with others. Each is told of at once in either case, so
 * that a list of them is complete; what is held back is marked as `quiet`.
 */
export class NoticeDelivery implements Disposable {
  readonly #deps: NoticeDeliveryDeps;
  readonly #held: Record<Gate, Notice[]> = { 'quiet-hours': [], digest: [], burst: [] };
  readonly #timers = new Map<Gate, () => void>();
  #shownInBurst = 0;

  constructor(deps: NoticeDeliveryDeps) {
    this.#deps = deps;
  }

  deliver(notice: Notice): void {
    const gate = this.#gateOf(notice);
    if (gate) this.#hold(gate, notice);
    else this.#show(notice);
  }

  /** What is still held is in the lists; nobody would see it shown now. */
  [Symbol.dispose](): void {
    for (const callOff of this.#timers.values()) callOff();
    this.#timers.clear();
  }

  #gateOf(notice: Notice): Gate | undefined {
    const { quietHours, digestMinutes } = this.#deps.settings();
    if (notice.urgent) return undefined;
    const isPlain = notice.level === 'success' && !notice.requested;
    if (isQuiet(quietHours, this.#deps.clock.now()) && !(quietHours.letFailuresThrough && isUrgent(notice))) {
      return 'quiet-hours';
    }
    if (digestMinutes > 0 && isPlain) return 'digest';
    // What somebody asked for, and what waits for an answer, is never lost in a crowd.
    if (this.#shownInBurst >= BURST && !notice.requested && !isQuestion(notice)) return 'burst';
    return undefined;
  }

  #show(notice: Notice): void {
    if (!this.#timers.has('burst')) this.#wait('burst', BURST_MS);
    this.#shownInBurst += 1;
    this.#deps.post(notice);
  }

  #hold(gate: Gate, notice: Notice): void {
    this.#held[gate].push(notice);
    this.#deps.post({ ...notice, quiet: true });
    if (!this.#timers.has(gate)) this.#wait(gate, this.#holdTime(gate));
  }

  #holdTime(gate: Gate): number {
    if (gate === 'digest') return this.#deps.settings().digestMinutes * MINUTE_MS;
    return gate === 'burst' ? BURST_MS : LOOK_MS;
  }

  #wait(gate: Gate, ms: number): void {
    this.#timers.set(
      gate,
      this.#deps.clock.after(ms, () => this.#release(gate)),
    );
  }

  #release(gate: Gate): void {
    const { clock, settings, newId, post } = this.#deps;
    this.#timers.delete(gate);
    if (gate === 'burst') this.#shownInBurst = 0;
    const held = this.#held[gate].splice(0);
    if (held.length === 0) return;
    if (isQuiet(settings().quietHours, clock.now())) this.#keepQuiet(held);
    else post(collectNotices(held, newId(), isoTime(clock)));
  }

  /** They are marked already. */
  #keepQuiet(notices: readonly Notice[]): void {
    this.#held['quiet-hours'].push(...notices);
    if (!this.#timers.has('quiet-hours')) this.#wait('quiet-hours', LOOK_MS);
  }
}

function isUrgent(notice: Notice): boolean {
  return notice.level === 'failure' || isQuestion(notice);
}

function isQuestion(notice: Notice): boolean {
  return notice.asks === true;
}
