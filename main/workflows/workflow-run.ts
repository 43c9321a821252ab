import { type Fault, toFault } from '../contract/errors.ts';
import { type Execution, type ExecutionStatus, isCompleted, isWorkflow } from '../contract/executions.ts';
import { isJsonObject, type JsonObject } from '../contract/json.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { ExecutionTable } from '../store/execution-table.ts';
import type { GroupCommit } from '../store/group-commit.ts';
import type { KeptWorkflow, WorkflowTable } from '../store/workflow-table.ts';
import {
  type Conductor,
  type Decision,
  type TaskEnd,
  type TaskRun,
  WorkflowRefused,
  type WorkflowSetting,
  type WorkflowStatus,
} from './conductor.ts';

export type WorkflowRunDeps = {
  readonly workflows: WorkflowTable;
  readonly executions: Pick<ExecutionTable, 'get' | 'move' | 'childrenOf'>;
  readonly groupCommit: GroupCommit;
  readonly clock: Clock;
  readonly log: Log;
  /** Builds the conductor that decides. */
  open(setting: WorkflowSetting): Promise<Conductor>;
  /** A task as an execution to be recorded; what cannot run comes back failed, with its fault. Never rejects. */
  prepare(run: TaskRun, parent: Execution): Promise<NewTask>;
  /** Writes its record, within the transaction that writes the workflow's state. */
  record(task: NewTask): void;
  enqueue(task: NewTask): void;
  /** Throws where it has ended. */
  cancel(execution: string): void;
  /** Of a workflow that is a task of this one. */
  pause(execution: string): void;
  resume(execution: string): void;
  onChange(execution: Execution): void;
};

/** An execution about to be recorded, with its true parameter values. */
export type NewTask = { readonly execution: Execution; readonly parameters: JsonObject };

/** How a workflow ended; `output` becomes its execution's result. */
export type WorkflowOutcome =
  | { readonly status: 'succeeded'; readonly output: JsonObject }
  | { readonly status: 'failed'; readonly fault: Fault; readonly output: JsonObject | undefined }
  | { readonly status: 'timeout' | 'canceled'; readonly output: JsonObject | undefined };

/** `begin`, `rerun`, `end` … are told to the conductor; `goes-on` only changes what the execution shows. */
type Event =
  | { readonly kind: 'begin' | 'pause' | 'resume' | 'cancel' | 'goes-on' }
  | { readonly kind: 'end'; readonly end: TaskEnd }
  | { readonly kind: 'rerun'; readonly tasks: readonly string[] | undefined; readonly reset: boolean };

type OpenTask = { readonly id: string; readonly runner: string; waits: boolean };

/** After the disk refused to take a decision, for example because it is full. */
const RETRY_MS = 1000;
/** A workflow that asked for more is no workflow of this app. */
const ALL_CHILDREN = 1_000_000;
const OPEN_STATUSES: readonly ExecutionStatus[] = ['running', 'pausing', 'paused', 'resuming'];

/**
 * One workflow while it runs: hands the conductor what happened, one thing after the other, and does what it decides. A
 * decision is on disk before anything of it happens, its new children together with the state that knows of them, so a
 * crash leaves both or neither.
 */
export class WorkflowRun {
  readonly #deps: WorkflowRunDeps;
  readonly #setting: WorkflowSetting;
  readonly #id: string;
  readonly #over = Promise.withResolvers<WorkflowOutcome>();
  readonly #open = new Map<string, OpenTask>();
  readonly #events: Event[] = [];
  #kept: KeptWorkflow | undefined;
  #conductor: Conductor | undefined;
  #decided: WorkflowStatus = 'running';
  #held = false;
  #stop: 'canceled' | 'timeout' | undefined;
  #isWorking = false;
  #isEnded = false;

  /** `kept` is what an earlier start of the app, or the run that this one goes on from, left. */
  constructor(deps: WorkflowRunDeps, setting: WorkflowSetting, kept: KeptWorkflow | undefined) {
    this.#deps = deps;
    this.#setting = setting;
    this.#id = setting.about.execution;
    this.#kept = kept;
    this.#held = kept?.held ?? false;
  }

  /** Resolves when it is over, and never when the app ends before. */
  async run(signal: AbortSignal): Promise<WorkflowOutcome> {
    if (this.#kept?.outcome) return this.#kept.outcome as unknown as WorkflowOutcome;
    try {
      this.#conductor = await this.#deps.open(this.#setting);
    } catch (error) {
      this.#isEnded = true;
      const output = error instanceof WorkflowRefused ? error.result : undefined;
      return { status: 'failed', fault: toFault(error), output };
    }
    this.#events.unshift(...this.#firstEvents());
    const onAbort = () => this.#abort(signal.reason === 'timeout' ? 'timeout' : 'canceled');
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    this.#pump();
    return this.#over.promise;
  }

  /** Told of every change of one of its tasks' executions. */
  follow(execution: Execution): void {
    const key = execution.context.task?.key;
    const task = key === undefined ? undefined : this.#open.get(key);
    if (key === undefined || !task) return;
    const waits = isWaiting(execution);
    if (!isCompleted(execution.status) && task.waits === waits) return;
    task.waits = waits;
    if (isCompleted(execution.status)) this.#open.delete(key);
    this.#tell(waits || isCompleted(execution.status) ? endOf(execution, key) : { kind: 'goes-on' });
  }

  /** Undefined when it cannot be paused now. */
  pause(): Execution | undefined {
    const moved = this.#move('pausing', ['running']);
    if (!moved) return undefined;
    this.#held = true;
    this.#forEachWorkflow((id) => this.#deps.pause(id));
    this.#tell({ kind: 'pause' });
    return moved;
  }

  /** Undefined when it is not paused. */
  resume(): Execution | undefined {
    const moved = this.#move('resuming', ['pausing', 'paused']);
    if (!moved) return undefined;
    this.#held = false;
    this.#forEachWorkflow((id) => this.#deps.resume(id));
    this.#tell({ kind: 'resume' });
    return moved;
  }

  /** The app ends; what is on disk goes on at its next start. */
  close(): void {
    this.#isEnded = true;
  }

  #firstEvents(): Event[] {
    if (!this.#kept) return [{ kind: 'begin' }];
    const { rerun } = this.#kept;
    if (rerun) {
      const tasks = Array.isArray(rerun.tasks) && rerun.tasks.length > 0 ? rerun.tasks.map(String) : undefined;
      return [{ kind: 'rerun', tasks, reset: rerun.reset !== false }];
    }
    const children = this.#deps.executions.childrenOf(this.#id, ALL_CHILDREN);
    const events = children.flatMap((child) => this.#takeUp(child) ?? []);
    return [...events, ...this.#askedBefore()];
  }

  /** What a person asked for, and was not decided when the app ended. */
  #askedBefore(): Event[] {
    const status = this.#deps.executions.get(this.#id)?.status;
    if (status === 'paused') this.#decided = 'paused';
    if (status !== 'pausing' && status !== 'resuming') return [];
    this.#held = status === 'pausing';
    return [{ kind: this.#held ? 'pause' : 'resume' }];
  }

  /** A child of an earlier start of the app. Its end may have been told already, which does no harm. */
  #takeUp(child: Execution): Event | undefined {
    const key = child.context.task?.key;
    if (key === undefined) return undefined;
    const waits = isWaiting(child);
    if (!isCompleted(child.status)) this.#open.set(key, { id: child.id, runner: child.runner, waits });
    return waits || isCompleted(child.status) ? endOf(child, key) : undefined;
  }

  #tell(event: Event): void {
    this.#events.push(event);
    this.#pump();
  }

  #abort(reason: 'canceled' | 'timeout'): void {
    this.#stop = reason;
    this.#tell({ kind: 'cancel' });
  }

  #pump(): void {
    if (this.#isWorking || !this.#conductor) return;
    this.#isWorking = true;
    this.#work(this.#conductor)
      .catch((error) => this.#fail(error))
      .finally(() => {
        this.#isWorking = false;
      });
  }

  async #work(conductor: Conductor): Promise<void> {
    while (this.#events.length > 0 && !this.#isEnded) {
      // What happened meanwhile is decided on in one go, and costs one write.
      const run: TaskRun[] = [];
      let result: JsonObject | undefined;
      for (const event of this.#events.splice(0)) {
        const decision = await tell(conductor, event);
        if (!decision) continue;
        run.push(...decision.run);
        this.#decided = decision.status;
        result = decision.result;
      }
      await this.#carryOut(conductor, run, result);
    }
  }

  async #carryOut(conductor: Conductor, run: readonly TaskRun[], result: JsonObject | undefined): Promise<void> {
    const parent = this.#deps.executions.get(this.#id);
    if (!parent) return this.close();
    const tasks = await Promise.all(run.map((each) => this.#deps.prepare(this.#withNotify(each), parent)));
    const outcome = this.#outcomeOf(result);
    const moved = await this.#commit(() => {
      this.#save({ state: conductor.state, held: this.#held, outcome: outcome as JsonObject | undefined });
      for (const task of tasks) this.#deps.record(task);
      return outcome ? undefined : this.#moveInTable(this.#shownStatus(tasks.length), OPEN_STATUSES);
    });
    if (this.#isEnded) return;
    if (moved) this.#deps.onChange(moved);
    for (const [index, task] of tasks.entries()) this.#openTask(run[index]?.key ?? '', task);
    for (const task of tasks) this.#deps.enqueue(task);
    if (this.#stop) this.#cancelOpen();
    if (outcome) this.#end(outcome);
  }

  /** The runner's `notify` names the tasks of an orquesta workflow that send the notices which its action asks for. */
  #withNotify(run: TaskRun): TaskRun {
    const { runnerParameters, about } = this.#setting;
    const named = Array.isArray(runnerParameters.notify) && runnerParameters.notify.includes(run.task);
    return named && about.notify && !run.notify ? { ...run, notify: about.notify } : run;
  }

  #openTask(key: string, { execution }: NewTask): void {
    this.#open.set(key, { id: execution.id, runner: execution.runner, waits: false });
  }

  #save(progress: Parameters<WorkflowTable['save']>[1]): void {
    if (this.#kept) {
      this.#deps.workflows.save(this.#id, progress);
      return;
    }
    const { source: definition, input, runnerParameters } = this.#setting;
    this.#kept = { definition, input, runnerParameters, ...progress };
    this.#deps.workflows.insert(this.#id, this.#kept);
  }

  /** Tries until the disk takes it: the conductor has gone on already, and nothing may happen that is not written down. */
  async #commit<T>(work: () => T): Promise<T | undefined> {
    while (!this.#isEnded) {
      const kept = this.#kept;
      try {
        return (await this.#deps.groupCommit.commit(work)).value;
      } catch (error) {
        this.#kept = kept;
        this.#deps.log.error('a workflow waits, because its state could not be recorded', { id: this.#id, error });
        await new Promise<void>((resolve) => this.#deps.clock.after(RETRY_MS, resolve));
      }
    }
    return undefined;
  }

  /** The conductor of a workflow that waits for a question believes it paused until then; people see what runs. */
  #shownStatus(asked: number): ExecutionStatus {
    if (this.#decided !== 'paused' || this.#held) return this.#decided;
    const isActive = asked > 0 || [...this.#open.values()].some(({ waits }) => !waits);
    return isActive ? 'running' : 'paused';
  }

  #move(to: ExecutionStatus, from: readonly ExecutionStatus[]): Execution | undefined {
    const moved = this.#isEnded ? undefined : this.#moveInTable(to, from);
    if (moved) this.#deps.onChange(moved);
    return moved;
  }

  /** One that is being canceled shows that until it is over. */
  #moveInTable(to: ExecutionStatus, from: readonly ExecutionStatus[]): Execution | undefined {
    if (!OPEN_STATUSES.includes(to)) return undefined;
    const others = from.filter((status) => status !== to);
    return this.#deps.executions.move(this.#id, others, to);
  }

  #outcomeOf(result: JsonObject | undefined): WorkflowOutcome | undefined {
    const output = result ?? {};
    switch (this.#decided) {
      case 'succeeded':
        return { status: 'succeeded', output };
      case 'failed':
        return { status: 'failed', fault: failureOf(output), output };
      case 'timeout':
        return { status: 'timeout', output };
      case 'canceled':
        return { status: this.#stop ?? 'canceled', output };
      default:
        return undefined;
    }
  }

  #end(outcome: WorkflowOutcome): void {
    this.#isEnded = true;
    this.#over.resolve(outcome);
  }

  /** A conductor that throws has lost its way; its workflow ends here. */
  #fail(error: unknown): void {
    if (this.#isEnded) return;
    this.#cancelOpen();
    this.#end({ status: 'failed', fault: toFault(error), output: undefined });
  }

  #cancelOpen(): void {
    for (const { id } of [...this.#open.values()]) {
      try {
        this.#deps.cancel(id);
      } catch {
        // It has just ended, which is told as well.
      }
    }
  }

  #forEachWorkflow(work: (id: string) => void): void {
    for (const task of this.#open.values()) if (isWorkflow(task.runner)) work(task.id);
  }
}

function tell(conductor: Conductor, event: Event): Promise<Decision> | undefined {
  switch (event.kind) {
    case 'begin':
      return conductor.begin();
    case 'end':
      return conductor.onEnd(event.end);
    case 'pause':
      return conductor.pause();
    case 'resume':
      return conductor.resume();
    case 'cancel':
      return conductor.cancel();
    case 'rerun':
      return conductor.rerun(event.tasks, event.reset);
    case 'goes-on':
      return undefined;
  }
}

/** For a person: a question, or a workflow below that has one or was paused. */
function isWaiting({ status }: Execution): boolean {
  return status === 'pending' || status === 'paused';
}

function endOf(execution: Execution, key: string): Event {
  const { id, status, result, fault, createdAt, startedAt, endedAt } = execution;
  return {
    kind: 'end',
    end: {
      key,
      execution: id,
      status: isCompleted(status) ? (status as TaskEnd['status']) : 'pending',
      result: result ?? (fault ? { error: fault.message } : {}),
      createdAt,
      startedAt,
      endedAt,
    },
  };
}

/** In one sentence, from a result of either shape of StackStorm's. */
function failureOf({ error, errors, tasks }: JsonObject): Fault {
  const [first] = Array.isArray(errors) ? errors : [];
  const last = Array.isArray(tasks) ? tasks.at(-1) : undefined;
  const said = typeof error === 'string' ? error : isJsonObject(first) ? first.message : undefined;
  const where = isJsonObject(first) && typeof first.task_id === 'string' ? `task \`${first.task_id}\`: ` : '';
  const task = isJsonObject(last) ? `the task \`${last.name}\` ended as ${last.state}` : 'the workflow failed';
  return { code: 'workflow/failed', kind: 'pack', message: typeof said === 'string' ? where + said : task };
}
