import { z } from 'zod';
import type { Execution } from '../../contract/executions.ts';
import type { Trace } from '../../contract/traces.ts';
import type { TriggerInstance } from '../../contract/triggers.ts';

const Component = z.object({
  object_id: z.string(),
  ref: z.string(),
  updated_at: z.string(),
  caused_by: z.object({ type: z.string().optional(), id: z.string().optional() }),
});

/** A trace as StackStorm's API gives it (st2common/models/api/trace.py). */
export const St2Trace = z.object({
  id: z.string(),
  uid: z.string(),
  trace_tag: z.string(),
  start_timestamp: z.string(),
  trigger_instances: z.array(Component),
  rules: z.array(Component),
  action_executions: z.array(Component),
});
type St2Trace = z.infer<typeof St2Trace>;

/** There is no record of a trace: it is what followed from one event, or from one execution that somebody asked for. */
export function asSt2Trace({ event, executions }: Trace): St2Trace {
  const [first] = executions;
  const id = event?.id ?? first?.id ?? '';
  const tag = event ? traceTag(event) : `execution-${id}`;
  return {
    id,
    uid: `trace:${id}:${tag}`,
    trace_tag: tag,
    start_timestamp: event?.receivedAt ?? first?.createdAt ?? '',
    trigger_instances: event ? [eventComponent(event)] : [],
    rules: (event?.verdicts ?? [])
      .filter(({ matched }) => matched)
      .map(({ rule }) => ({
        object_id: rule,
        ref: rule,
        updated_at: event?.receivedAt ?? '',
        caused_by: { type: 'trigger_instance', id },
      })),
    action_executions: executions.map(executionComponent),
  };
}

/** The names that StackStorm gives where nobody gave one. */
export function traceTag({ id, traceTag }: Pick<TriggerInstance, 'id' | 'traceTag'>): string {
  return traceTag ?? `trigger_instance-${id}`;
}

function eventComponent({ id, trigger, receivedAt, cause }: TriggerInstance): z.infer<typeof Component> {
  const caused_by = cause ? { type: 'action_execution', id: cause.execution } : {};
  return { object_id: id, ref: trigger, updated_at: receivedAt, caused_by };
}

function executionComponent({ id, action, createdAt, context }: Execution): z.infer<typeof Component> {
  return { object_id: id, ref: action, updated_at: createdAt, caused_by: causeOf(context) };
}

function causeOf({ parent, rule, triggerInstance }: Execution['context']): { type?: string; id?: string } {
  if (parent !== undefined) return { type: 'action_execution', id: parent };
  return rule === undefined ? {} : { type: 'rule', id: `${rule}:${triggerInstance ?? ''}` };
}
