import type { WorkflowStatus } from '../conductor.ts';
import { deadJoins, hasNext, isForgiven } from './routes.ts';
import type { Run } from './run.ts';
import { hasActive, isOver, lastEntries, logError, readyTasks, type TaskEntry } from './run-state.ts';

/** The workflow's status after a task's own has changed. Once it is over nothing changes it any more. */
export function noteTask(run: Run, entry: TaskEntry): void {
  const { state } = run;
  if (isOver(state.status)) return;
  state.status = statusAfter(run, entry);
  if (!isOver(state.status)) return;
  for (const { id, route } of deadJoins(run)) {
    state.status = 'failed';
    const message = `UnreachableJoinError: The join task|route "${id}|${route}" is partially satisfied but unreachable.`;
    logError(state, { message, task_id: id, route });
  }
}

function statusAfter(run: Run, entry: TaskEntry): WorkflowStatus {
  const { status } = run.state;
  const isBusy = hasActive(run.state);
  if (status === 'canceling') return isBusy ? 'canceling' : 'canceled';
  switch (entry.status) {
    case 'succeeded':
      return afterSuccess(run, entry, isBusy);
    case 'failed':
      return isForgiven(run, entry) ? afterSuccess(run, entry, isBusy) : 'failed';
    case 'canceled':
      return isBusy ? 'canceling' : 'canceled';
    case 'canceling':
      return 'canceling';
    case 'pending':
      return isBusy ? 'pausing' : 'paused';
    case 'paused':
      return isBusy ? status : 'paused';
    case 'retrying':
      return status === 'running' || isBusy ? status : 'paused';
    default:
      return status;
  }
}

/** A failure that something follows is as good as a success. */
function afterSuccess(run: Run, entry: TaskEntry, isBusy: boolean): WorkflowStatus {
  const statuses = lastEntries(run.state).map(({ status }) => status);
  const isPausing = run.state.status !== 'running' || statuses.some((one) => one === 'paused' || one === 'pending');
  if (statuses.includes('canceled') || statuses.includes('canceling')) return isBusy ? 'canceling' : 'canceled';
  if (isPausing) return isBusy ? 'pausing' : 'paused';
  return isBusy || readyTasks(run.state).length > 0 || hasNext(run, entry) ? 'running' : 'succeeded';
}
