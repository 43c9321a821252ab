import type { Json } from '../../contract/json.ts';
import type { TaskEnd, WorkflowStatus } from '../conductor.ts';
import type { ItemState, StagedItems, TaskStatus } from './run-state.ts';

/** `x, y in <% … %>`: the names, and the expression that gives the list. */
export function readItems(items: string): { readonly names: readonly string[]; readonly list: string } {
  const at = items.indexOf(' in ');
  if (at === -1) return { names: [], list: items.trim() };
  return { names: items.slice(0, at).replaceAll(' ', '').split(','), list: items.slice(at + 4).trim() };
}

/** What `item()` is: named parts where the workflow gave names. */
export function namedItem(names: readonly string[], item: Json): Json {
  const [first] = names;
  if (first === undefined) return item;
  if (Array.isArray(item))
    return Object.fromEntries(names.slice(0, item.length).map((name, at) => [name, item[at] ?? null]));
  return names.length === 1 ? { [first]: item } : item;
}

/** Which items may start now. */
export function startable({ states, concurrency }: StagedItems): number[] {
  const waiting = [...states.keys()].filter((index) => states[index] === 'waiting');
  if (concurrency === null) return waiting;
  const running = states.filter((state) => state === 'running').length;
  return waiting.slice(0, Math.max(0, Math.max(1, concurrency) - running));
}

/** The status of a task with items after one of them has ended or waits for a person. */
export function statusOfItems(
  items: StagedItems,
  index: number,
  end: TaskEnd['status'],
  workflow: WorkflowStatus,
): TaskStatus {
  const others = items.states.filter((_, at) => at !== index);
  if (others.includes('running')) return end === 'canceled' || workflow === 'canceling' ? 'canceling' : 'running';
  const isComplete = others.every((state) => ENDED.includes(state));
  if (workflow === 'canceling')
    return end === 'succeeded' && isComplete && !others.some(isFault) ? 'succeeded' : 'canceled';
  if (end === 'canceled') return 'canceled';
  if (FAILED.includes(end)) return others.includes('canceled') ? 'canceled' : 'failed';
  if (others.includes('pending')) return 'paused';
  if (others.includes('canceled')) return 'canceled';
  if (others.some((state) => FAILED.includes(state))) return 'failed';
  if (end === 'pending') return 'paused';
  if (isComplete) return 'succeeded';
  return workflow === 'running' ? 'running' : 'paused';
}

const FAILED: readonly ItemState[] = ['failed', 'timeout', 'abandoned'];
const ENDED: readonly ItemState[] = [...FAILED, 'succeeded', 'canceled'];

function isFault(state: ItemState): boolean {
  return FAILED.includes(state) || state === 'canceled';
}

/** Items that failed wait again; with `reset`, all of them. */
export function waitAgain(states: ItemState[], reset: boolean): void {
  for (const [index, state] of states.entries()) if (reset || isFault(state)) states[index] = 'waiting';
}
