import type { Execution } from '../../main/contract/executions.ts';
import { packOf, type ResourceRef } from '../../main/contract/refs.ts';
import type { TriggerInstance } from '../../main/contract/triggers.ts';
import type { ExecutionQuery, InstanceQuery } from './queries.ts';

/** Whether a row that changed belongs into a list, as the engine would say it. */
export function admitsExecution(filter: ExecutionQuery, row: Execution): boolean {
  return (
    (filter.action === undefined || filter.action === row.action) &&
    (filter.pack === undefined || filter.pack === packOf(row.action)) &&
    (filter.rule === undefined || filter.rule === row.context.rule) &&
    (filter.status === undefined || filter.status.includes(row.status)) &&
    (filter.triggerInstance === undefined || filter.triggerInstance === row.context.triggerInstance) &&
    lies(row.createdAt, filter) &&
    holdsText(filter.text, [row.id, row.action, row.parameters, row.result, row.fault])
  );
}

export function admitsInstance(filter: InstanceQuery, row: TriggerInstance): boolean {
  return (
    (filter.trigger === undefined || filter.trigger === row.trigger) &&
    (filter.pack === undefined || filter.pack === packOf(row.trigger as ResourceRef)) &&
    (filter.status === undefined || filter.status.includes(row.status)) &&
    lies(row.receivedAt, filter) &&
    holdsText(filter.text, [row.id, row.trigger, row.source, row.traceTag, row.payload, row.problem])
  );
}

type Range = { readonly since?: string | undefined; readonly until?: string | undefined };

function lies(at: string, { since, until }: Range): boolean {
  return (since === undefined || at >= since) && (until === undefined || at < until);
}

function holdsText(text: string | undefined, values: readonly unknown[]): boolean {
  if (text === undefined || text === '') return true;
  const needle = text.toLowerCase();
  return values.some((value) =>
    (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).toLowerCase().includes(needle),
  );
}
