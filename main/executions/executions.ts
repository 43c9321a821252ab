import { StormletError } from '../contract/errors.ts';
import { CANCELABLE_STATUSES, type Execution, isCompleted, type OutputChunk } from '../contract/executions.ts';
import type { JsonObject } from '../contract/json.ts';
import { type Clock, isoTime } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { RunOutcome } from '../runners/runner.ts';
import type { ExecutionTable } from '../store/execution-table.ts';
import type { GroupCommit } from '../store/group-commit.ts';
import type { NewExecution } from './new-execution.ts';

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
  /** Actions at one time. */
  concurrency(): number;
  /** Its turn has come. Never rejects. */
  onTurn(execution: Execution, parameters: JsonObject, signal: AbortSignal): Promise<void>;
  onChange(execution: Execution): void;
};

type Waiting = { readonly id: string; readonly parameters: JsonObject };
type Running = {
  readonly abort: AbortController;
  readonly output: OutputChunk[];
  done: Promise<void>;
  outputSize: number;
  /** False while its turn is being written down. */
  begun: boolean;
};

/** After the disk refused to take a state, for example because it is full. */
const RETRY_MS = 1000;
/** Characters of live output kept for windows that open later; the whole is in the result. */
const LIVE_OUTPUT = 256 * 1024;

export class Executions implements AsyncDisposable {
  readonly #deps: ExecutionsDeps;
  readonly #waiting: Waiting[] = [];
  readonly #running = new Map<string, Running>();
  #closed = false;

  constructor(deps: ExecutionsDeps) {
    this.#deps = deps;
  }

  get runningCount(): number {
    return this.#running.size;
  }

  get waitingCount(): number {
    return this.#waiting.length;
  }

  /** Writes the record. Call inside the transaction that makes its cause durable, and `enqueue` after it. */
  record({ execution, parameters }: NewExecution): void {
    this.#deps.table.insert(execution, parameters);
  }

  enqueue({ execution, parameters }: NewExecution): void {
    this.#deps.onChange(execution);
    if (isCompleted(execution.status)) return;
    this.#waiting.push({ id: execution.id, parameters });
    this.#pump();
  }

  /** After a start: what was requested runs now; what was running when the app died is abandoned, never run twice. */
  recover(): void {
    for (const { execution, parameters } of this.#deps.table.open()) {
      // It waits for a person, and that goes on.
      if (execution.status === 'pending') continue;
      const untouched = execution.status === 'requested' || execution.status === 'delayed';
      if (untouched && parameters) this.#waiting.push({ id: execution.id, parameters });
      else this.#abandon(execution, untouched);
    }
    this.#pump();
  }

  /** Takes what its turn came to: its end, or that it waits for an answer. Undefined when it had ended meanwhile. */
  async finish(id: string, outcome: RunOutcome): Promise<Execution | undefined> {
    const { table, groupCommit, clock } = this.#deps;
    // Not held up by the disk: what is lost with the power in that moment is found as abandoned, and not run again.
    const { value: finished } = await groupCommit.commit(() => {
      const canceled = table.get(id)?.status === 'canceling';
      const status = canceled ? 'canceled' : outcome.status;
      return table.move(id, ['running', 'canceling'], status, {
        ...(isCompleted(status) && { endedAt: isoTime(clock) }),
        isolation: outcome.isolation,
        result: outcome.output,
        ...(outcome.status === 'failed' && { fault: outcome.fault }),
      });
    });
    if (finished) this.#deps.onChange(finished);
    return finished;
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

  /** Stops what runs, as abandoned; what waits stays requested and runs after the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#waiting.length = 0;
    const running = [...this.#running];
    for (const [id, { abort, begun }] of running) {
      const execution = begun ? this.#deps.table.get(id) : undefined;
      if (execution) this.#abandon(execution, false);
      abort.abort('canceled');
    }
    await Promise.all(running.map(([, { done }]) => done));
  }

  #pump(): void {
    while (!this.#closed && this.#running.size < this.#deps.concurrency()) {
      const next = this.#waiting.shift();
      if (!next) return;
      const running: Running = {
        abort: new AbortController(),
        output: [],
        outputSize: 0,
        begun: false,
        done: Promise.resolve(),
      };
      this.#running.set(next.id, running);
      running.done = this.#take(next, running).finally(() => {
        this.#running.delete(next.id);
        this.#pump();
      });
    }
  }

  async #take(next: Waiting, running: Running): Promise<void> {
    const execution = await this.#begin(next);
    // Gone when it was canceled while it waited.
    if (!execution) return;
    if (this.#closed) return this.#abandon(execution, false);
    running.begun = true;
    this.#deps.onChange(execution);
    try {
      await this.#deps.onTurn(execution, next.parameters, running.abort.signal);
    } catch (error) {
      this.#deps.log.error('what came of an execution could not be recorded', { id: next.id, error });
    }
  }

  /** Nothing starts that is not on disk as running: otherwise it could run again after a crash. */
  async #begin(next: Waiting): Promise<Execution | undefined> {
    const { table, groupCommit, clock, log } = this.#deps;
    try {
      return await groupCommit.run(() => {
        // An engine that is ending leaves what waits to the next start.
        if (this.#closed) return undefined;
        return table.move(next.id, ['requested', 'delayed'], 'running', { startedAt: isoTime(clock) });
      });
    } catch (error) {
      log.error('an execution waits, because its start could not be recorded', { id: next.id, error });
      this.#deps.clock.after(RETRY_MS, () => {
        this.#waiting.unshift(next);
        this.#pump();
      });
      return undefined;
    }
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
