import type { Edge, Paths } from './graph.ts';
import type { Run } from './run.ts';
import { hasActive, lastEntry, type RunState, readyTasks, type StagedTask, type TaskEntry } from './run-state.ts';

/** A branch of its own for a task that is reached in several ways and joins nothing, unless that would never end. */
export function routeAlong(run: Run, edge: Edge, route: number): number {
  if (!run.paths.isSplit(edge.to) || run.paths.inCycle(edge.to)) return route;
  const passed = run.state.routes[route] ?? [];
  const name = transitionFrom(edge);
  if (passed.includes(name)) return route;
  return run.state.routes.push([...passed, name]) - 1;
}

/** How a transition is named by the task that it leaves. */
export function transitionTo({ to, key }: Edge): string {
  return `${to}__t${key}`;
}

/** How a transition is named by the task that it leads to. */
export function transitionFrom({ from, key }: Edge): string {
  return `${from}__t${key}`;
}

export type Inbound = 'satisfied' | 'open' | 'unsatisfied';

/** Whether enough branches have come to a task; `open` while more of them may still come. */
export function inboundOf(run: Run, task: string, route: number): Inbound {
  const branches = new Map<string, boolean | undefined>();
  for (const edge of run.paths.entering(task)) {
    const before = lastEntry(run.state, edge.from, route);
    const held = before && (before.next[transitionTo(edge)] ?? false);
    const known = branches.get(edge.from);
    branches.set(edge.from, known === true ? true : (held ?? known));
  }
  const came = [...branches.values()].filter((held) => held === true).length;
  if (came >= (run.paths.join(task) || 1)) return 'satisfied';
  const mayCome = [...branches.values()].includes(undefined);
  return mayCome && (hasActive(run.state) || readyTasks(run.state).length > 0) ? 'open' : 'unsatisfied';
}

/** Whether something follows a task that has ended. `continue` is nothing. */
export function hasNext(run: Run, entry: TaskEntry): boolean {
  return heldEdges(run.paths, entry).some((edge) => edge.to !== 'continue' && mayStart(run, edge, entry.route));
}

/** A failure that leads anywhere is forgiven, even where that is a join that never comes about. */
export function isForgiven(run: Run, entry: TaskEntry): boolean {
  return heldEdges(run.paths, entry).some((edge) => edge.to !== 'continue');
}

/** Joins that some branch has come to, and that no further one can complete. */
export function deadJoins(run: Run): StagedTask[] {
  return run.state.staged.filter(
    ({ id, route, isReady }) =>
      !isReady && run.paths.join(id) !== undefined && inboundOf(run, id, route) === 'unsatisfied',
  );
}

function heldEdges(paths: Paths, entry: TaskEntry): Edge[] {
  return paths.leaving(entry.id).filter((edge) => entry.next[transitionTo(edge)] === true);
}

function mayStart(run: Run, edge: Edge, route: number): boolean {
  return run.paths.join(edge.to) === undefined || inboundOf(run, edge.to, route) !== 'unsatisfied';
}

/** What followed an entry, directly and further on. */
export function followersOf(state: RunState, index: number): TaskEntry[] {
  const found = new Set([index]);
  for (const [number, entry] of state.entries.entries()) {
    if (Object.values(entry.prev).some((before) => found.has(before))) found.add(number);
  }
  return [...found].map((number) => state.entries[number] as TaskEntry);
}
