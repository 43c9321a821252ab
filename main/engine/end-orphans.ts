import type { Execution } from '../contract/executions.ts';
import type { Log } from '../kit/log.ts';
import { reapOrphan } from '../supervisor/reap-orphan.ts';

/** Ends the processes of actions that outlived an app that was killed. */
export async function endOrphans(
  open: readonly { readonly execution: Execution; readonly pid?: number | undefined }[],
  log: Log,
): Promise<void> {
  for (const { execution, pid } of open) {
    if (pid !== undefined && (await reapOrphan(pid, execution.id))) {
      log.info('ended an action that outlived the app', { execution: execution.id, pid });
    }
  }
}
