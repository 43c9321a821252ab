import type { WorkflowGraph } from '../../../main/contract/workflows.ts';

/** Where a task's box stands: `column` by what has to come before it, `row` among those of the same column. */
export type TaskPlace = { readonly task: string; readonly column: number; readonly row: number };

/**
 * A picture of layers: each task one layer below the last of those that lead to it, ways back left aside, and within its
 * layer near those. Made for graphs of tens of tasks, which is what people write; it is quick for hundreds.
 */
export function layoutTasks({ nodes, edges }: WorkflowGraph): TaskPlace[] {
  const names = nodes.map(({ task }) => task);
  const after = new Map<string, string[]>(names.map((task) => [task, []]));
  for (const { from, to } of edges) if (after.has(to)) after.get(from)?.push(to);
  const order = inOrder(nodes, after);
  const position = new Map(order.map((task, index) => [task, index]));
  const forward = edges.filter(({ from, to }) => (position.get(from) ?? 0) < (position.get(to) ?? -1));
  const layerOf = new Map<string, number>();
  for (const task of order) {
    const before = forward.filter(({ to }) => to === task).map(({ from }) => layerOf.get(from) ?? 0);
    layerOf.set(task, before.length === 0 ? 0 : Math.max(...before) + 1);
  }
  return placed(order, layerOf, forward);
}

/** Tasks so that each comes before those that it leads to, but for ways back. */
function inOrder(nodes: WorkflowGraph['nodes'], after: ReadonlyMap<string, readonly string[]>): string[] {
  const done: string[] = [];
  const seen = new Set<string>();
  const visit = (task: string) => {
    if (seen.has(task)) return;
    seen.add(task);
    for (const next of [...(after.get(task) ?? [])].reverse()) visit(next);
    done.unshift(task);
  };
  // From where a run begins, so that a way back is known as one; what nothing leads to comes after that.
  const begin = nodes.filter(({ start }) => start);
  for (const { task } of [...begin.reverse(), ...nodes]) visit(task);
  return done;
}

type Edge = { readonly from: string; readonly to: string };

function placed(order: readonly string[], layerOf: ReadonlyMap<string, number>, forward: readonly Edge[]): TaskPlace[] {
  const rowOf = new Map<string, number>();
  const layers = Map.groupBy(order, (task) => layerOf.get(task) ?? 0);
  const places: TaskPlace[] = [];
  for (const [column, tasks] of [...layers].sort(([a], [b]) => a - b)) {
    const wanted = new Map(tasks.map((task) => [task, middle(forward, task, rowOf)]));
    const sorted = [...tasks].sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0));
    sorted.forEach((task, index) => {
      // Boxes of a layer stand around the line in the middle of the picture.
      const row = index - (sorted.length - 1) / 2;
      rowOf.set(task, row);
      places.push({ task, column, row });
    });
  }
  return places;
}

/** Of the rows of those that lead to it. */
function middle(forward: readonly Edge[], task: string, rowOf: ReadonlyMap<string, number>): number {
  const rows = forward.filter(({ to }) => to === task).map(({ from }) => rowOf.get(from) ?? 0);
  return rows.length === 0 ? 0 : rows.reduce((sum, row) => sum + row, 0) / rows.length;
}
