import type { Json, JsonObject } from '../../contract/json.ts';
import type { TaskEnd, WorkflowStatus } from '../conductor.ts';

/** All that a conductor knows beside its definition. Plain JSON. */
export type RunState = {
  /** `failed` as soon as that is certain, although tasks may still run. */
  status: WorkflowStatus;
  /** A person paused it, so an answered question does not let it go on. */
  held: boolean;
  /** The first is what the run began with, each further one what a transition published. */
  contexts: JsonObject[];
  /** Which transitions led to where branches that were never joined are now. */
  routes: string[][];
  /** Every start of a task, in order. */
  entries: TaskEntry[];
  /** Where in `entries` the last start of a task on its route is. */
  last: { [task: string]: number };
  staged: StagedTask[];
  /** What was asked for and has not ended. */
  asked: { [key: string]: Asked };
  errors: WorkflowError[];
  output: JsonObject | null;
};

export type TaskStatus =
  | 'waiting'
  | 'running'
  | 'pending'
  | 'paused'
  | 'retrying'
  | 'canceling'
  | 'succeeded'
  | 'failed'
  | 'canceled';

export type TaskEntry = {
  readonly id: string;
  readonly route: number;
  status: TaskStatus;
  /** Indexes of the contexts that make up what it sees. */
  readonly contexts: number[];
  /** The transitions that led to it, and which entry each came from. */
  readonly prev: { [transition: string]: number };
  /** Which of the transitions that leave it held. */
  next: { [transition: string]: boolean };
  /** Nothing follows it: what it sees goes into the output. */
  isTerminal: boolean;
  /** How often it was asked for; a retry is the same entry. */
  tries: number;
  retry: { readonly count: number; readonly delay: number; tally: number } | null;
  /** The last execution, and what was told of its end. */
  execution: string | null;
  ended: TaskEnd['status'] | null;
  createdAt: string | null;
  endedAt: string | null;
  /** Kept where the definition reads results of earlier tasks. */
  result: Json;
  items: (ItemEnd | null)[] | null;
};

export type ItemEnd = { readonly result: Json; readonly status: string };

export type StagedTask = {
  readonly id: string;
  readonly route: number;
  contexts: number[];
  prev: { [transition: string]: number };
  /** A join is not, before enough branches have come. */
  isReady: boolean;
  /** All of its items ended, and one failed: kept for a rerun. */
  isCompleted: boolean;
  /** Runs although the workflow has failed, since the transition that led here also said `fail`. */
  runsOnFail: boolean;
  retryDelay: number | null;
  items: StagedItems | null;
  /** At a rerun: which of the items go on being done. */
  itemsBefore: ItemState[] | null;
};

export type StagedItems = {
  readonly states: ItemState[];
  /** What is asked for each; null once it was. */
  readonly calls: (Call | null)[];
  readonly concurrency: number | null;
  readonly delay: number;
};
export type ItemState = 'waiting' | 'running' | TaskEnd['status'];
export type Call = { readonly action: string; readonly parameters: JsonObject };

export type Asked = { readonly entry: number; readonly item: number | null };

/** In StackStorm's form. */
export type WorkflowError = {
  readonly type: 'error';
  readonly message: string;
  readonly task_id?: string;
  readonly route?: number;
  readonly task_transition_id?: string;
  readonly result?: Json;
};

export function newState(): RunState {
  return {
    status: 'running',
    held: false,
    contexts: [],
    routes: [[]],
    entries: [],
    last: {},
    staged: [],
    asked: {},
    errors: [],
    output: null,
  };
}

export function placeOf(id: string, route: number): string {
  return `${id}__r${route}`;
}

export function lastEntry(state: RunState, id: string, route: number): TaskEntry | undefined {
  const index = state.last[placeOf(id, route)];
  return index === undefined ? undefined : state.entries[index];
}

/** The last start of each task on each route. */
export function lastEntries(state: RunState): TaskEntry[] {
  return Object.values(state.last).map((index) => state.entries[index] as TaskEntry);
}

export function addEntry(state: RunState, from: Pick<StagedTask, 'id' | 'route' | 'contexts' | 'prev'>): TaskEntry {
  const entry: TaskEntry = {
    id: from.id,
    route: from.route,
    status: 'waiting',
    contexts: [...from.contexts],
    prev: { ...from.prev },
    next: {},
    isTerminal: false,
    tries: 0,
    retry: null,
    execution: null,
    ended: null,
    createdAt: null,
    endedAt: null,
    result: null,
    items: null,
  };
  state.last[placeOf(from.id, from.route)] = state.entries.push(entry) - 1;
  return entry;
}

export function stage(state: RunState, task: Pick<StagedTask, 'id' | 'route'> & Partial<StagedTask>): StagedTask {
  const staged: StagedTask = {
    contexts: [0],
    prev: {},
    isReady: true,
    isCompleted: false,
    runsOnFail: false,
    retryDelay: null,
    items: null,
    itemsBefore: null,
    ...task,
  };
  state.staged.push(staged);
  return staged;
}

export function stagedTask(state: RunState, id: string, route: number): StagedTask | undefined {
  return state.staged.find((task) => task.id === id && task.route === route);
}

export function unstage(state: RunState, id: string, route: number): void {
  const index = state.staged.findIndex((task) => task.id === id && task.route === route);
  if (index !== -1) state.staged.splice(index, 1);
}

export function readyTasks(state: RunState): StagedTask[] {
  return state.staged.filter((task) => task.isReady && !task.isCompleted);
}

export function isActive(entry: TaskEntry): boolean {
  return entry.status === 'running' || entry.status === 'canceling';
}

export function hasActive(state: RunState): boolean {
  return lastEntries(state).some(isActive);
}

export function hasEnded(status: TaskStatus): boolean {
  return status === 'succeeded' || status === 'failed' || status === 'canceled';
}

export function isOver(status: WorkflowStatus): boolean {
  return status === 'succeeded' || status === 'failed' || status === 'canceled';
}

/** One error is told once. */
export function logError(state: RunState, error: Omit<WorkflowError, 'type'>): void {
  const entry: WorkflowError = { type: 'error', ...error };
  const text = JSON.stringify(entry);
  if (!state.errors.some((known) => JSON.stringify(known) === text)) state.errors.push(entry);
}
