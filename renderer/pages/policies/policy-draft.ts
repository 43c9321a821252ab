import type { JsonObject } from '../../../main/contract/json.ts';
import type { ActionDefinition } from '../../../main/contract/packs.ts';
import type { NewPolicy, OverflowAction, PolicyType } from '../../../main/contract/policies.ts';

/** A policy as its form has it; fields of other types are kept while somebody looks for the type. */
export type PolicyDraft = {
  readonly name: string;
  readonly type: PolicyType;
  readonly threshold: number;
  readonly overflow: OverflowAction;
  readonly attributes: readonly string[];
  readonly retryOn: 'failure' | 'timeout';
  readonly retries: number;
  readonly delay: number;
};

export function emptyPolicy({ name }: Pick<ActionDefinition, 'name'>, taken: readonly string[]): PolicyDraft {
  return {
    name: freeName(`limit_${name}`, taken),
    type: 'action.concurrency',
    threshold: 1,
    overflow: 'delay',
    attributes: [],
    retryOn: 'failure',
    retries: 2,
    delay: 10,
  };
}

export function newPolicyOf(draft: PolicyDraft, action: ActionDefinition): NewPolicy {
  return {
    name: draft.name.trim(),
    description: '',
    enabled: true,
    resource: action.ref,
    type: draft.type,
    parameters: parametersOf(draft),
  };
}

function parametersOf({ type, threshold, overflow, attributes, retryOn, retries, delay }: PolicyDraft): JsonObject {
  if (type === 'action.retry') return { retry_on: retryOn, max_retry_count: retries, delay };
  const plain = { threshold, action: overflow };
  return type === 'action.concurrency' ? plain : { ...plain, attributes: [...attributes] };
}

function freeName(wanted: string, taken: readonly string[]): string {
  const plain = wanted.replaceAll(/[^\w.-]/g, '_');
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? plain : `${plain}_${count}`;
    if (!taken.includes(name)) return name;
  }
}
