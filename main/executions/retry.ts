import type { Execution } from '../contract/executions.ts';
import type { JsonObject } from '../contract/json.ts';
import type { RetryPolicy } from '../contract/policies.ts';
import { type NewExecution, startingState } from './new-execution.ts';

/**
 * The next attempt at what failed or took too long, with the same parameters (st2actions/policies/retry.py). Undefined: no
 * policy asks for one, or all its attempts were made. What is a step of a workflow is the workflow's to try again.
 */
export function retryOf(
  ended: Execution,
  parameters: JsonObject,
  policies: readonly RetryPolicy[],
  id: string,
  now: string,
): NewExecution | undefined {
  const { action, runner, context } = ended;
  const next = nextTry(ended, policies);
  if (!next) return undefined;
  const { policy, count } = next;
  const retry = { policy: policy.ref, count, of: ended.id };
  return {
    parameters,
    execution: {
      id,
      action,
      runner,
      parameters: ended.parameters,
      // What held back the attempt before does not hold back this one.
      context: { ...context, policies: { retry } },
      ...startingState(policy.delayMs, `the policy \`${policy.ref}\` tries it again, ${count} of ${policy.count}`, now),
      createdAt: now,
      steps: [],
    },
  };
}

/** Which policy has it tried again, and for the how many-eth time. */
export function nextTry(
  { context, status }: Execution,
  policies: readonly RetryPolicy[],
): { readonly policy: RetryPolicy; readonly count: number } | undefined {
  if (policies.length === 0 || context.parent !== undefined) return undefined;
  const count = (context.policies?.retry?.count ?? 0) + 1;
  const policy = policies.find((each) => each.on === status && count <= each.count);
  return policy && { policy, count };
}
