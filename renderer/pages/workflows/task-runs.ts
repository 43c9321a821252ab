import type { Execution, ExecutionStatus } from '../../../main/contract/executions.ts';

/** What became of a task in one run of its workflow: each execution of it, as it ran more than once or over items. */
export type TaskRun = { readonly status: ExecutionStatus; readonly executions: readonly Execution[] };

/** The last word of each task: what still runs goes before what failed, and that before what succeeded. */
export function taskRuns(children: readonly Execution[]): Map<string, TaskRun> {
  const byTask = Map.groupBy(children, ({ context }) => context.task?.name ?? '');
  byTask.delete('');
  return new Map(
    [...byTask].map(([task, executions]) => {
      // A task that ran again is what its last run was.
      const lastKey = executions.at(-1)?.context.task?.key;
      const last = executions.filter(({ context }) => context.task?.key === lastKey);
      return [task, { status: worst(last), executions }];
    }),
  );
}

const WEIGHT: Partial<Record<ExecutionStatus, number>> = {
  succeeded: 0,
  failed: 2,
  timeout: 2,
  abandoned: 2,
  canceled: 1,
};
/** Whatever is not over. */
const OPEN = 3;

function worst(executions: readonly Execution[]): ExecutionStatus {
  return executions.reduce<ExecutionStatus>(
    (found, { status }) => ((WEIGHT[status] ?? OPEN) > (WEIGHT[found] ?? OPEN) ? status : found),
    'succeeded',
  );
}
