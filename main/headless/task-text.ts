import { type Execution, isWorkflow } from '../contract/executions.ts';
import type { Client } from '../contract/rpc.ts';
import { duration, state } from './text.ts';

/** A workflow's tasks, and those of the workflows among them. */
export type TaskTree = { readonly execution: Execution; readonly tasks: readonly TaskTree[] };

export async function readTaskTree(client: Client, execution: Execution): Promise<TaskTree> {
  if (!isWorkflow(execution.runner)) return { execution, tasks: [] };
  const children = await client.executions.children({ id: execution.id });
  const tasks = [];
  // One after the other: workflows of thousands of tasks would ask for all of them at once.
  for (const child of children) tasks.push(await readTaskTree(client, child));
  return { execution, tasks };
}

export function taskTreeText({ tasks }: TaskTree, depth = 1): string[] {
  return tasks.flatMap((task) => [
    `${'  '.repeat(depth)}${taskLine(task.execution)}: ${task.execution.id}`,
    ...taskTreeText(task, depth + 1),
  ]);
}

/** `build[2] (core.local) succeeded in 12 ms`, with why it failed. */
export function taskLine({ action, status, context, startedAt, endedAt, fault }: Execution): string {
  const took = duration(startedAt, endedAt);
  const line = `${taskName(context)} (${action}) ${state(status)}${took ? ` in ${took}` : ''}`;
  return fault ? `${line}, ${fault.message}` : line;
}

function taskName({ task }: Execution['context']): string {
  if (!task) return 'task';
  return task.item === undefined ? task.name : `${task.name}[${task.item}]`;
}
