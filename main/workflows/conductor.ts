import type { Json, JsonObject } from '../contract/json.ts';

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
};

export type Decision = {
  readonly run: readonly TaskRun[];
  readonly status: WorkflowStatus;
  /** Once the workflow is over: what it gives, in StackStorm's shape (`{ output, errors? }` for orquesta, `{ tasks, … }` for a chain). */
  readonly result?: JsonObject;
};

export type WorkflowStatus = 'running' | 'pausing' | 'paused' | 'canceling' | 'canceled' | 'succeeded' | 'failed';
