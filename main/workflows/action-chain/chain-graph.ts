import type { WorkflowEdge, WorkflowGraph } from '../../contract/workflows.ts';
import type { Chain } from './chain-file.ts';

/** The picture of a chain; of tasks that share a name only the first ever runs. */
export function chainGraph(chain: Chain): WorkflowGraph {
  const tasks = chain.tasks.filter(
    ({ name }, index) => chain.tasks.findIndex((other) => other.name === name) === index,
  );
  return {
    nodes: tasks.map(({ name, ref, line }) => ({
      task: name,
      action: ref,
      start: name === chain.start,
      items: false,
      line,
    })),
    edges: tasks.flatMap(({ name, onSuccess, onFailure }): WorkflowEdge[] => [
      ...(onSuccess === undefined ? [] : [{ from: name, to: onSuccess, when: 'on-success' }]),
      ...(onFailure === undefined ? [] : [{ from: name, to: onFailure, when: 'on-failure' }]),
    ]),
  };
}
