import { StormletError } from '../../main/contract/errors.ts';
import type { PolicyDetail, PolicySummary } from '../../main/contract/policies.ts';
import { packOf, type ResourceRef } from '../../main/contract/refs.ts';
import type { Emit, Handlers } from '../../main/contract/rpc.ts';

/** Policies kept as they are given. */
export function fakePolicyHandlers(emit: Emit, given: readonly PolicySummary[] = []): Handlers['policies'] {
  const policies = new Map(given.map((policy) => [policy.ref, policy]));
  const set = (policy: PolicySummary) => {
    policies.set(policy.ref, policy);
    emit('policies.changed', { ref: policy.ref, removed: false });
    return policy;
  };
  const find = (ref: ResourceRef) => {
    const policy = policies.get(ref);
    if (policy) return policy;
    throw new StormletError({ code: 'policy/unknown', kind: 'user', message: `there is no policy \`${ref}\`` });
  };
  return {
    list: () => [...policies.values()],
    problems: () => [],
    get: ({ ref }) => withYaml(find(ref)),
    create: (policy) => withYaml(set(fakePolicy({ ...policy, ref: `default.${policy.name}` as ResourceRef }))),
    save: ({ ref, yaml }) => ({ ...find(ref), yaml }),
    remove: ({ ref }) => {
      policies.delete(find(ref).ref);
      emit('policies.changed', { ref, removed: true });
    },
    setEnabled: ({ ref, enabled }) => set({ ...find(ref), enabled, state: enabled ? 'active' : 'disabled' }),
  };
}

export function fakePolicy(given: Pick<PolicySummary, 'ref' | 'resource' | 'type' | 'parameters'>): PolicySummary {
  const pack = packOf(given.ref);
  const name = given.ref.slice(pack.length + 1);
  const rest = { pack, name, description: '', enabled: true, state: 'active', origin: 'user' } as const;
  return { ...rest, ...given, problems: [], file: `/config/policies/${name}.yaml` };
}

function withYaml(policy: PolicySummary): PolicyDetail {
  const { name, enabled, resource, type } = policy;
  return { ...policy, yaml: `name: ${name}\nenabled: ${enabled}\nresource_ref: ${resource}\npolicy_type: ${type}\n` };
}
