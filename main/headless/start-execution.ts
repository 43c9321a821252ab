import type { Client } from '../contract/rpc.ts';
import type { Cli } from './cli-context.ts';
import type { StartExecution } from './follow-execution.ts';

/** In front of the person to its end, or only begun. */
export async function startExecution(
  cli: Cli,
  client: Client,
  start: StartExecution,
  options: { readonly wait: boolean },
): Promise<void> {
  if (options.wait) {
    const { runInFront } = await import('./run-action.ts');
    await runInFront(cli, client, start, { result: true });
  } else {
    const execution = await start();
    cli.show(execution, () => execution.id);
  }
}
