import { sameJson } from '../../contract/check-parameters.ts';
import { isJsonObject, type Json, type JsonObject } from '../../contract/json.ts';
import type { Scope, TaskView, WorkflowEvaluator } from '../../expressions/workflow-evaluator.ts';
import type { OrquestaDefinition, OrquestaTask } from './definition.ts';
import type { Paths } from './graph.ts';
import { lastEntry, type RunState, type TaskEntry } from './run-state.ts';

/** What the parts of a decision share. */
export type Run = {
  readonly definition: OrquestaDefinition;
  readonly paths: Paths;
  readonly evaluator: WorkflowEvaluator;
  readonly state: RunState;
  /** Whether any expression reads the results of earlier tasks; if not, they are not kept. */
  readonly keepsResults: boolean;
};

/** An engine command is a task without anything. */
export function taskOf(run: Run, id: string): OrquestaTask {
  const { tasks } = run.definition;
  return (Object.hasOwn(tasks, id) ? tasks[id] : undefined) ?? { next: [] };
}

/** What the contexts with these numbers say together: a later one wins, maps are joined key by key. */
export function contextOf(state: RunState, numbers: readonly number[]): JsonObject {
  return numbers.reduce<JsonObject>((merged, number) => mergedInto(merged, state.contexts[number] ?? {}), {});
}

/**
 * A loop that publishes with every turn would see ever more contexts: beyond some, those after the first become one. Left as
 * they are where that is not the same, as for a map that was a number in between.
 */
export function compacted(state: RunState, numbers: number[]): number[] {
  const [first, ...rest] = numbers;
  if (first !== 0 || numbers.length <= MAX_CONTEXTS || rest.includes(0)) return numbers;
  const merged = contextOf(state, rest);
  if (!sameJson(contextOf(state, numbers), mergedInto(state.contexts[first] ?? {}, merged))) return numbers;
  return [first, state.contexts.push(merged) - 1];
}

const MAX_CONTEXTS = 30;

/** Neither argument is changed; what is the same in both is shared. */
export function mergedInto(left: JsonObject, right: JsonObject): JsonObject {
  const merged = { ...left };
  for (const [key, value] of Object.entries(right)) {
    const before = Object.hasOwn(merged, key) ? merged[key] : undefined;
    merged[key] = isJsonObject(before) && isJsonObject(value) ? mergedInto(before, value) : value;
  }
  return merged;
}

/** What expressions see that belong to a task: `variables`, and everything that ran on its way. */
export function scopeOf(
  run: Run,
  variables: JsonObject,
  task?: { id: string; route: number },
  result: Json = null,
): Scope {
  const status = task && (lastEntry(run.state, task.id, task.route)?.status ?? 'null');
  return {
    variables,
    result,
    ...(task && status && { task: { id: task.id, route: task.route, status } }),
    taskNamed(name, route) {
      const entry = entrySeen(run.state, name, route ?? task?.route ?? 0);
      return entry && viewOf(entry, variables);
    },
  };
}

/** On its own route, or else on the longest route that this one came from. */
function entrySeen(state: RunState, name: string, route: number): TaskEntry | undefined {
  const own = lastEntry(state, name, route);
  if (own || route <= 0) return own;
  const passed = new Set(state.routes[route]);
  for (let earlier = route - 1; earlier >= 0; earlier -= 1) {
    if (state.routes[earlier]?.every((transition) => passed.has(transition))) return entrySeen(state, name, earlier);
  }
  return undefined;
}

function viewOf(entry: TaskEntry, variables: JsonObject): TaskView {
  const { st2 } = variables;
  return {
    state: entry.status,
    task_execution_id: entry.execution,
    workflow_execution_id: (isJsonObject(st2) && st2.workflow_execution_id) || null,
    task_name: entry.id,
    task_id: entry.id,
    route: entry.route,
    result: entry.items ? { items: entry.items } : entry.result,
    status: entry.ended ?? entry.status,
    start_timestamp: entry.createdAt,
    end_timestamp: entry.endedAt,
  };
}
