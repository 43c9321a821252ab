import type { Problem } from '../../contract/errors.ts';
import type { JsonObject } from '../../contract/json.ts';
import { nameOf } from '../../contract/refs.ts';
import type { MissedRunsPolicy } from '../../contract/trigger-settings.ts';
import type { Trigger, TriggerInstance } from '../../contract/triggers.ts';
import type { Clock } from '../../kit/clock.ts';
import type { Log } from '../../kit/log.ts';
import { pythonTime } from '../../kit/python-time.ts';
import type { GroupCommit } from '../../store/group-commit.ts';
import type { TimerTable } from '../../store/timer-table.ts';
import type { OwnEvent } from '../admit.ts';
import { type DueRuns, dueRuns, type MissedRuns } from './due-runs.ts';
import { isFault, isTimer, readSchedule, type Schedule } from './schedule.ts';

/**
 * The timers that rules ask for: one event each time that one of them comes. When it comes next is on disk with the event
 * before, so nothing comes twice, and what was missed while the computer slept, the app did not run or the engine was paused
 * is known: it is told once, and by the settings made up for once.
 */
export type TimersDeps = {
  readonly clock: Clock;
  readonly log: Log;
  readonly table: TimerTable;
  readonly groupCommit: GroupCommit;
  submit(event: OwnEvent): Promise<TriggerInstance>;
  missedRuns(): MissedRunsPolicy;
  /** While it holds nothing comes, and what would have come is missed. */
  isPaused(): boolean;
  /** One never comes again. */
  onSpent(): void;
};

type Timer = {
  readonly trigger: Trigger;
  readonly schedule: Schedule;
  /** Undefined when it never comes again. */
  due: number | undefined;
  /** Its event is being written. */
  isBusy: boolean;
};

/**
 * The longest that is waited at one time. A wait stands still while the computer sleeps, and knows nothing of a clock that is
 * set; a look now and then finds out about both.
 */
const LOOK_MS = 15_000;
/** The clock was set back, and not just corrected. */
const SET_BACK_MS = 1000;
const RETRY_MS = 1000;

export class Timers implements Disposable {
  readonly #deps: TimersDeps;
  readonly #timers = new Map<string, Timer>();
  #callOff: (() => void) | undefined;
  #lastLook = Number.NEGATIVE_INFINITY;
  #isOver = false;

  constructor(deps: TimersDeps) {
    this.#deps = deps;
  }

  /** Brings the timers in step with what rules ask for. True when others than before never come again. */
  sync(triggers: readonly Trigger[]): boolean {
    const { table } = this.#deps;
    const before = this.#spent();
    const wanted = new Map(
      triggers.flatMap((trigger) => (isTimer(trigger.type) ? [[trigger.ref as string, trigger]] : [])),
    );
    const stored = new Map(table.all().map(({ trigger, due }) => [trigger, due]));
    for (const ref of this.#timers.keys()) if (!wanted.has(ref)) this.#timers.delete(ref);
    // A rule that asks for one again begins anew: nothing was missed while none did.
    for (const ref of stored.keys()) if (!wanted.has(ref)) table.delete(ref);
    for (const [ref, trigger] of wanted) if (!this.#timers.has(ref)) this.#add(trigger, stored.get(ref));
    this.look();
    return before !== this.#spent();
  }

  /** Each with when it comes next, the next first; undefined for one that never does. */
  list(): { readonly trigger: Trigger; readonly due: number | undefined }[] {
    const timers = [...this.#timers.values()].map(({ trigger, due }) => ({ trigger, due }));
    return timers.sort((a, b) => (a.due ?? Number.POSITIVE_INFINITY) - (b.due ?? Number.POSITIVE_INFINITY));
  }

  /** Whether a timer that rules ask for never comes again. */
  isSpent(trigger: string): boolean {
    const timer = this.#timers.get(trigger);
    return timer !== undefined && timer.due === undefined;
  }

  /** Lets come what is due. */
  look(): void {
    const now = this.#deps.clock.now();
    if (now < this.#lastLook - SET_BACK_MS) for (const timer of this.#timers.values()) bringNearer(timer, now);
    this.#lastLook = now;
    if (!this.#deps.isPaused()) for (const timer of this.#timers.values()) this.#run(timer, now);
    this.#wait(now);
  }

  /** What is being written is written all the same. */
  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#callOff?.();
  }

  /** `stored` is when it was to come next; null when never; undefined when it is new. */
  #add(trigger: Trigger, stored: number | null | undefined): void {
    const schedule = readSchedule(trigger.type, trigger.parameters);
    // Its rule is shown with what is wrong.
    if (isFault(schedule)) return;
    const now = this.#deps.clock.now();
    const due = stored === undefined ? schedule.next(now + 1, now) : (stored ?? undefined);
    const timer: Timer = { trigger, schedule, due, isBusy: false };
    this.#timers.set(trigger.ref, timer);
    if (stored === undefined) this.#deps.table.set({ trigger: trigger.ref, due: due ?? null });
    else bringNearer(timer, now);
  }

  #spent(): string {
    return [...this.#timers.keys()].filter((ref) => this.isSpent(ref)).join();
  }

  #run(timer: Timer, now: number): void {
    if (timer.due === undefined || timer.isBusy || timer.due > now) return;
    timer.isBusy = true;
    void this.#record(timer, dueRuns(timer.schedule, timer.due, now), now);
  }

  /** The event and when the next is due go to disk in one transaction, being asked for in one tick. */
  async #record(timer: Timer, runs: DueRuns, now: number): Promise<void> {
    const { table, groupCommit, submit, log } = this.#deps;
    const { ref } = timer.trigger;
    try {
      const events = timerEvents(timer.trigger, runs, now, this.#deps.missedRuns());
      const due = groupCommit.run(() => {
        if (this.#timers.get(ref) === timer) table.set({ trigger: ref, due: runs.next ?? null });
      });
      await Promise.all([due, ...events.map((event) => submit(event))]);
      timer.due = runs.next;
      if (timer.due === undefined) this.#deps.onSpent();
    } catch (error) {
      log.error('a timer’s event could not be recorded, and is tried again', { trigger: ref, error });
    }
    timer.isBusy = false;
    this.#wait(this.#deps.clock.now());
  }

  #wait(now: number): void {
    this.#callOff?.();
    this.#callOff = undefined;
    if (this.#isOver) return;
    const dues = [...this.#timers.values()].flatMap(({ due, isBusy }) => (due === undefined || isBusy ? [] : [due]));
    if (dues.length === 0) return;
    const ms = Math.min(...dues) - now;
    // What is due and not done waits for the end of a pause, or for a disk that takes it.
    this.#callOff = this.#deps.clock.after(ms > 0 ? Math.min(ms, LOOK_MS) : RETRY_MS, () => this.look());
  }
}

/** After a clock was set back, what comes next may be nearer than it was. */
function bringNearer(timer: Timer, now: number): void {
  if (timer.due === undefined || timer.due <= now) return;
  timer.due = Math.min(timer.due, timer.schedule.next(now + 1, now) ?? timer.due);
}

function timerEvents(trigger: Trigger, runs: DueRuns, now: number, policy: MissedRunsPolicy): OwnEvent[] {
  const { current, missed } = runs;
  const event = (id: string, more: Partial<OwnEvent> = {}, told?: MissedRuns): OwnEvent => ({
    id: `timer:${trigger.name}:${id}`,
    trigger: trigger.ref,
    payload: { executed_at: pythonTime(now), schedule: null, ...(told && { missed: describe(told) }) },
    source: 'timer',
    traceTag: `${nameOf(trigger.type)}-${trigger.name}`,
    ...more,
  });
  const missedId = missed && `missed:${new Date(missed.first).toISOString()}`;
  const currentId = current === undefined ? undefined : new Date(current).toISOString();
  if (missed && policy === 'once') return [event(currentId ?? missedId ?? '', {}, missed)];
  return [
    ...(missed && missedId ? [event(missedId, { refusal: missedProblem(missed) }, missed)] : []),
    ...(currentId ? [event(currentId)] : []),
  ];
}

function describe({ count, isMore, first, last }: MissedRuns): JsonObject {
  return { count, is_more: isMore, first: pythonTime(first), last: pythonTime(last) };
}

function missedProblem({ count, isMore, first, last }: MissedRuns): Problem {
  const [from, to] = [first, last].map((at) => new Date(at).toISOString());
  const what =
    count === 1
      ? `the run of ${from} was missed`
      : `${isMore ? 'more than ' : ''}${count} runs from ${from} to ${to} were missed`;
  return {
    severity: 'warning',
    code: 'timer/missed',
    message: `${what}: the computer slept, or Stormlet did not run or was paused`,
    hint: 'set `timers.missedRuns` to `once` to have one run made up for all that were missed',
  };
}
