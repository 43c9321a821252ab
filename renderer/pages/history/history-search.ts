import { z } from 'zod';
import { COMPLETED_STATUSES, ExecutionStatus } from '../../../main/contract/executions.ts';
import { ResourceRef } from '../../../main/contract/refs.ts';
import type { TriggerInstanceStatus } from '../../../main/contract/triggers.ts';
import type { ExecutionQuery, InstanceQuery } from '../../client/queries.ts';

/** What an address of the history may say behind its `?`. What can't be read is left out rather than refused. */
export const ExecutionSearch = z.object({
  status: z.enum(['open', 'succeeded', 'failed']).optional().catch(undefined),
  action: z.string().optional().catch(undefined),
});
export type ExecutionSearch = z.infer<typeof ExecutionSearch>;

export const EventSearch = z.object({
  status: z.enum(['processed', 'failed']).optional().catch(undefined),
  trigger: z.string().optional().catch(undefined),
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

export function executionQuery({ status, action }: ExecutionSearch): ExecutionQuery {
  const ref = ResourceRef.safeParse(action);
  return { ...(status && { status: [...EXECUTION_STATUSES[status]] }), ...(ref.success && { action: ref.data }) };
}

export function instanceQuery({ status, trigger }: EventSearch): InstanceQuery {
  return { ...(status && { status: [...EVENT_STATUSES[status]] }), ...(trigger && { trigger }) };
}
