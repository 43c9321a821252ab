import { readFile } from 'node:fs/promises';
import { StormletError } from '../contract/errors.ts';
import { type Execution, type ExecutionContext, isCompleted } from '../contract/executions.ts';
import type { JsonObject } from '../contract/json.ts';
import { isoTime } from '../kit/clock.ts';
import { newId } from '../kit/new-id.ts';
import type { KeptWorkflow } from '../store/workflow-table.ts';
import type { WorkflowAbout, WorkflowLanguage, WorkflowSetting } from './conductor.ts';
import { type NewTask, type WorkflowOutcome, WorkflowRun, type WorkflowRunDeps } from './workflow-run.ts';

/**
 * Runs workflows by what their conductors decide. It starts no action itself: a task is an execution like any other, and
 * its end comes back here.
 */
export type WorkflowHostDeps = Omit<WorkflowRunDeps, 'open' | 'pause' | 'resume'> & {
  readonly languages: ReadonlyMap<string, WorkflowLanguage>;
};

/** A workflow whose turn has come. */
export type WorkflowJob = {
  readonly execution: string;
  readonly runner: string;
  readonly pack: string;
  readonly entryPoint: string | undefined;
  readonly input: JsonObject;
  readonly runnerParameters: JsonObject;
  readonly config: JsonObject;
  /** What the action itself says about notices. */
  readonly notify?: JsonObject | undefined;
};

export type WorkflowRerun = {
  readonly id: string;
  /** None: those that failed. */
  readonly tasks: readonly string[];
  readonly reset: boolean;
};

/** The one user there is. */
const USER = 'stormlet';

export class WorkflowHost implements Disposable {
  readonly #deps: WorkflowHostDeps;
  readonly #runs = new Map<string, WorkflowRun>();
  readonly #settings = new Map<string, WorkflowSetting>();
  #closed = false;

  constructor(deps: WorkflowHostDeps) {
    this.#deps = deps;
  }

  /** Resolves when it is over, and never when the app ends before. What an earlier start of the app began goes on. */
  async run(job: WorkflowJob, signal: AbortSignal): Promise<WorkflowOutcome> {
    const kept = this.#deps.workflows.get(job.execution);
    const setting = await this.#settingOf(job, kept);
    if (this.#closed) return new Promise<never>(() => {});
    const run = new WorkflowRun(this.#runDeps(job.runner), setting, kept);
    this.#settings.set(job.execution, setting);
    this.#runs.set(job.execution, run);
    try {
      return await run.run(signal);
    } finally {
      this.#runs.delete(job.execution);
      this.#settings.delete(job.execution);
    }
  }

  /** What a workflow was given, unmasked. Undefined for one that has not begun. */
  given(id: string): JsonObject | undefined {
    const given = this.#settings.get(id) ?? this.#deps.workflows.get(id);
    return given && { ...given.runnerParameters, ...given.input };
  }

  /** Told of every change of any execution. */
  follow(execution: Execution): void {
    const { parent } = execution.context;
    if (parent !== undefined) this.#runs.get(parent)?.follow(execution);
  }

  /** Lets run what runs, and starts nothing new. */
  pause(id: string): Execution {
    return this.#runs.get(id)?.pause() ?? this.#refuse(id, 'paused', 'only a workflow that runs can be');
  }

  resume(id: string): Execution {
    return this.#runs.get(id)?.resume() ?? this.#refuse(id, 'resumed', 'only a workflow that is paused can be');
  }

  /** A new execution that goes on from where an earlier one was over; it has to be enqueued. */
  async rerun({ id, tasks, reset }: WorkflowRerun, source: ExecutionContext['source']): Promise<NewTask> {
    const old = this.#deps.executions.get(id);
    const kept = this.#deps.workflows.get(id);
    if (!old || !kept || !isCompleted(old.status)) {
      this.#refuse(id, 'run on from a task', 'only a workflow that is over can be');
    }
    const { action, runner, parameters } = old;
    const execution: Execution = {
      id: newId(),
      action,
      runner,
      status: 'requested',
      parameters,
      context: { source, rerunOf: id, ...(old.context.notify && { notify: old.context.notify }) },
      createdAt: isoTime(this.#deps.clock),
      steps: [],
    };
    const rerun = { tasks: [...tasks], reset };
    await this.#tryOut(execution, kept, rerun);
    const task = { execution, parameters: { ...kept.runnerParameters, ...kept.input } };
    await this.#deps.groupCommit.run(() => {
      this.#deps.record(task);
      this.#deps.workflows.insert(execution.id, { ...kept, held: false, outcome: undefined, rerun });
    });
    return task;
  }

  /** Workflows that run are on disk, and go on at the next start. */
  [Symbol.dispose](): void {
    this.#closed = true;
    for (const run of this.#runs.values()) run.close();
    this.#runs.clear();
  }

  /** Throws what is wrong with it, before there is an execution. */
  async #tryOut(execution: Execution, kept: KeptWorkflow, rerun: Omit<WorkflowRerun, 'id'>): Promise<void> {
    const about = aboutOf(execution);
    // What it makes of the state is thrown away.
    const setting = { ...settingOfKept(kept), state: structuredClone(kept.state), config: {}, about };
    const conductor = await this.#languageOf(execution.runner).open(setting);
    await conductor.rerun(rerun.tasks.length > 0 ? rerun.tasks : undefined, rerun.reset);
  }

  async #settingOf(job: WorkflowJob, kept: KeptWorkflow | undefined): Promise<WorkflowSetting> {
    const execution = this.#deps.executions.get(job.execution);
    if (!execution) throw unknown(job.execution);
    const about = aboutOf(execution);
    const common = { config: job.config, about: { ...about, notify: about.notify ?? job.notify } };
    if (kept) return { ...settingOfKept(kept), ...common };
    const file = job.entryPoint ?? '';
    const source = { file, text: await readDefinition(file) };
    return { source, input: job.input, runnerParameters: job.runnerParameters, state: undefined, ...common };
  }

  #runDeps(runner: string): WorkflowRunDeps {
    return {
      ...this.#deps,
      open: (setting) => this.#languageOf(runner).open(setting),
      // One that waits for its turn, or is over, is left as it is.
      pause: (id) => void this.#runs.get(id)?.pause(),
      resume: (id) => void this.#runs.get(id)?.resume(),
    };
  }

  #languageOf(runner: string): WorkflowLanguage {
    const language = this.#deps.languages.get(runner);
    if (language) return language;
    const message = `there are no workflows of the kind \`${runner}\``;
    throw new StormletError({ code: 'workflow/language-unknown', kind: 'engine', message });
  }

  #refuse(id: string, what: string, hint: string): never {
    const execution = this.#deps.executions.get(id);
    if (!execution) throw unknown(id);
    const message = `the execution \`${id}\` cannot be ${what}: it is ${execution.status}, by the runner \`${execution.runner}\``;
    throw new StormletError({ code: 'workflow/wrong-status', kind: 'user', message, hint });
  }
}

function settingOfKept({ definition, input, runnerParameters, state }: KeptWorkflow) {
  return { source: definition, input, runnerParameters, state };
}

function aboutOf({ id, action, runner, context }: Execution): WorkflowAbout {
  return {
    execution: id,
    action,
    pack: action.slice(0, action.indexOf('.')),
    runner,
    user: USER,
    rule: context.rule,
    triggerInstance: context.triggerInstance,
    parent: context.parent,
    notify: context.notify as JsonObject | undefined,
  };
}

async function readDefinition(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const message = `the workflow cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    throw new StormletError({ code: 'workflow/unreadable', kind: 'pack', message });
  }
}

function unknown(id: string): StormletError {
  return new StormletError({
    code: 'execution/unknown',
    kind: 'user',
    message: `there is no execution \`${id}\``,
  });
}
