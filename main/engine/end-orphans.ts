import type { Log } from '../kit/log.ts';
import { reapOrphan } from '../supervisor/reap-orphan.ts';

/** Ends the processes of actions that outlived an app that was killed. */
export async function endOrphans(
  open: readonly { readonly id: string; readonly pid: number }[],
  log: Log,
): Promise<void> {
  for (const { id, pid } of open) {
    if (await reapOrphan(pid, id)) log.info('ended an action that outlived the app', { execution: id, pid });
  }
}
