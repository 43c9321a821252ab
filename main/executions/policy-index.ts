import {
  ConcurrencyByAttributeParameters,
  ConcurrencyParameters,
  type ConcurrencyPolicy,
  type PolicyDefinition,
  RetryParameters,
  type RetryPolicy,
} from '../contract/policies.ts';
import type { ResourceRef } from '../contract/refs.ts';

/** The policies that are in force, by the action that they are for. */
export type PolicyIndex = {
  concurrency(action: ResourceRef): readonly ConcurrencyPolicy[];
  retry(action: ResourceRef): readonly RetryPolicy[];
};

const NONE: readonly never[] = [];
export const NO_POLICIES: PolicyIndex = { concurrency: () => NONE, retry: () => NONE };

/** `active` have parameters that their type allows. */
export function indexPolicies(active: readonly PolicyDefinition[]): PolicyIndex {
  if (active.length === 0) return NO_POLICIES;
  const concurrency = new Map<ResourceRef, ConcurrencyPolicy[]>();
  const retry = new Map<ResourceRef, RetryPolicy[]>();
  for (const policy of active) {
    if (policy.type === 'action.retry') add(retry, policy.resource, readRetry(policy));
    else add(concurrency, policy.resource, readConcurrency(policy));
  }
  return {
    concurrency: (action) => concurrency.get(action) ?? NONE,
    retry: (action) => retry.get(action) ?? NONE,
  };
}

function readConcurrency({ ref, type, parameters }: PolicyDefinition): ConcurrencyPolicy {
  if (type === 'action.concurrency') return { ref, ...ConcurrencyParameters.parse(parameters), attributes: [] };
  return { ref, ...ConcurrencyByAttributeParameters.parse(parameters) };
}

function readRetry({ ref, parameters }: PolicyDefinition): RetryPolicy {
  const { retry_on: on, max_retry_count: count, delay } = RetryParameters.parse(parameters);
  return { ref, on: on === 'failure' ? 'failed' : 'timeout', count, delayMs: delay * 1000 };
}

function add<T>(byAction: Map<ResourceRef, T[]>, action: ResourceRef, policy: T): void {
  byAction.set(action, [...(byAction.get(action) ?? []), policy]);
}
