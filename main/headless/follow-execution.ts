import { type Execution, isCompleted, type OutputChunk } from '../contract/executions.ts';
import type { Client } from '../contract/rpc.ts';

/** Asks the app for the execution that is to be followed. */
export type StartExecution = () => Promise<Execution>;

export interface ExecutionWatcher {
  /** The id is known from here on. */
  started(execution: Execution): void;
  changed(execution: Execution): void;
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
  const see = (executionId: string, deliver: () => void) => {
    if (id === undefined) early.push(() => see(executionId, deliver));
    else if (executionId === id) deliver();
  };
  const onChanged = (execution: Execution) => {
    watcher.changed(execution);
    if (isCompleted(execution.status)) ended.resolve(execution);
  };
  const stops = [
    client.executions.onChanged((execution) => see(execution.id, () => onChanged(execution))),
    client.executions.onPrinted((chunk) => see(chunk.execution, () => watcher.printed(chunk))),
  ];
  try {
    const execution = await start();
    id = execution.id;
    watcher.started(execution);
    for (const deliver of early) deliver();
    // One that could not even begin comes back ended, and changes no more.
    if (isCompleted(execution.status)) ended.resolve(execution);
    return await ended.promise;
  } finally {
    for (const stop of stops) stop();
  }
}
