import { StormletError } from '../contract/errors.ts';
import { CANCELABLE_STATUSES, type Execution, isCompleted, type OutputChunk } from '../contract/executions.ts';
import type { JsonObject } from '../contract/json.ts';
import { type Clock, isoTime } from '../kit/clock.ts';
import type { RunOutcome } from '../runners/runner.ts';
import type { ExecutionTable } from '../store/execution-table.ts';
import type { NewExecution } from './new-execution.ts';

/**
 * Stage 4: the queue of executions and their states. It decides when one runs, never how. Every change of state goes
 * through the store's compare-and-set, so a cancel and a finish cannot both win.
 */
export type ExecutionsDeps = {
  readonly table: ExecutionTable;
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
  readonly done: Promise<void>;
  outputSize: number;
};

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

  /** After a start: what was requested runs now; what was running when the app died is abandoned, and never run twice. */
  recover(): void {
    for (const { execution, parameters } of this.#deps.table.open()) {
      const untouched = execution.status === 'requested' || execution.status === 'delayed';
      if (untouched && parameters) this.#waiting.push({ id: execution.id, parameters });
      else this.#abandon(execution, untouched);
    }
    this.#pump();
  }

  /** Undefined when it had ended meanwhile. */
  finish(id: string, outcome: RunOutcome): Execution | undefined {
    const canceled = this.#deps.table.get(id)?.status === 'canceling';
    const finished = this.#deps.table.move(id, ['running', 'canceling'], canceled ? 'canceled' : outcome.status, {
      endedAt: isoTime(this.#deps.clock),
      result: outcome.output,
      ...(outcome.status === 'failed' && { fault: outcome.fault }),
    });
    if (finished) this.#deps.onChange(finished);
    return finished;
  }

  /** Throws when there is no such execution, or it has ended already. */
  cancel(id: string): Execution {
    const running = this.#running.get(id);
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
    for (const [id, { abort }] of running) {
      const execution = this.#deps.table.get(id);
      if (execution) this.#abandon(execution, false);
      abort.abort('canceled');
    }
    await Promise.all(running.map(([, { done }]) => done));
  }

  #pump(): void {
    while (!this.#closed && this.#running.size < this.#deps.concurrency()) {
      const next = this.#waiting.shift();
      if (!next) return;
      // Gone when it was canceled while it waited.
      const startedAt = isoTime(this.#deps.clock);
      const execution = this.#deps.table.move(next.id, ['requested', 'delayed'], 'running', { startedAt });
      if (execution) this.#run(execution, next.parameters);
    }
  }

  #run(execution: Execution, parameters: JsonObject): void {
    const abort = new AbortController();
    this.#deps.onChange(execution);
    const done = Promise.resolve()
      .then(() => this.#deps.onTurn(execution, parameters, abort.signal))
      .finally(() => {
        this.#running.delete(execution.id);
        this.#pump();
      });
    this.#running.set(execution.id, { abort, output: [], outputSize: 0, done });
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
