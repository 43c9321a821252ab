import { stringify } from 'yaml';
import { z } from 'zod';
import type { Execution } from '../../contract/executions.ts';
import { nameOf, packOf, type ResourceRef } from '../../contract/refs.ts';
import type { Client } from '../../contract/rpc.ts';
import { NewRule, type RuleSummary } from '../../contract/rules.ts';
import { AnyJson, AnyObject } from '../any-json.ts';
import { ApiFault } from '../faults.ts';
import { attributes, Flag, listed, pageOf, paging, pickAttributes, readFrom } from '../queries.ts';
import { route } from '../route.ts';
import { asSt2Rule, St2Rule } from '../shapes/rule.ts';
import { refOf } from './actions.ts';
import { instant } from './executions.ts';

const RuleRequest = z.looseObject({
  name: NewRule.shape.name,
  pack: z.string().nullish(),
  description: z.string().nullish(),
  enabled: z.boolean().nullish(),
  type: z.looseObject({ ref: z.string() }).nullish(),
  trigger: z.looseObject({ type: z.string(), parameters: AnyObject.nullish() }),
  criteria: z.record(z.string(), z.looseObject({ type: z.string(), pattern: AnyJson.optional() })).nullish(),
  action: z.looseObject({ ref: z.string(), parameters: AnyObject.nullish() }),
  tags: z.array(AnyObject).nullish(),
});
type RuleRequest = z.infer<typeof RuleRequest>;

const Enforcement = z.object({
  id: z.string(),
  rule: z.object({ id: z.string(), ref: z.string(), uid: z.string() }),
  trigger_instance_id: z.string(),
  execution_id: z.string(),
  enforced_at: z.string(),
  status: z.enum(['succeeded', 'failed']),
  failure_reason: z.string().optional(),
});
const OWN_PACK = 'default';

export const ruleRoutes = [
  ...['/v1/rules', '/v1/rules/views'].map((path) =>
    route({
      method: 'GET',
      path,
      summary: 'List rules.',
      query: z.object({
        ...paging,
        ...attributes,
        name: z.string().optional(),
        pack: z.string().optional(),
        action: z.string().optional(),
        trigger: z.string().optional(),
        enabled: Flag.optional(),
      }),
      answer: z.array(St2Rule.partial()),
      async run({ query }, { client }) {
        const { name, pack, action, trigger, enabled } = query;
        const found = (await client.rules.list()).filter(
          (rule) =>
            (name === undefined || rule.name === name) &&
            (pack === undefined || rule.pack === pack) &&
            (action === undefined || rule.action.ref === action) &&
            (trigger === undefined || rule.trigger.type === trigger) &&
            (enabled === undefined || rule.enabled === enabled),
        );
        return pageOf(
          found.map((rule) => pickAttributes(asSt2Rule(rule), query)),
          query,
        );
      },
    }),
  ),
  ...['/v1/rules/{ref}', '/v1/rules/views/{ref}'].map((path) =>
    route({
      method: 'GET',
      path,
      summary: 'Get a rule.',
      answer: St2Rule,
      run: async ({ params }, { client }) => ({
        body: asSt2Rule(await client.rules.get({ ref: refOf('Rule', params.ref) })),
      }),
    }),
  ),
  route({
    method: 'POST',
    path: '/v1/rules',
    summary: `Create a rule, in the pack \`${OWN_PACK}\`, where all rules of the person are.`,
    body: RuleRequest,
    answer: St2Rule,
    status: 201,
    async run({ body }, { client }) {
      checkPack(body);
      const trigger = refOf('TriggerType', body.trigger.type);
      const rule = NewRule.parse({
        name: body.name,
        trigger,
        action: refOf('Action', body.action.ref),
        enabled: false,
      });
      const made = await client.rules.create(rule);
      try {
        return { body: await save(client, made.ref, body) };
      } catch (error) {
        // What was asked for is not a rule; an empty one is not what was asked for.
        await client.rules.remove({ ref: made.ref });
        throw error;
      }
    },
  }),
  route({
    method: 'PUT',
    path: '/v1/rules/{ref}',
    summary: 'Replace a rule; one that a pack brought can only be switched on and off.',
    body: RuleRequest,
    answer: St2Rule,
    async run({ params, body }, { client }) {
      const rule = await client.rules.get({ ref: refOf('Rule', params.ref) });
      if (rule.origin === 'user') return { body: await save(client, rule.ref, body) };
      if (!isSame(rule, body)) throw notYours(rule);
      const enabled = body.enabled ?? false;
      return { body: asSt2Rule(await client.rules.setEnabled({ ref: rule.ref, enabled })) };
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/rules/{ref}',
    summary: 'Delete a rule of the person.',
    answer: z.undefined(),
    status: 204,
    async run({ params }, { client }) {
      await client.rules.remove({ ref: refOf('Rule', params.ref) });
      return { body: undefined };
    },
  }),
  ...['/v1/ruleenforcements', '/v1/ruleenforcements/views'].map((path) =>
    route({
      method: 'GET',
      path,
      summary: 'What rules had run, the newest first.',
      query: z.object({
        ...paging,
        rule_ref: z.string().optional(),
        trigger_instance: z.string().optional(),
        enforced_at_gt: z.string().optional(),
        enforced_at_lt: z.string().optional(),
      }),
      answer: z.array(Enforcement),
      async run({ query }, { client }) {
        const since = instant(query.enforced_at_gt);
        const until = instant(query.enforced_at_lt);
        const filter = {
          ...(query.rule_ref !== undefined && { rule: refOf('Rule', query.rule_ref) }),
          ...(query.trigger_instance !== undefined && { triggerInstance: query.trigger_instance }),
          ...(since !== undefined && { since }),
          ...(until !== undefined && { until }),
          results: false,
        };
        const found = await readFrom(async (page) => {
          const { items, ...rest } = await client.executions.page({ ...filter, ...page });
          return { ...rest, items: items.flatMap((each) => asEnforcement(each) ?? []) };
        }, query);
        return listed(found, query.offset + found.length, query.limit);
      },
    }),
  ),
  route({
    method: 'GET',
    path: '/v1/ruleenforcements/{id}',
    summary: 'One thing that a rule had run.',
    answer: Enforcement,
    async run({ params }, { client }) {
      const found = asEnforcement(await client.executions.get({ id: params.id ?? '' }));
      if (!found) throw new ApiFault(404, `there is no rule enforcement \`${params.id}\``);
      return { body: found };
    },
  }),
];

/** The rule's file as the request has it. */
async function save(client: Client, ref: ResourceRef, rule: RuleRequest): Promise<St2Rule> {
  checkPack(rule);
  const yaml = stringify(
    {
      name: rule.name,
      ...(rule.description && { description: rule.description }),
      enabled: rule.enabled ?? false,
      ...(rule.type && rule.type.ref !== 'standard' && { type: { ref: rule.type.ref } }),
      trigger: { type: rule.trigger.type, ...(rule.trigger.parameters && { parameters: rule.trigger.parameters }) },
      ...(rule.criteria && { criteria: rule.criteria }),
      action: { ref: rule.action.ref, ...(rule.action.parameters && { parameters: rule.action.parameters }) },
      ...(rule.tags && rule.tags.length > 0 && { tags: rule.tags }),
    },
    { lineWidth: 0 },
  );
  return asSt2Rule(await client.rules.save({ ref, yaml }));
}

function checkPack({ pack }: RuleRequest): void {
  if (pack === undefined || pack === null || pack === OWN_PACK) return;
  throw new ApiFault(400, `a rule that is made here belongs to the pack \`${OWN_PACK}\`, not to \`${pack}\``);
}

/** But for whether it is on. */
function isSame(rule: RuleSummary, { trigger, action, criteria }: RuleRequest): boolean {
  const now = asSt2Rule(rule);
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  return (
    trigger.type === now.trigger.type &&
    action.ref === now.action.ref &&
    same(trigger.parameters ?? now.trigger.parameters, now.trigger.parameters) &&
    same(action.parameters ?? now.action.parameters, now.action.parameters) &&
    same(criteria ?? now.criteria, now.criteria)
  );
}

function notYours({ ref, file }: RuleSummary): ApiFault {
  return new ApiFault(400, `\`${ref}\` belongs to its pack, so it can only be switched on and off; it is in ${file}`);
}

/** Every match of a rule has made an execution, also one that could not begin. */
function asEnforcement({
  id,
  context,
  createdAt,
  fault,
  startedAt,
}: Execution): z.infer<typeof Enforcement> | undefined {
  const { rule, triggerInstance } = context;
  if (rule === undefined || triggerInstance === undefined) return undefined;
  const failed = fault !== undefined && startedAt === undefined;
  return {
    id,
    rule: { id: rule, ref: rule, uid: `rule:${packOf(rule)}:${nameOf(rule)}` },
    trigger_instance_id: triggerInstance,
    execution_id: id,
    enforced_at: createdAt,
    status: failed ? 'failed' : 'succeeded',
    ...(failed && { failure_reason: fault.message }),
  };
}
