import { StormletError } from '../../contract/errors.ts';
import type { JsonObject } from '../../contract/json.ts';
import type { ExpressionRenderer } from '../../expressions/renderer.ts';
import type { Conductor, Decision, TaskEnd, TaskRun, WorkflowSetting } from '../conductor.ts';
import { type Chain, type ChainTask, taskOf } from './chain-file.ts';
import { type ChainEnd, type ChainState, chainStateOf, decisionOf, endAfter, NEW_CHAIN } from './chain-state.ts';
import { renderValues, ValueFailed } from './render-values.ts';

export type ChainDeps = {
  readonly renderer: ExpressionRenderer;
  /** The parameters as the action's types want them; undefined where no such action is loaded. Throws what cannot be cast. */
  cast(action: string, parameters: JsonObject): JsonObject | undefined;
};

/**
 * One task after another (ActionChainRunner in st2's action_chain_runner): each names who follows its success and its
 * failure, and the chain ends as the last one did.
 */
export class ChainConductor implements Conductor {
  readonly #chain: Chain;
  readonly #setting: WorkflowSetting;
  readonly #deps: ChainDeps;
  #state: ChainState;

  constructor(chain: Chain, setting: WorkflowSetting, deps: ChainDeps) {
    this.#chain = chain;
    this.#setting = setting;
    this.#deps = deps;
    this.#state = setting.state ? chainStateOf(setting.state) : NEW_CHAIN;
  }

  get state(): JsonObject {
    return this.#state as unknown as JsonObject;
  }

  async begin(): Promise<Decision> {
    const context = { ...this.#setting.input, action_context: aboutParent(this.#setting) };
    try {
      this.#set({ vars: await renderValues(this.#chain.vars, context, this.#deps.renderer) });
    } catch (error) {
      return this.#fail('Failed initializing ``vars`` in chain.', error, undefined);
    }
    return this.#goOn(this.#chain.start);
  }

  async onEnd(end: TaskEnd): Promise<Decision> {
    const { asked } = this.#state;
    if (asked?.key !== end.key) return this.#decide();
    if (end.status === 'pending') {
      this.#set({ asked: { ...asked, waits: true } });
      return this.#decide();
    }
    const task = taskOf(this.#chain, asked.task);
    this.#set({ asked: null, tasks: [...this.#state.tasks, endedTask(asked.task, end, end.status)] });
    if (end.status === 'canceled' || !task) return this.#end({ status: 'canceled' });
    try {
      await this.#publish(task, end);
    } catch (error) {
      return this.#fail(renderingFailed('publish', task, error), undefined, task);
    }
    return this.#goOn(end.status === 'succeeded' ? task.onSuccess : task.onFailure);
  }

  async pause(): Promise<Decision> {
    if (!this.#state.over && this.#state.hold === null) this.#set({ hold: 'pause' });
    return this.#decide();
  }

  async resume(): Promise<Decision> {
    const { over, hold, asked, next } = this.#state;
    if (over || hold !== 'pause') return this.#decide();
    this.#set({ hold: null });
    if (asked) return this.#decide();
    this.#set({ next: null });
    return this.#goOn(next ?? undefined);
  }

  async cancel(): Promise<Decision> {
    if (this.#state.over) return this.#decide();
    this.#set({ hold: 'cancel' });
    return this.#state.asked ? this.#decide() : this.#end({ status: 'canceled' });
  }

  async rerun(tasks: readonly string[] | undefined): Promise<Decision> {
    const { over, tasks: ended } = this.#state;
    if (!over) throw notOver();
    const from = onlyOne(tasks) ?? over.task ?? ended.at(-1)?.name ?? this.#chain.start;
    const last = ended.findLastIndex(({ name }) => name === from);
    // One that could not even be asked for has no record.
    if (last < 0 && from !== (over.task ?? this.#chain.start)) throw neverRan(from, ended);
    this.#set({ tasks: last < 0 ? ended : ended.slice(0, last), hold: null, over: null });
    return this.#goOn(from);
  }

  async #goOn(name: string | undefined): Promise<Decision> {
    const task = taskOf(this.#chain, name);
    if (this.#state.hold === 'cancel') return this.#end({ status: 'canceled' });
    if (!task) return this.#end(endAfter(this.#state));
    if (this.#state.hold === 'pause') {
      this.#set({ next: task.name });
      return this.#decide();
    }
    try {
      const parameters = await renderValues(task.parameters, this.#context(), this.#deps.renderer);
      const cast = this.#deps.cast(task.ref, parameters);
      if (cast) return this.#ask(task, cast);
      const why = `Task :: ${task.name} - Action with ref ${task.ref} not registered.`;
      const what = `Failed to run task "${task.name}". Action with reference "${task.ref}" doesn't exist.`;
      return this.#fail(what, why, task);
    } catch (error) {
      const why = error instanceof ValueFailed ? renderingFailed('action', task, error) : error;
      return this.#fail(`Failed to run task "${task.name}". Parameter rendering failed.`, why, task);
    }
  }

  #ask(task: ChainTask, parameters: JsonObject): Decision {
    const count = this.#state.count + 1;
    const key = `${task.name}.${count}`;
    this.#set({ asked: { key, task: task.name, waits: false }, count });
    const notify = this.#notifyOf(task);
    const run: TaskRun = { key, task: task.name, action: task.ref, parameters, ...(notify && { notify }) };
    return this.#decide([run]);
  }

  #notifyOf(task: ChainTask): JsonObject | undefined {
    const { skip_notify: skipped } = this.#setting.runnerParameters;
    if (Array.isArray(skipped) && skipped.includes(task.name)) return undefined;
    return task.notify ?? this.#setting.about.notify;
  }

  async #publish(task: ChainTask, { result }: TaskEnd): Promise<void> {
    if (Object.keys(task.publish).length === 0) return;
    const results = this.#results();
    const context = {
      ...this.#setting.input,
      [task.name]: result,
      ...results,
      ...this.#state.vars,
      __results: results,
    };
    const published = await renderValues(task.publish, context, this.#deps.renderer);
    this.#set({
      vars: { ...this.#state.vars, ...published },
      published: { ...this.#state.published, ...published },
    });
  }

  /** What a task's parameters may read. The datastore needs no value here: the renderer has it. */
  #context(): JsonObject {
    const results = this.#results();
    return {
      ...this.#setting.input,
      ...results,
      ...this.#state.vars,
      __results: results,
      action_context: { parent: aboutParent(this.#setting) },
      config_context: this.#setting.config,
    };
  }

  /** The last result of each task, by its name. */
  #results(): JsonObject {
    return Object.fromEntries(this.#state.tasks.map(({ name, result }) => [name, result]));
  }

  #fail(what: string, why: unknown, task: ChainTask | undefined): Decision {
    const reason = why instanceof Error ? why.message : why;
    const place = `File "${this.#chain.file}", ${task ? `line ${task.line}, in task "${task.name}"` : 'in `vars`'}`;
    return this.#end({
      status: 'failed',
      ...(task && { task: task.name }),
      error: reason === undefined ? what : `${what} ${reason}`,
      traceback: place,
    });
  }

  #end(over: ChainEnd): Decision {
    this.#set({ over, next: null });
    return this.#decide();
  }

  #decide(run: readonly TaskRun[] = []): Decision {
    return decisionOf(this.#state, run, this.#setting.runnerParameters.display_published !== false);
  }

  #set(change: Partial<ChainState>): void {
    this.#state = { ...this.#state, ...change };
  }
}

function endedTask(name: string, end: TaskEnd, state: Exclude<TaskEnd['status'], 'pending'>) {
  return {
    id: name,
    name,
    execution_id: end.execution,
    liveaction_id: end.execution,
    workflow: null,
    created_at: end.createdAt ?? null,
    updated_at: end.endedAt ?? null,
    state,
    result: end.result,
  };
}

/** StackStorm's words. */
function renderingFailed(what: 'action' | 'publish', task: ChainTask, error: unknown): string {
  if (!(error instanceof ValueFailed)) return error instanceof Error ? error.message : String(error);
  const where = `${what} parameter "${error.key}" in task "${task.name}"`;
  return `Failed rendering value for ${where} (template string=${error.template}): ${error.message}`;
}

/** The chain's own context, as its tasks see it. */
function aboutParent({ about }: WorkflowSetting): JsonObject {
  return {
    execution_id: about.execution,
    action: about.action,
    pack: about.pack,
    user: about.user,
    ...(about.rule !== undefined && { rule: { id: about.rule } }),
    ...(about.triggerInstance !== undefined && { trigger_instance: { id: about.triggerInstance } }),
    ...(about.parent !== undefined && { parent: { execution_id: about.parent } }),
  };
}

function onlyOne(tasks: readonly string[] | undefined): string | undefined {
  if (tasks === undefined || tasks.length <= 1) return tasks?.[0];
  const message = 'an action chain runs one task at a time, so it goes on from one task only';
  throw new StormletError({ code: 'workflow/rerun-refused', kind: 'user', message });
}

function notOver(): StormletError {
  const message = 'the workflow is not over';
  return new StormletError({ code: 'workflow/rerun-refused', kind: 'user', message, hint: 'cancel it first' });
}

function neverRan(name: string | undefined, ended: ChainState['tasks']): StormletError {
  const names = [...new Set(ended.map((task) => `\`${task.name}\``))].join(', ');
  return new StormletError({
    code: 'workflow/rerun-refused',
    kind: 'user',
    message: `no task \`${name}\` has run`,
    hint: names === '' ? 'none has' : `those that ran: ${names}`,
  });
}
