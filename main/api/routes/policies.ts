import { z } from 'zod';
import { POLICY_PARAMETERS, type PolicyDefinition, PolicyType } from '../../contract/policies.ts';
import { AnyObject } from '../any-json.ts';
import { ApiFault } from '../faults.ts';
import { attributes, pageOf, paging, pickAttributes } from '../queries.ts';
import { route } from '../route.ts';
import { inPack, plainJson } from '../shapes/action.ts';
import { refOf } from './actions.ts';

/** A policy as StackStorm's API gives it (st2common/models/api/policy.py). */
const St2Policy = z.object({
  id: z.string(),
  uid: z.string(),
  ref: z.string(),
  pack: z.string(),
  name: z.string(),
  description: z.string(),
  enabled: z.boolean(),
  resource_ref: z.string(),
  policy_type: z.string(),
  parameters: AnyObject,
  metadata_file: z.string(),
});
const St2PolicyType = z.object({
  id: z.string(),
  ref: z.string(),
  name: z.string(),
  resource_type: z.string(),
  enabled: z.boolean(),
  parameters: AnyObject,
});

export const policyRoutes = [
  route({
    method: 'GET',
    path: '/v1/policies',
    summary: 'List policies.',
    query: z.object({
      ...paging,
      ...attributes,
      name: z.string().optional(),
      pack: z.string().optional(),
      resource_ref: z.string().optional(),
      policy_type: z.string().optional(),
    }),
    answer: z.array(St2Policy.partial()),
    async run({ query }, { client }) {
      const { name, pack, resource_ref: resource, policy_type: type } = query;
      const found = (await client.policies.list()).filter(
        (policy) =>
          (name === undefined || policy.name === name) &&
          (pack === undefined || policy.pack === pack) &&
          (resource === undefined || policy.resource === resource) &&
          (type === undefined || policy.type === type),
      );
      return pageOf(
        found.map((policy) => pickAttributes(asSt2Policy(policy), query)),
        query,
      );
    },
  }),
  route({
    method: 'GET',
    path: '/v1/policies/{ref}',
    summary: 'Get a policy.',
    answer: St2Policy,
    run: async ({ params }, { client }) => ({
      body: asSt2Policy(await client.policies.get({ ref: refOf('Policy', params.ref) })),
    }),
  }),
  route({
    method: 'PUT',
    path: '/v1/policies/{ref}',
    summary: 'Switch a policy on or off.',
    body: z.looseObject({ enabled: z.boolean() }),
    answer: St2Policy,
    async run({ params, body }, { client }) {
      const ref = refOf('Policy', params.ref);
      return { body: asSt2Policy(await client.policies.setEnabled({ ref, enabled: body.enabled })) };
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/policies/{ref}',
    summary: 'Delete a policy of the person.',
    answer: z.undefined(),
    status: 204,
    async run({ params }, { client }) {
      await client.policies.remove({ ref: refOf('Policy', params.ref) });
      return { body: undefined };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/policytypes',
    summary: 'List the types of policies.',
    query: z.object(paging),
    answer: z.array(St2PolicyType),
    run: ({ query }) => pageOf(PolicyType.options.map(asSt2PolicyType), query),
  }),
  route({
    method: 'GET',
    path: '/v1/policytypes/{ref}',
    summary: 'Get a type of policies.',
    answer: St2PolicyType,
    run({ params }) {
      const { data } = PolicyType.safeParse(params.ref);
      if (!data) throw new ApiFault(404, `there is no policy type \`${params.ref}\``);
      return { body: asSt2PolicyType(data) };
    },
  }),
];

function asSt2Policy(policy: PolicyDefinition): z.infer<typeof St2Policy> {
  const { ref, pack, name, description, enabled, parameters } = policy;
  return {
    id: ref,
    uid: `policy:${pack}:${name}`,
    ...{ ref, pack, name, description, enabled },
    resource_ref: policy.resource,
    policy_type: policy.type,
    parameters,
    metadata_file: inPack(policy.file),
  };
}

function asSt2PolicyType(ref: PolicyType): z.infer<typeof St2PolicyType> {
  const [resource = '', ...name] = ref.split('.');
  const { properties = {} } = z.toJSONSchema(POLICY_PARAMETERS[ref], { io: 'input' });
  return {
    id: ref,
    ref,
    name: name.join('.'),
    resource_type: resource,
    enabled: true,
    parameters: plainJson(properties),
  };
}
