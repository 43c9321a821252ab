import type { Execution } from '../contract/executions.ts';
import { Executions, type ExecutionsDeps } from '../executions/executions.ts';
import type { PolicyIndex } from '../executions/policy-index.ts';
import { retryOf } from '../executions/retry.ts';
import type { Host } from '../host.ts';
import { type Clock, isoTime } from '../kit/clock.ts';
import { newId } from '../kit/new-id.ts';
import type { Store } from '../store/store.ts';

/** Joins the queue with the settings and the policies that it goes by. */
export function buildExecutions(parts: {
  readonly host: Host;
  readonly clock: Clock;
  readonly store: Store;
  /** Those in force now. */
  policies(): PolicyIndex;
  readonly onTurn: ExecutionsDeps['onTurn'];
  onChange(execution: Execution): void;
}): Executions {
  const { host, clock, store, policies } = parts;
  return new Executions({
    table: store.executions,
    groupCommit: store.groupCommit,
    log: host.log.scope('executions'),
    clock,
    limits: () => host.settings.get().executions,
    concurrencyPolicies: (action) => policies().concurrency(action),
    retry: (ended, parameters) => retryOf(ended, parameters, policies().retry(ended.action), newId(), isoTime(clock)),
    onTurn: parts.onTurn,
    onChange: parts.onChange,
  });
}
