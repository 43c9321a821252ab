import type { Json } from '../../contract/json.ts';
import type { Done, Scope } from '../../expressions/workflow-evaluator.ts';
import { isEngineCommand } from './definition.ts';
import type { Edge } from './graph.ts';
import { textOf } from './next-tasks.ts';
import { inboundOf, routeAlong, transitionFrom, transitionTo } from './routes.ts';
import { compacted, type Run, taskOf } from './run.ts';
import { logError, type StagedTask, stage, stagedTask, type TaskEntry } from './run-state.ts';

/**
 * A task has ended: stages what its transitions lead to, each with what was published on the way, and gives the engine
 * commands among it. All transitions are evaluated in one call.
 */
export async function takeTransitions(run: Run, entry: TaskEntry, scope: Scope): Promise<StagedTask[]> {
  const edges = run.paths.leaving(entry.id);
  if (edges.length === 0) {
    entry.isTerminal = true;
    return [];
  }
  const { next } = taskOf(run, entry.id);
  const steps = next.map(({ when, publish }) => ({ ...(when !== undefined && { when }), assign: publish }));
  const done = await run.evaluator.evaluate(steps, scope);
  const contexts = new Map<number, number>();
  const staged = edges.flatMap((edge) => {
    const target = take(run, entry, edge, done[edge.index] as Done, contexts);
    return target ? [target] : [];
  });
  const commands = staged.filter(({ id }) => isEngineCommand(id));
  if (commands.some(({ id }) => id === 'fail')) {
    for (const task of staged) if (!isEngineCommand(task.id) && task.isReady) task.runsOnFail = true;
  }
  return commands;
}

function take(
  run: Run,
  entry: TaskEntry,
  edge: Edge,
  done: Done,
  contexts: Map<number, number>,
): StagedTask | undefined {
  const { state } = run;
  const transition = transitionTo(edge);
  const isEvaluated = done.errors.length === 0 || done.held === true || edge.when === undefined;
  if (isEvaluated) entry.next[transition] = done.held ?? true;
  if (done.errors.length > 0) {
    const place = { task_id: entry.id, route: entry.route, task_transition_id: transition };
    for (const error of done.errors) logError(state, { message: textOf(error), ...place });
    if (state.status !== 'canceling') state.status = 'failed';
    return undefined;
  }
  if (done.held === false) return undefined;
  const published = publish(run, edge.index, done.assigned, contexts);
  return arrive(run, entry, edge, published === undefined ? entry.contexts : [...entry.contexts, published]);
}

/** The number of the context that holds what the transition published; all of its targets share it. */
function publish(
  run: Run,
  index: number,
  assigned: readonly (readonly [string, Json])[],
  contexts: Map<number, number>,
): number | undefined {
  if (assigned.length === 0) return undefined;
  const known = contexts.get(index);
  if (known !== undefined) return known;
  const number = run.state.contexts.push(Object.fromEntries(assigned)) - 1;
  contexts.set(index, number);
  return number;
}

function arrive(run: Run, entry: TaskEntry, edge: Edge, contexts: readonly number[]): StagedTask {
  const route = routeAlong(run, edge, entry.route);
  const from = { [transitionFrom(edge)]: run.state.entries.indexOf(entry) };
  const waiting = stagedTask(run.state, edge.to, route);
  const staged =
    waiting ?? stage(run.state, { id: edge.to, route, contexts: compacted(run.state, [...contexts]), prev: from });
  if (waiting) {
    // The first context is in the list already, and again at its end it would undo what was published.
    waiting.contexts = compacted(run.state, [...waiting.contexts, ...withoutFirst(contexts)]);
    Object.assign(waiting.prev, from);
    waiting.items = null;
    waiting.isCompleted = false;
  }
  staged.isReady = inboundOf(run, edge.to, entry.route) === 'satisfied';
  return staged;
}

function withoutFirst(contexts: readonly number[]): number[] {
  return contexts.filter((number) => number !== 0);
}
