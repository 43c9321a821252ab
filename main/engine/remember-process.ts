import type { Host } from '../host.ts';
import type { Store } from '../store/store.ts';

/** For finding it as an orphan after the app was killed. The action does not wait for it. */
export function rememberProcess(
  { store, host }: { readonly store: Store; readonly host: Host },
  execution: string,
  pid: number,
): void {
  store.groupCommit
    .commit(() => store.executions.setProcess(execution, pid))
    .catch((error) => host.log.warn('the process of an execution could not be recorded', { execution, pid, error }));
}
