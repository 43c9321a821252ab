import type { QueryClient } from '@tanstack/react-query';
import type { Execution } from '../../main/contract/executions.ts';
import type { Trace } from '../../main/contract/traces.ts';

/** Reads those traces again that a changed execution belongs to. */
export function refreshTraces(cache: QueryClient, batch: readonly Execution[]): void {
  for (const { queryKey, state } of cache.getQueryCache().findAll({ queryKey: ['traces', 'get'] })) {
    const trace = state.data as Trace | undefined;
    if (!trace || batch.some((row) => belongsTo(trace, row))) void cache.invalidateQueries({ queryKey });
  }
}

export function belongsTo({ event, executions }: Trace, { id, context }: Execution): boolean {
  return (
    (event !== undefined && context.triggerInstance === event.id) ||
    executions.some((each) => each.id === id || each.id === context.parent)
  );
}
