import { StormletError } from '../contract/errors.ts';
import {
  CANCELABLE_STATUSES,
  type Execution,
  type ExecutionStatus,
  isCompleted,
  isWorkflow,
  type OutputChunk,
} from '../contract/executions.ts';
import type { JsonObject } from '../contract/json.ts';
import type { ConcurrencyPolicy } from '../contract/policies.ts';
import type { ResourceRef } from '../contract/refs.ts';
import type { Settings } from '../contract/settings.ts';
import { type Clock, isoTime } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { RunOutcome } from '../runners/runner.ts';
import type { ExecutionTable, KeptExecution } from '../store/execution-table.ts';
import type { GroupCommit } from '../store/group-commit.ts';
import { Delays } from './delays.ts';
import { ExecutionQueue, type Queued, queuedOf } from './execution-queue.ts';
import { HeldBack } from './held-back.ts';
import { isWorkflows, laneOf, limitOf } from './lanes.ts';
import type { NewExecution } from './new-execution.ts';
import type { Turn } from './turn.ts';

/**
 * Stage 4: the queue of executions and their states. It decides when one runs, never how. Every change of state goes
 * through the store's compare-and-set, so a cancel and a finish cannot both win. Nothing starts
 * that is not on disk as running; executions that change at one time share the flush.
 */
export type ExecutionsDeps = {
  readonly table: ExecutionTable;
  readonly groupCommit: GroupCommit;
  readonly log: Log;
  readonly clock: Clock;
  /** How many run at one time. */
  limits(): Settings['executions'];
  /** The active ones for an action; mostly none. */
  concurrencyPolicies(action: ResourceRef): readonly ConcurrencyPolicy[];
  /** Its turn has come. Never rejects. */
  onTurn(turn: Turn): Promise<void>;
  /** Another attempt, where a policy asks for one. It is recorded together with this end. */
  retry(ended: Execution, parameters: JsonObject): NewExecution | undefined;
  onChange(execution: Execution): void;
};

type Running = {
  readonly queued: Queued;
  readonly abort: AbortController;
  readonly output: OutputChunk[];
  done: Promise<void>;
  outputSize: number;
  /** False while its turn is being written down. */
  begun: boolean;
  /** A workflow that is paused: it takes up no place. */
  rests: boolean;
};

const RECORDED = Promise.resolve();
/** Of what has had its turn and is not over. */
const BEGUN = ['running', 'canceling', 'pausing', 'paused', 'resuming'] as const satisfies ExecutionStatus[];

/** After the disk refused to take a state, for example because it is full. */
const RETRY_MS = 1000;
/** Characters of live output kept for windows that open later; the whole is in the result. */
const LIVE_OUTPUT = 256 * 1024;
/** Looked at in one go while policies hold back one after the other. */
const LOOKED_AT = 200;

export class Executions implements AsyncDisposable {
  readonly #deps: ExecutionsDeps;
  readonly #queue: ExecutionQueue;
  readonly #delays: Delays;
  readonly #held: HeldBack;
  readonly #running = new Map<string, Running>();
  #pumpsSoon = false;
  /** Until then, what is recorded as running is of an app that died. */
  #recovered = false;
  #closed = false;

  constructor(deps: ExecutionsDeps) {
    this.#deps = deps;
    this.#queue = new ExecutionQueue({
      table: deps.table,
      onUnreadable: (execution) => this.#abandon(execution, true),
    });
    this.#delays = new Delays({
      ...deps,
      onDue: (due) => this.#moveOn(due, (queued) => this.#queue.put(queued)),
    });
    this.#held = new HeldBack({
      ...deps,
      running: (action) => this.#runningOf(action),
      moveOn: (held) => this.#moveOn([held], (queued) => this.#queue.putFirst(queued)),
      putBack: (queued) => this.#putBack(queued),
    });
  }

  /** Actions, which workflows are not: they wait for theirs. */
  get runningCount(): number {
    return this.#count(({ queued }) => !isWorkflow(queued.runner));
  }

  get waitingCount(): number {
    return this.#queue.count;
  }

  /** Writes the record. Call inside the transaction that makes its cause durable, and `enqueue` after it. */
  record({ execution, parameters }: NewExecution): void {
    this.#deps.table.insert(execution, parameters, laneOf(execution));
  }

  enqueue({ execution, parameters }: NewExecution): void {
    this.#deps.onChange(execution);
    if (isCompleted(execution.status)) return;
    if (execution.status === 'delayed') {
      this.#delays.arm();
      return;
    }
    this.#queue.put(queuedOf(execution, laneOf(execution), parameters));
    this.#pump();
  }

  /**
   * After a start: what waited for its turn takes it now, what is delayed goes on being so, and what was running when the
   * app died is abandoned, never run twice. Workflows go on: all that they had decided is on disk.
   */
  recover(): void {
    const { table } = this.#deps;
    for (const { execution, parameters } of table.inStatus(BEGUN)) {
      if (!isWorkflow(execution.runner)) this.#abandon(execution, false);
      else if (parameters) this.#start(queuedOf(execution, laneOf(execution), parameters), execution);
      else this.#abandon(execution, true);
    }
    this.#recovered = true;
    this.policiesChanged();
    this.#delays.arm();
  }

  /** Whatever was held back is judged anew in its turn. */
  policiesChanged(): void {
    if (!this.#recovered) return;
    this.#deps.table.releaseHeld();
    for (const { lane } of this.#deps.table.queuedLanes()) this.#queue.lookOnDisk(lane);
    this.#pump();
  }

  /** There may be room for more now. */
  limitsChanged(): void {
    if (this.#recovered) this.#pump();
  }

  /** Takes what its turn came to: its end, or that it waits for an answer. Undefined when it had ended meanwhile. */
  async finish(id: string, outcome: RunOutcome): Promise<Execution | undefined> {
    const { table, groupCommit, clock } = this.#deps;
    // Not held up by the disk: what is lost with the power in that moment is found as abandoned, and not run again.
    const { value } = await groupCommit.commit(() => {
      const canceled = table.get(id)?.status === 'canceling';
      const status = canceled ? 'canceled' : outcome.status;
      const finished = table.move(id, BEGUN, status, {
        ...(isCompleted(status) && { endedAt: isoTime(clock) }),
        isolation: outcome.isolation,
        result: outcome.output,
        ...(outcome.status === 'failed' && { fault: outcome.fault }),
      });
      return { finished, again: finished && this.#recordRetry(finished) };
    });
    if (value.finished) this.#deps.onChange(value.finished);
    if (value.again) this.enqueue(value.again);
    return value.finished;
  }

  /** Throws when there is no such execution, or it has ended already. */
  cancel(id: string): Execution {
    const held = this.#running.get(id);
    // One that waits for an answer has had its turn, even when that is just being written down.
    const running = held?.begun && this.#deps.table.get(id)?.status !== 'pending' ? held : undefined;
    const to = running ? 'canceling' : 'canceled';
    const patch = running ? {} : { endedAt: isoTime(this.#deps.clock) };
    const moved = this.#deps.table.move(id, CANCELABLE_STATUSES, to, patch);
    if (!moved) throw this.#cannotCancel(id);
    this.#deps.onChange(moved);
    running?.abort.abort('canceled');
    return moved;
  }

  /** Lets what is delayed go on before its time. */
  release(id: string): void {
    const kept = this.#deps.table.kept(id);
    if (kept) this.#moveOn([kept], (queued) => this.#queue.put(queued));
  }

  /** Told of a workflow whether it is paused. */
  setResting(id: string, rests: boolean): void {
    const running = this.#running.get(id);
    if (!running || running.rests === rests) return;
    running.rests = rests;
    if (rests) this.#pump();
  }

  keepOutput(chunk: OutputChunk): void {
    const running = this.#running.get(chunk.execution);
    if (!running) return;
    running.output.push(chunk);
    running.outputSize += chunk.text.length;
    while (running.outputSize > LIVE_OUTPUT && running.output.length > 1) {
      running.outputSize -= running.output.shift()?.text.length ?? 0;
    }
  }

  output(id: string): readonly OutputChunk[] {
    return this.#running.get(id)?.output ?? [];
  }

  /** Stops what runs, as abandoned; what waits stays requested and runs after the next start, and workflows go on then. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#queue.clear();
    this.#delays[Symbol.dispose]();
    const running = [...this.#running].filter(([, { queued }]) => !isWorkflow(queued.runner));
    for (const [id, { abort, begun }] of running) {
      const execution = begun ? this.#deps.table.get(id) : undefined;
      if (execution) this.#abandon(execution, false);
      abort.abort('canceled');
    }
    await Promise.all(running.map(([, { done }]) => done));
  }

  /** Starts what may start now, a bounded number in one go: others wait for the event loop too. */
  #pump(): void {
    if (this.#pumpsSoon) return;
    for (let looked = 0; !this.#closed; looked += 1) {
      const next = this.#queue.next(
        (lane) => this.#hasRoom(lane),
        (id) => this.#running.has(id) || this.#held.isBeingHeld(id),
      );
      if (!next) return;
      if (!this.#held.take(next)) this.#start(next);
      if (looked < LOOKED_AT) continue;
      this.#pumpSoon();
      return;
    }
  }

  #pumpSoon(): void {
    this.#pumpsSoon = true;
    setImmediate(() => {
      this.#pumpsSoon = false;
      this.#pump();
    });
  }

  #hasRoom(lane: string): boolean {
    const limits = this.#deps.limits();
    const ofLane = limitOf(lane, limits);
    if (ofLane !== undefined && this.#count((running) => takesPlace(running, lane)) >= ofLane) return false;
    return isWorkflows(lane) || this.runningCount < limits.concurrency;
  }

  /** `begun`: by an earlier start of the app. */
  #start(next: Queued, begun?: Execution): void {
    const running: Running = {
      queued: next,
      abort: new AbortController(),
      output: [],
      outputSize: 0,
      begun: begun !== undefined,
      rests: begun?.status === 'paused',
      done: Promise.resolve(),
    };
    if (begun?.status === 'canceling') running.abort.abort('canceled');
    this.#running.set(next.id, running);
    running.done = this.#take(next, running, begun).finally(() => {
      this.#running.delete(next.id);
      this.#held.ended(next);
      this.#pump();
    });
  }

  async #take(next: Queued, running: Running, begun: Execution | undefined): Promise<void> {
    const { execution, recorded } = begun ? { execution: begun, recorded: RECORDED } : await this.#begin(next);
    // Gone when it was canceled while it waited.
    if (!execution) return;
    if (this.#closed) return isWorkflow(next.runner) ? undefined : this.#abandon(execution, false);
    running.begun = true;
    if (!begun) this.#deps.onChange(execution);
    try {
      await this.#deps.onTurn({ execution, parameters: next.parameters, signal: running.abort.signal, recorded });
    } catch (error) {
      this.#deps.log.error('what came of an execution could not be recorded', { id: next.id, error });
    }
  }

  async #begin(next: Queued): Promise<{ readonly execution: Execution | undefined; readonly recorded: Promise<void> }> {
    const { table, groupCommit, clock, log } = this.#deps;
    try {
      const { value: execution, flushed } = await groupCommit.commit(() => {
        // An engine that is ending leaves what waits to the next start.
        if (this.#closed) return undefined;
        return table.move(next.id, ['requested', 'scheduled'], 'running', { startedAt: isoTime(clock) });
      });
      return { execution, recorded: execution ? flushed() : RECORDED };
    } catch (error) {
      log.error('an execution waits, because its start could not be recorded', { id: next.id, error });
      this.#deps.clock.after(RETRY_MS, () => this.#putBack(next));
      return { execution: undefined, recorded: RECORDED };
    }
  }

  /** Their wait is over: they take the next place that is free. */
  #moveOn(executions: readonly KeptExecution[], put: (queued: Queued) => void): void {
    for (const { execution, parameters } of executions) {
      const moved = this.#deps.table.move(execution.id, ['delayed'], 'scheduled');
      if (!moved) continue;
      this.#deps.onChange(moved);
      if (parameters) put(queuedOf(moved, laneOf(moved), parameters));
      else this.#abandon(moved, true);
    }
    this.#pump();
  }

  #putBack(queued: Queued): void {
    this.#queue.putFirst(queued);
    this.#pump();
  }

  #recordRetry(ended: Execution): NewExecution | undefined {
    if (ended.status !== 'failed' && ended.status !== 'timeout') return undefined;
    const parameters = this.#running.get(ended.id)?.queued.parameters;
    const again = parameters && this.#deps.retry(ended, parameters);
    if (again) this.record(again);
    return again;
  }

  #runningOf(action: ResourceRef): Queued[] {
    return [...this.#running.values()].flatMap(({ queued }) => (queued.action === action ? queued : []));
  }

  #count(counts: (running: Running) => boolean): number {
    let count = 0;
    for (const running of this.#running.values()) if (counts(running)) count += 1;
    return count;
  }

  #abandon(execution: Execution, keyLost: boolean): void {
    const message = keyLost
      ? 'its secret parameters cannot be read any more: the key file was replaced'
      : 'Stormlet ended while it ran';
    const abandoned = this.#deps.table.move(execution.id, [execution.status], 'abandoned', {
      endedAt: isoTime(this.#deps.clock),
      fault: {
        code: 'execution/abandoned',
        kind: 'environment',
        message,
        hint: 'what it had done by then is not known; run it again if that is safe',
      },
    });
    if (abandoned) this.#deps.onChange(abandoned);
  }

  #cannotCancel(id: string): StormletError {
    const execution = this.#deps.table.get(id);
    const message = execution
      ? `the execution \`${id}\` cannot be canceled: it is ${execution.status}`
      : `there is no execution \`${id}\``;
    return new StormletError({ code: execution ? 'execution/ended' : 'execution/unknown', kind: 'user', message });
  }
}

/** A workflow does nothing itself: below another one it takes up no place, or it would wait for what waits for it. */
function takesPlace({ queued, rests }: Running, lane: string): boolean {
  return queued.lane === lane && !rests && (isWorkflows(lane) || !isWorkflow(queued.runner));
}
