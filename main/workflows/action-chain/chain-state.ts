import type { Json, JsonObject } from '../../contract/json.ts';
import type { Decision, TaskEnd, WorkflowStatus } from '../conductor.ts';

/** All that a chain's conductor knows: plain data, replaced and never changed. */
export type ChainState = {
  /** As rendered at its begin and published since. */
  readonly vars: JsonObject;
  readonly published: JsonObject;
  /** In the order in which they ended. */
  readonly tasks: readonly EndedTask[];
  /** What runs. `waits`: for a person's answer. */
  readonly asked: { readonly key: string; readonly task: string; readonly waits: boolean } | null;
  /** What would run now, were it not held. */
  readonly next: string | null;
  readonly hold: 'pause' | 'cancel' | null;
  /** How many were asked for, so that no two share a key. */
  readonly count: number;
  readonly over: ChainEnd | null;
};

/** StackStorm's record of a task, with its keys. */
export type EndedTask = {
  readonly id: string;
  readonly name: string;
  readonly execution_id: string;
  readonly liveaction_id: string;
  readonly workflow: null;
  readonly created_at: string | null;
  readonly updated_at: string | null;
  readonly state: Exclude<TaskEnd['status'], 'pending'>;
  readonly result: Json;
};

export type ChainEnd = {
  readonly status: 'succeeded' | 'failed' | 'timeout' | 'canceled';
  /** The task at which something beside its own execution went wrong. */
  readonly task?: string;
  readonly error?: string;
  readonly traceback?: string;
};

export const NEW_CHAIN: ChainState = {
  vars: {},
  published: {},
  tasks: [],
  asked: null,
  next: null,
  hold: null,
  count: 0,
  over: null,
};

/** It is as plain as JSON; its type says more. */
export function chainStateOf(state: JsonObject): ChainState {
  return state as unknown as ChainState;
}

export function statusOf({ over, hold, asked }: ChainState): WorkflowStatus {
  if (over) return over.status;
  if (hold === 'cancel') return 'canceling';
  const waits = asked === null || asked.waits;
  if (hold === 'pause') return waits ? 'paused' : 'pausing';
  return asked?.waits ? 'paused' : 'running';
}

/** How a chain ends of which this was the last task. */
export function endAfter({ tasks }: ChainState): ChainEnd {
  const state = tasks.at(-1)?.state ?? 'succeeded';
  return { status: state === 'abandoned' ? 'failed' : state };
}

export function decisionOf(state: ChainState, run: Decision['run'], showPublished: boolean): Decision {
  const status = statusOf(state);
  return state.over ? { run, status, result: resultOf(state, state.over, showPublished) } : { run, status };
}

function resultOf(
  { tasks, published }: ChainState,
  { error, traceback }: ChainEnd,
  showPublished: boolean,
): JsonObject {
  return {
    tasks: [...tasks],
    ...(showPublished && { published }),
    ...(error !== undefined && { error }),
    ...(traceback !== undefined && { traceback }),
  };
}
