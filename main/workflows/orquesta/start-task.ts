import type { TaskRun } from '../conductor.ts';
import { startable } from './items.ts';
import type { NextTask } from './next-tasks.ts';
import {
  addEntry,
  type Call,
  hasEnded,
  type ItemEnd,
  lastEntry,
  type RunState,
  type StagedItems,
  type StagedTask,
  type TaskEntry,
  unstage,
} from './run-state.ts';

/** Adds what has to run of a task to `runs`. Gives the entry of one that there is nothing to run for: it has succeeded. */
export function startTask(state: RunState, next: NextTask, runs: TaskRun[]): TaskEntry | undefined {
  const { staged, call, delay, retry } = next;
  const { items } = staged;
  const indexes = items ? startable(items) : [];
  if (items && indexes.length === 0 && items.calls.length > 0) return undefined;
  const entry = entryFor(state, staged);
  if (retry) entry.retry ??= { ...retry, tally: 0 };
  entry.status = 'running';
  if (call) runs.push(ask(state, entry, null, call, delay));
  if (items) startItems(state, entry, items, indexes, runs);
  else unstage(state, staged.id, staged.route);
  return call || indexes.length > 0 ? undefined : entry;
}

/** The delay is that of the first ones: those after them have waited already. */
function startItems(
  state: RunState,
  entry: TaskEntry,
  { calls, states, concurrency, delay }: StagedItems,
  indexes: readonly number[],
  runs: TaskRun[],
): void {
  for (const index of indexes) {
    const call = calls[index];
    if (!call) continue;
    calls[index] = null;
    states[index] = 'running';
    const isFirst = concurrency === null || index < Math.max(1, concurrency);
    runs.push(ask(state, entry, index, call, isFirst ? delay : 0));
  }
}

/** A retry, and the next items, go on with the entry that there is. */
function entryFor(state: RunState, staged: StagedTask): TaskEntry {
  const before = lastEntry(state, staged.id, staged.route);
  const entry = before && !hasEnded(before.status) ? before : addEntry(state, staged);
  if (entry.status === 'waiting' || entry.status === 'retrying') entry.tries += 1;
  entry.items ??= staged.items?.states.map((_, at) => itemBefore(before, staged.items, at)) ?? null;
  return entry;
}

/** At a rerun the items that are done keep what they gave. */
function itemBefore(before: TaskEntry | undefined, items: StagedItems | null, at: number): ItemEnd | null {
  return items?.states[at] === 'waiting' ? null : (before?.items?.[at] ?? null);
}

function ask(state: RunState, entry: TaskEntry, item: number | null, call: Call, delay: number): TaskRun {
  const index = state.entries.lastIndexOf(entry);
  const key = [entry.id, entry.route, index, entry.tries, ...(item === null ? [] : [item])].join(':');
  state.asked[key] = { entry: index, item };
  return { key, task: entry.id, ...call, ...(item !== null && { item }), ...(delay > 0 && { delay }) };
}
