import { type Execution, isCompleted, type OutputChunk } from '../contract/executions.ts';
import type { Client } from '../contract/rpc.ts';

/** Asks the app for the execution that is to be followed. */
export type StartExecution = () => Promise<Execution>;

export interface ExecutionWatcher {
  /** The id is known from here on. */
  started(execution: Execution): void;
  changed(execution: Execution): void;
  /** A task of a workflow changed; `depth` is 1, and more for one of a workflow below it. */
  taskChanged(execution: Execution, depth: number): void;
  printed(chunk: OutputChunk): void;
}

/**
 * Runs an action and resolves when it has ended, whatever its outcome. The watcher sees it whole and in order: what arrives
 * before the app has answered with the execution's id is kept until then.
 */
export async function runAndFollow(
  client: Client,
  start: StartExecution,
  watcher: ExecutionWatcher,
): Promise<Execution> {
  const early: (() => void)[] = [];
  const ended = Promise.withResolvers<Execution>();
  let id: string | undefined;
  const depths = new Map<string, number>();
  const onChanged = (execution: Execution) => {
    watcher.changed(execution);
    if (isCompleted(execution.status)) ended.resolve(execution);
  };
  const onTask = (task: Execution) => {
    const above = depths.get(task.context.parent ?? '');
    if (above === undefined) return;
    depths.set(task.id, above + 1);
    watcher.taskChanged(task, above + 1);
  };
  const whenKnown = (deliver: () => void) => {
    if (id === undefined) early.push(deliver);
    else deliver();
  };
  const stops = [
    client.executions.onChanged((execution) =>
      whenKnown(() => (execution.id === id ? onChanged(execution) : onTask(execution))),
    ),
    client.executions.onPrinted((chunk) => whenKnown(() => chunk.execution === id && watcher.printed(chunk))),
  ];
  try {
    const execution = await start();
    id = execution.id;
    depths.set(id, 0);
    watcher.started(execution);
    for (const deliver of early) deliver();
    // One that could not even begin comes back ended, and changes no more.
    if (isCompleted(execution.status)) ended.resolve(execution);
    return await ended.promise;
  } finally {
    for (const stop of stops) stop();
  }
}
