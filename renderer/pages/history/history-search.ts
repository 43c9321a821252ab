import { z } from 'zod';
import { COMPLETED_STATUSES, ExecutionStatus } from '../../../main/contract/executions.ts';
import { PackRef, ResourceRef } from '../../../main/contract/refs.ts';
import type { TriggerInstanceStatus } from '../../../main/contract/triggers.ts';
import type { ExecutionQuery, InstanceQuery } from '../../client/queries.ts';

const text = z.string().optional().catch(undefined);
const instant = z.iso.datetime().optional().catch(undefined);
/** What both lists of the history can be narrowed by. */
const common = { pack: text, text, since: instant, until: instant };

/** What an address of the history may say behind its `?`. What can't be read is left out rather than refused. */
export const ExecutionSearch = z.object({
  status: z.enum(['open', 'succeeded', 'failed']).optional().catch(undefined),
  action: text,
  rule: text,
  ...common,
});
export type ExecutionSearch = z.infer<typeof ExecutionSearch>;

export const EventSearch = z.object({
  status: z.enum(['processed', 'failed']).optional().catch(undefined),
  trigger: text,
  ...common,
});
export type EventSearch = z.infer<typeof EventSearch>;

const EXECUTION_STATUSES = {
  open: ExecutionStatus.options.filter((status) => !(COMPLETED_STATUSES as readonly string[]).includes(status)),
  succeeded: ['succeeded'],
  failed: ['failed', 'timeout', 'abandoned', 'canceled'],
} as const satisfies Record<string, readonly ExecutionStatus[]>;

const EVENT_STATUSES = {
  processed: ['processed'],
  failed: ['processing_failed', 'refused'],
} as const satisfies Record<string, readonly TriggerInstanceStatus[]>;

export function executionQuery({ status, action, rule, ...others }: ExecutionSearch): ExecutionQuery {
  return {
    ...commonQuery(others),
    ...(status && { status: [...EXECUTION_STATUSES[status]] }),
    ...parsed('action', ResourceRef, action),
    ...parsed('rule', ResourceRef, rule),
  };
}

export function instanceQuery({ status, trigger, ...others }: EventSearch): InstanceQuery {
  return {
    ...commonQuery(others),
    ...(status && { status: [...EVENT_STATUSES[status]] }),
    ...(trigger && { trigger }),
  };
}

export function isNarrowed(search: ExecutionSearch | EventSearch): boolean {
  return Object.values(search).some((value) => value !== undefined);
}

type Common = Pick<EventSearch, keyof typeof common>;

function commonQuery({ pack, text: words, since, until }: Common) {
  return {
    ...parsed('pack', PackRef, pack),
    ...(words?.trim() && { text: words.trim() }),
    ...(since && { since }),
    ...(until && { until }),
  };
}

function parsed<K extends string, T>(key: K, schema: z.ZodType<T>, value: string | undefined): { [key in K]?: T } {
  const read = schema.safeParse(value);
  return (value !== undefined && read.success ? { [key]: read.data } : {}) as { [key in K]?: T };
}
