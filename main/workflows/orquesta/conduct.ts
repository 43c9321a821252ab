import type { JsonObject } from '../../contract/json.ts';
import type { WorkflowEvaluator } from '../../expressions/workflow-evaluator.ts';
import type { Conductor, Decision, TaskEnd, TaskRun } from '../conductor.ts';
import type { OrquestaDefinition } from './definition.ts';
import { forgiving } from './forgiving-evaluator.ts';
import { Paths } from './graph.ts';
import { nextTasks, textOf } from './next-tasks.ts';
import { renderOutput } from './output.ts';
import { readsResults } from './reads-results.ts';
import { prepareRerun } from './rerun.ts';
import { mergedInto, type Run, scopeOf } from './run.ts';
import {
  hasActive,
  isOver,
  lastEntries,
  logError,
  newState,
  type RunState,
  readyTasks,
  stage,
  stagedTask,
  type TaskEntry,
} from './run-state.ts';
import { type End, settle } from './settle.ts';
import { startTask } from './start-task.ts';

export type OrquestaRun = {
  /** From `readOrquesta`. */
  readonly definition: OrquestaDefinition;
  /** Parameters of the workflow's action, with defaults and casts done. */
  readonly input: JsonObject;
  /** What `ctx()` shows beside them: `{ st2: { action_execution_id, user, pack, workflow_execution_id, … } }`. */
  readonly context: JsonObject;
  readonly evaluator: WorkflowEvaluator;
  /** That of an earlier conductor of the same run, which this one takes over. */
  readonly state?: JsonObject;
};

/**
 * Conducts a workflow as orquesta does. Decisions are made one at a time, in the order they were asked for. One that is
 * rejected (the app is stopping) was not made: the run goes on from the state that was kept before it.
 */
export function orquestaConductor(run: OrquestaRun): Conductor {
  return new OrquestaConductor(run);
}

/** Tasks without an action that may follow each other within one decision: a loop of them would never end. */
const MAX_INSTANT = 1000;

class OrquestaConductor implements Conductor {
  readonly #input: JsonObject;
  readonly #context: JsonObject;
  readonly #run: Run;
  #turn: Promise<unknown> = Promise.resolve();

  constructor({ definition, input, context, evaluator, state }: OrquestaRun) {
    this.#input = input;
    this.#context = context;
    this.#run = {
      definition,
      paths: new Paths(definition),
      evaluator: forgiving(evaluator),
      // Only ever written by this class.
      state: (state as unknown as RunState | undefined) ?? newState(),
      keepsResults: readsResults(definition, input),
    };
  }

  get state(): JsonObject {
    return this.#run.state as unknown as JsonObject;
  }

  begin(): Promise<Decision> {
    return this.#inTurn(() => (this.#run.state.contexts.length > 0 ? this.#decide() : this.#start()));
  }

  onEnd(end: TaskEnd): Promise<Decision> {
    return this.#inTurn(async () => {
      const { state } = this.#run;
      const asked = state.asked[end.key];
      const entry = asked && state.entries[asked.entry];
      if (!entry) return this.#decision([]);
      const waited = isWaiting(this.#run, entry, asked.item);
      if (end.status === 'pending' && waited) return this.#decision([]);
      if (end.status !== 'pending') delete state.asked[end.key];
      noteExecution(entry, end);
      await settle(this.#run, entry, asked.item, end);
      if (waited && !state.held) this.#goOn();
      return this.#decide();
    });
  }

  pause(): Promise<Decision> {
    return this.#inTurn(async () => {
      const { state } = this.#run;
      if (!isOver(state.status) && state.status !== 'canceling') {
        state.held = true;
        if (state.status === 'running') state.status = hasActive(state) ? 'pausing' : 'paused';
      }
      return this.#decide();
    });
  }

  resume(): Promise<Decision> {
    return this.#inTurn(async () => {
      this.#run.state.held = false;
      this.#goOn();
      return this.#decide();
    });
  }

  cancel(): Promise<Decision> {
    return this.#inTurn(async () => {
      const { state } = this.#run;
      if (!isOver(state.status)) state.status = hasActive(state) ? 'canceling' : 'canceled';
      return this.#decide();
    });
  }

  rerun(tasks: readonly string[] | undefined, reset: boolean): Promise<Decision> {
    return this.#inTurn(async () => {
      const { state } = this.#run;
      // Nothing of it ran, so it is begun again: what its input or its first tasks could not read may be there now.
      if (isOver(state.status) && state.entries.length === 0 && !tasks?.length) {
        Object.assign(state, newState());
        return this.#start();
      }
      prepareRerun(this.#run, tasks, reset);
      return this.#decide();
    });
  }

  #inTurn(work: () => Promise<Decision>): Promise<Decision> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async #start(): Promise<Decision> {
    const { state, paths } = this.#run;
    await this.#declare();
    if (state.status === 'failed') return this.#decision([]);
    for (const id of paths.starts) stage(state, { id, route: 0 });
    return this.#decide();
  }

  /** Input and variables, each seeing those before it. */
  async #declare(): Promise<void> {
    const { definition, evaluator, state } = this.#run;
    const given = definition.input.map(
      ([name, value]) => [name, Object.hasOwn(this.#input, name) ? (this.#input[name] ?? null) : value] as const,
    );
    const [done] = await evaluator.evaluate(
      [{ assign: [...given, ...definition.vars] }],
      scopeOf(this.#run, this.#context),
    );
    state.contexts.push(mergedInto(this.#context, Object.fromEntries(done?.assigned ?? [])));
    for (const error of done?.errors ?? []) {
      logError(state, { message: textOf(error) });
      state.status = 'failed';
    }
  }

  #goOn(): void {
    const { state } = this.#run;
    if (state.status !== 'paused' && state.status !== 'pausing') return;
    const isDone = !hasActive(state) && readyTasks(state).length === 0 && !lastEntries(state).some(isStopped);
    state.status = isDone ? 'succeeded' : 'running';
  }

  async #decide(): Promise<Decision> {
    const runs: TaskRun[] = [];
    await renderOutput(this.#run);
    for (let instant = 0; ; ) {
      const next = await nextTasks(this.#run);
      await renderOutput(this.#run);
      const started = next.map((task) => startTask(this.#run.state, task, runs));
      const done = started.filter((entry) => entry !== undefined);
      instant += done.length;
      if (instant > MAX_INSTANT) this.#giveUp();
      for (const entry of done) {
        await settle(this.#run, entry, null, INSTANT);
        await renderOutput(this.#run);
      }
      if (done.length === 0) break;
    }
    const { state } = this.#run;
    const isIdle = state.status === 'running' && !hasActive(state);
    if (isIdle && lastEntries(state).some(isStopped)) state.status = 'paused';
    return this.#decision(runs);
  }

  #giveUp(): void {
    const message = `WorkflowLoopError: more than ${MAX_INSTANT} tasks without an action follow each other`;
    logError(this.#run.state, { message });
    this.#run.state.status = 'failed';
    this.#run.state.staged = [];
  }

  #decision(run: readonly TaskRun[]): Decision {
    const { state } = this.#run;
    // It has failed for certain, but it is over only with what still runs.
    const isEnding = isOver(state.status) && hasActive(state);
    if (!isOver(state.status) || isEnding) return { run, status: isEnding ? 'running' : state.status };
    const errors = state.status === 'failed' ? { errors: state.errors as unknown as JsonObject[] } : {};
    return { run, status: state.status, result: { output: state.output, ...errors } };
  }
}

const INSTANT: End = { status: 'succeeded', result: null };

/** Neither running nor ended: it waits for a person, or its items for the workflow to go on. */
function isStopped({ status }: TaskEntry): boolean {
  return status === 'pending' || status === 'paused';
}

function isWaiting(run: Run, entry: TaskEntry, item: number | null): boolean {
  if (item === null) return entry.status === 'pending';
  return stagedTask(run.state, entry.id, entry.route)?.items?.states[item] === 'pending';
}

function noteExecution(entry: TaskEntry, { execution, createdAt, endedAt }: TaskEnd): void {
  entry.execution = execution;
  entry.createdAt = createdAt ?? null;
  entry.endedAt = endedAt ?? null;
}
