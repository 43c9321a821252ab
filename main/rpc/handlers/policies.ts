import type { Problem } from '../../contract/errors.ts';
import type { NewPolicy, PolicyDetail, PolicySummary } from '../../contract/policies.ts';
import type { ResourceRef } from '../../contract/refs.ts';
import type { Handlers } from '../../contract/rpc.ts';

/** Each throws a `user` fault that names the policy, and the file and line where there is one. */
export type PolicyEditing = {
  list(): readonly PolicySummary[];
  problems(): readonly Problem[];
  detail(ref: ResourceRef): Promise<PolicyDetail>;
  create(policy: NewPolicy): Promise<PolicyDetail>;
  save(ref: ResourceRef, yaml: string): Promise<PolicyDetail>;
  remove(ref: ResourceRef): Promise<void>;
  setEnabled(ref: ResourceRef, enabled: boolean): Promise<PolicySummary>;
};

export function policyHandlers(policies: PolicyEditing): Handlers['policies'] {
  return {
    list: () => [...policies.list()],
    problems: () => [...policies.problems()],
    get: ({ ref }) => policies.detail(ref),
    create: (policy) => policies.create(policy),
    save: ({ ref, yaml }) => policies.save(ref, yaml),
    remove: ({ ref }) => policies.remove(ref),
    setEnabled: ({ ref, enabled }) => policies.setEnabled(ref, enabled),
  };
}
