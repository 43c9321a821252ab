import type { Json } from '../../contract/json.ts';
import type { TaskEnd } from '../conductor.ts';
import { statusOfItems } from './items.ts';
import { contextOf, type Run, scopeOf, taskOf } from './run.ts';
import {
  addEntry,
  hasEnded,
  isOver,
  logError,
  type StagedTask,
  stage,
  stagedTask,
  type TaskEntry,
  type TaskStatus,
  unstage,
} from './run-state.ts';
import { takeTransitions } from './transitions.ts';
import { noteTask } from './workflow-status.ts';

export type End = Pick<TaskEnd, 'status' | 'result'>;

/** One execution of a task has ended, or waits for a person: what that means for the task, the workflow and what follows. */
export async function settle(run: Run, entry: TaskEntry, item: number | null, end: End): Promise<void> {
  if (isFailure(end.status)) {
    const message = 'Execution failed. See result for details.';
    logError(run.state, { message, task_id: entry.id, ...(end.result !== null && { result: end.result }) });
  }
  entry.ended = end.status;
  entry.status = item === null ? statusOf(end.status) : settleItem(run, entry, item, end);
  const commands = hasEnded(entry.status) ? await finish(run, entry, end.result) : [];
  noteTask(run, entry);
  for (const command of commands) obey(run, command);
  if (isOver(run.state.status)) entry.isTerminal = true;
}

export function isFailure(status: string): boolean {
  return status === 'failed' || status === 'timeout' || status === 'abandoned';
}

function statusOf(status: TaskEnd['status']): TaskStatus {
  return isFailure(status) ? 'failed' : (status as TaskStatus);
}

function settleItem(run: Run, entry: TaskEntry, item: number, end: End): TaskStatus {
  const items = stagedTask(run.state, entry.id, entry.route)?.items;
  if (!items) return entry.status;
  items.states[item] = end.status;
  entry.items ??= items.states.map(() => null);
  entry.items[item] = { result: end.result, status: end.status };
  return statusOfItems(items, item, end.status, run.state.status);
}

/** Gives the engine commands that follow. */
async function finish(run: Run, entry: TaskEntry, result: Json): Promise<StagedTask[]> {
  const staged = stagedTask(run.state, entry.id, entry.route);
  if (staged?.items && entry.status !== 'succeeded') staged.isCompleted = true;
  else unstage(run.state, entry.id, entry.route);
  const seen = entry.items ? entry.items.map((one) => one?.result ?? null) : result;
  if (entry.items) entry.ended = entry.status as TaskEnd['status'];
  entry.result = run.keepsResults && !entry.items ? result : null;
  const scope = scopeOf(run, contextOf(run.state, entry.contexts), entry, seen);
  if (await isRetried(run, entry, scope)) {
    retry(run, entry);
    return [];
  }
  const commands = await takeTransitions(run, entry, scope);
  if (!run.keepsResults && entry.status === 'succeeded') entry.items = null;
  return commands;
}

async function isRetried(run: Run, entry: TaskEntry, scope: ReturnType<typeof scopeOf>): Promise<boolean> {
  const { retry: limits } = entry;
  if (!limits || limits.tally >= limits.count || entry.status === 'canceled' || isOver(run.state.status)) return false;
  const when = retryCondition(run, entry);
  if (when === undefined) return entry.status === 'failed';
  const [done] = await run.evaluator.evaluate([{ when }], scope);
  for (const { type, message } of done?.errors ?? []) {
    logError(run.state, { message: `${type}: ${message}`, task_id: entry.id, route: entry.route });
    run.state.status = run.state.status === 'canceling' ? 'canceling' : 'failed';
  }
  return done?.errors.length === 0 && done.held === true;
}

/** `do: retry` counts, if a task has both. */
function retryCondition(run: Run, entry: TaskEntry): string | undefined {
  const command = run.paths.retryCommand(entry.id);
  return command ? (command.when ?? '<% completed() %>') : taskOf(run, entry.id).retry?.when;
}

function retry(run: Run, entry: TaskEntry): void {
  const { id, route, contexts, prev } = entry;
  entry.status = 'retrying';
  entry.items = null;
  if (entry.retry) entry.retry.tally += 1;
  unstage(run.state, id, route);
  stage(run.state, { id, route, contexts: [...contexts], prev: { ...prev }, retryDelay: entry.retry?.delay ?? 0 });
}

function obey(run: Run, command: StagedTask): void {
  const entry = addEntry(run.state, command);
  unstage(run.state, command.id, command.route);
  entry.isTerminal = true;
  entry.status = command.id === 'fail' ? 'failed' : 'succeeded';
  entry.ended = entry.status;
  if (command.id === 'fail') {
    logError(run.state, { message: 'Execution failed. See result for details.', task_id: command.id });
  }
  noteTask(run, entry);
}
