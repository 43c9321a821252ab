import type { WorkflowGraph, WorkflowNode } from '../../contract/workflows.ts';
import { isEngineCommand, type OrquestaDefinition, type OrquestaTask, type OrquestaTransition } from './definition.ts';

/** The tasks and what leads from one to another, for whoever draws it. Of the engine's commands only `fail` is a place to get to. */
export function graphOf(
  definition: OrquestaDefinition,
  lineOf: (path: readonly PropertyKey[]) => number,
): WorkflowGraph {
  const paths = new Paths(definition);
  const nodes = Object.entries(definition.tasks).map(([task, { action, join, with: items }]): WorkflowNode => {
    const line = lineOf(['tasks', task]);
    return { task, action, start: paths.starts.includes(task), items: items !== undefined, join, line };
  });
  const drawn = nodes
    .flatMap(({ task }) => paths.leaving(task))
    .filter(({ to }) => to === 'fail' || !isEngineCommand(to));
  const edges = drawn.map(({ from, to, when }) => ({ from, to, when }));
  const fail = { task: 'fail', start: false, items: false };
  return { nodes: edges.some(({ to }) => to === 'fail') ? [...nodes, fail] : nodes, edges };
}

export type Edge = {
  readonly from: string;
  /** An engine command is a target too: a missing `do` leads to `continue`. */
  readonly to: string;
  /** Which entry of `next` it is, from 0. */
  readonly index: number;
  readonly when?: string;
  /** Tells those with the same two ends apart. */
  readonly key: number;
};

/** What the definition says about the order of tasks, worked out once. */
export class Paths {
  /** Nothing leads to them. By name. */
  readonly starts: readonly string[];
  readonly #tasks: { readonly [name: string]: OrquestaTask };
  readonly #leaving = new Map<string, readonly Edge[]>();
  readonly #entering = new Map<string, readonly Edge[]>();
  /** How many transitions lead to a task, those of tasks that cannot be reached too. */
  readonly #ways = new Map<string, number>();
  readonly #cycles = new Map<string, boolean>();

  constructor(definition: OrquestaDefinition) {
    this.#tasks = definition.tasks;
    for (const [name, task] of Object.entries(definition.tasks)) {
      const edges = edgesOf(name, task.next);
      this.#leaving.set(name, edges);
      for (const { to } of edges) this.#ways.set(to, (this.#ways.get(to) ?? 0) + 1);
    }
    this.starts = Object.keys(definition.tasks)
      .filter((name) => !this.#ways.has(name))
      .sort(byText);
    const reached = new Set(this.starts);
    for (const name of reached) {
      for (const edge of this.leaving(name)) {
        this.#entering.set(edge.to, [...this.entering(edge.to), edge]);
        reached.add(edge.to);
      }
    }
  }

  /** By the name of the target. `retry` is no target: it runs the task itself again. */
  leaving(task: string): readonly Edge[] {
    return (this.#leaving.get(task) ?? []).filter(({ to }) => to !== 'retry');
  }

  /** From tasks that can be reached: no join waits for another. */
  entering(task: string): readonly Edge[] {
    return this.#entering.get(task) ?? [];
  }

  /** The `do: retry` of a task, the last one counts. */
  retryCommand(task: string): Edge | undefined {
    return this.#leaving.get(task)?.findLast(({ to }) => to === 'retry');
  }

  /** How many branches a task waits for; undefined for one that is no join. */
  join(task: string): number | undefined {
    const join = Object.hasOwn(this.#tasks, task) ? this.#tasks[task]?.join : undefined;
    return join === 'all' ? new Set(this.entering(task).map(({ from }) => from)).size : join;
  }

  /** A task that several transitions lead to, without a join, runs once for each of them. */
  isSplit(task: string): boolean {
    return this.join(task) === undefined && (this.#ways.get(task) ?? 0) > 1;
  }

  inCycle(task: string): boolean {
    const known = this.#cycles.get(task);
    if (known !== undefined) return known;
    const reached = new Set<string>();
    const open = this.leaving(task).map(({ to }) => to);
    for (let next = open.pop(); next !== undefined && !reached.has(task); next = open.pop()) {
      if (reached.has(next)) continue;
      reached.add(next);
      open.push(...this.leaving(next).map(({ to }) => to));
    }
    this.#cycles.set(task, reached.has(task));
    return reached.has(task);
  }

  isKnown(name: string): boolean {
    return isEngineCommand(name) || Object.hasOwn(this.#tasks, name);
  }
}

function edgesOf(from: string, next: readonly OrquestaTransition[]): Edge[] {
  const edges = next.flatMap(({ when, do: targets }, index) =>
    targets.map((to) => ({ from, to, index, ...(when !== undefined && { when }) })),
  );
  const counts = new Map<string, number>();
  return edges
    .sort((a, b) => byText(a.to, b.to))
    .map((edge) => {
      const key = counts.get(edge.to) ?? 0;
      counts.set(edge.to, key + 1);
      return { ...edge, key };
    });
}

/** By code points, as Python sorts. */
export function byText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
