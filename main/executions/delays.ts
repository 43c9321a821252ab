import type { Clock } from '../kit/clock.ts';
import type { ExecutionTable, KeptExecution } from '../store/execution-table.ts';

export type DelaysDeps = {
  readonly table: Pick<ExecutionTable, 'nextDue' | 'due'>;
  readonly clock: Clock;
  /** Their time has come. */
  onDue(executions: readonly KeptExecution[]): void;
};

/** A machine that slept wakes up late: the wall clock is looked at again at least this often. */
const LONGEST_WAIT_MS = 60_000;
/** Taken in one go; the others follow at once, but other work gets its turn in between. */
const BATCH = 200;

/** Waits for the instants until which executions are delayed. They are in the table, so a restart changes nothing. */
export class Delays implements Disposable {
  readonly #deps: DelaysDeps;
  #callOff: (() => void) | undefined;

  constructor(deps: DelaysDeps) {
    this.#deps = deps;
  }

  /** Call when one was recorded, and at a start. */
  arm(): void {
    this.#callOff?.();
    this.#callOff = undefined;
    const next = this.#deps.table.nextDue();
    if (next === undefined) return;
    const left = Math.max(0, Math.min(Date.parse(next) - this.#deps.clock.now(), LONGEST_WAIT_MS));
    this.#callOff = this.#deps.clock.after(left, () => this.#look());
  }

  [Symbol.dispose](): void {
    this.#callOff?.();
  }

  #look(): void {
    const now = new Date(this.#deps.clock.now()).toISOString();
    const due = this.#deps.table.due(now, BATCH);
    if (due.length > 0) this.#deps.onDue(due);
    this.arm();
  }
}
