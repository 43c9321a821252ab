import { type Checked, type Fault, StormletError } from '../contract/errors.ts';
import type { Json, JsonObject } from '../contract/json.ts';
import type { WorkflowGraph } from '../contract/workflows.ts';

/**
 * What decides which tasks of a workflow run next, from its definition and what has ended so far. It starts nothing and reads
 * no clock: who hosts it writes `state` to disk after each decision, and only then starts what the decision asks for. A
 * conductor that is built again from that state after a crash decides as the first one would have.
 */
export interface Conductor {
  /** All that it knows beside its definition and input. */
  readonly state: JsonObject;
  begin(): Promise<Decision>;
  /** A task's execution has ended. Told twice of the same end, it decides nothing. */
  onEnd(end: TaskEnd): Promise<Decision>;
  /** Nothing new is asked for until `resume`; what was asked for runs to its end. */
  pause(): Promise<Decision>;
  resume(): Promise<Decision>;
  /** Nothing new is asked for; it is over once what runs has ended. */
  cancel(): Promise<Decision>;
  /** After it was over: goes on from its failed tasks, or from the named ones. `reset`: a task with items runs all of them again. */
  rerun(tasks: readonly string[] | undefined, reset: boolean): Promise<Decision>;
}

/** One execution that a workflow asks for. */
export type TaskRun = {
  /** Unique within the workflow's run: names the task, its route, its item and its try. */
  readonly key: string;
  /** As the definition calls it. */
  readonly task: string;
  /** Of a task with items: which one, from 0. */
  readonly item?: number;
  readonly action: string;
  readonly parameters: JsonObject;
  /** Seconds until it is asked for. */
  readonly delay?: number;
  /** What the task says about notices, in StackStorm's `notify` form. */
  readonly notify?: JsonObject;
};

export type TaskEnd = {
  readonly key: string;
  readonly execution: string;
  /** `pending` is no end: it tells that a question waits for a person, so that the workflow may pause. */
  readonly status: 'succeeded' | 'failed' | 'timeout' | 'abandoned' | 'canceled' | 'pending';
  /** The runner's output object in StackStorm's shape. */
  readonly result: Json;
  /** When it was asked for, began and ended, as its record says: ISO 8601, UTC. */
  readonly createdAt?: string | undefined;
  readonly startedAt?: string | undefined;
  readonly endedAt?: string | undefined;
};

export type Decision = {
  readonly run: readonly TaskRun[];
  readonly status: WorkflowStatus;
  /** Once the workflow is over: what it gives, in StackStorm's shape (`{ output, errors? }` for orquesta, `{ tasks, … }` for a chain). */
  readonly result?: JsonObject;
};

export type WorkflowStatus =
  | 'running'
  | 'pausing'
  | 'paused'
  | 'canceling'
  | 'canceled'
  | 'succeeded'
  | 'failed'
  /** A chain ends as its last task did. */
  | 'timeout';

/** A definition as it was when its workflow began: an edit of the file changes no workflow that runs. */
export type WorkflowSource = { readonly file: string; readonly text: string };

/** All that a conductor is made of. */
export type WorkflowSetting = {
  readonly source: WorkflowSource;
  /** The action's own parameters, defaults in, unmasked. */
  readonly input: JsonObject;
  /** The runner's parameters, such as `skip_notify`. */
  readonly runnerParameters: JsonObject;
  /** The configuration of the workflow's pack. */
  readonly config: JsonObject;
  readonly about: WorkflowAbout;
  /** What an earlier conductor of the same workflow left; undefined for one that has not begun. */
  readonly state: JsonObject | undefined;
};

/** What a workflow's expressions may know of its own execution. */
export type WorkflowAbout = {
  readonly execution: string;
  readonly action: string;
  readonly pack: string;
  readonly runner: string;
  readonly user: string;
  readonly rule?: string | undefined;
  readonly triggerInstance?: string | undefined;
  /** The execution of the workflow that it is a task of. */
  readonly parent?: string | undefined;
  readonly notify?: JsonObject | undefined;
};

/** A kind of workflow. */
export interface WorkflowLanguage {
  /** StackStorm's `runner_type`. */
  readonly runner: string;
  /** All that is wrong with a definition, with file and line, and its picture where it can be drawn. */
  examine(source: WorkflowSource): Promise<Checked<WorkflowGraph>>;
  /** Throws `WorkflowRefused` for a definition that cannot run. */
  open(setting: WorkflowSetting): Promise<Conductor>;
}

/** A workflow that could not even begin. `result` is what it gives all the same, in StackStorm's shape. */
export class WorkflowRefused extends StormletError {
  readonly result: JsonObject;

  constructor(fault: Fault, result: JsonObject) {
    super(fault);
    this.result = result;
  }
}
