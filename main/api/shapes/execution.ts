import { z } from 'zod';
import type { Execution, RetryContext, TaskContext } from '../../contract/executions.ts';
import { ExecutionStatus } from '../../contract/executions.ts';
import type { JsonObject } from '../../contract/json.ts';
import type { ActionDefinition } from '../../contract/packs.ts';
import { nameOf, packOf } from '../../contract/refs.ts';
import { AnyJson, AnyObject } from '../any-json.ts';
import { asSt2Action } from './action.ts';

/**
 * An execution as StackStorm's API gives it (st2common/models/api/execution.py). StackStorm keeps two records of one run,
 * the `liveaction` and the execution; here they are one, and have one id.
 */
export const St2Execution = z.object({
  id: z.string(),
  status: ExecutionStatus,
  action: z.looseObject({ ref: z.string(), name: z.string(), pack: z.string(), runner_type: z.string() }),
  runner: z.object({ name: z.string(), runner_module: z.string() }),
  liveaction: z.looseObject({ id: z.string(), action: z.string(), status: ExecutionStatus }),
  parameters: AnyObject,
  context: AnyObject,
  start_timestamp: z.string(),
  end_timestamp: z.string().optional(),
  elapsed_seconds: z.number().optional(),
  result: AnyJson.optional(),
  result_size: z.number().int().optional(),
  parent: z.string().optional(),
  children: z.array(z.string()).optional(),
  rule: z.looseObject({ ref: z.string() }).optional(),
  trigger_instance: z.looseObject({ id: z.string() }).optional(),
  log: z.array(z.object({ status: z.string(), timestamp: z.string() })),
});
export type St2Execution = z.infer<typeof St2Execution>;

/** `action` as it is defined now; without it only its name is known. */
export function asSt2Execution(execution: Execution, action: ActionDefinition | undefined): St2Execution {
  const { id, status, parameters } = execution;
  const context = contextOf(execution);
  const { rule, triggerInstance, parent } = execution.context;
  return {
    id,
    status,
    action: action ? asSt2Action(action) : unknownAction(execution),
    runner: { name: execution.runner, runner_module: execution.runner.replaceAll('-', '_') },
    liveaction: { id, action: execution.action, parameters, context, status, callback: {}, runner_info: {} },
    parameters,
    context,
    start_timestamp: execution.startedAt ?? execution.createdAt,
    ...(execution.endedAt !== undefined && endOf(execution, execution.endedAt)),
    ...resultOf(execution),
    ...(parent !== undefined && { parent }),
    ...(rule !== undefined && { rule: { id: rule, ref: rule, name: nameOf(rule), pack: packOf(rule) } }),
    ...(triggerInstance !== undefined && { trigger_instance: { id: triggerInstance } }),
    log: logOf(execution),
  };
}

function unknownAction({ action, runner }: Execution) {
  return { id: action, ref: action, name: nameOf(action), pack: packOf(action), runner_type: runner };
}

/** The names that packs read: who asked, and by what. */
function contextOf({ action, context }: Execution): JsonObject {
  const { rule, triggerInstance, parent, alias, task, rerunOf, policies } = context;
  return {
    user: 'stormlet',
    pack: packOf(action),
    ...(rule !== undefined && { rule: { id: rule, name: nameOf(rule) } }),
    ...(triggerInstance !== undefined && { trigger_instance: { id: triggerInstance } }),
    ...(parent !== undefined && { parent: { execution_id: parent } }),
    ...(task && taskOf(task, parent ?? '')),
    ...(rerunOf !== undefined && { 're-run': { ref: rerunOf } }),
    ...(policies?.retry && { policies: { retry: retryOf(policies.retry) } }),
    ...(alias !== undefined && { action_alias_ref: { id: alias, name: nameOf(alias) } }),
  };
}

/** A task does not know in which language its workflow is written, so it is named as it is in either. */
function taskOf({ name, key, item }: TaskContext, workflow: string): JsonObject {
  const orquesta = { task_id: name, task_name: name, task_execution_id: key, workflow_execution_id: workflow };
  return { orquesta: { ...orquesta, ...(item !== undefined && { item_id: item }) }, chain: { name } };
}

function retryOf({ policy, count, of }: RetryContext): JsonObject {
  return { applied_policy: policy, retry_count: count, retried_liveaction_id: of };
}

function endOf(execution: Execution, end: string) {
  const began = Date.parse(execution.startedAt ?? execution.createdAt);
  return { end_timestamp: end, elapsed_seconds: (Date.parse(end) - began) / 1000 };
}

/** What failed before the action could say anything is told where StackStorm tells it: in the result. */
function resultOf({ result, fault }: Execution): Pick<St2Execution, 'result' | 'result_size'> {
  const told = result ?? (fault ? { error: fault.message } : undefined);
  return told === undefined ? {} : { result: told, result_size: Buffer.byteLength(JSON.stringify(told)) };
}

function logOf({ status, createdAt, startedAt, endedAt }: Execution): St2Execution['log'] {
  return [
    { status: 'requested', timestamp: createdAt },
    ...(startedAt === undefined ? [] : [{ status: 'running', timestamp: startedAt }]),
    ...(endedAt === undefined ? [] : [{ status, timestamp: endedAt }]),
  ];
}
