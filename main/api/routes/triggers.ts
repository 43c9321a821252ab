import { z } from 'zod';
import { isJsonObject } from '../../contract/json.ts';
import type { Client } from '../../contract/rpc.ts';
import { TriggerInstanceStatus } from '../../contract/triggers.ts';
import { AnyJson } from '../any-json.ts';
import { ApiFault } from '../faults.ts';
import { attributes, listed, pageOf, paging, pickAttributes, readFrom } from '../queries.ts';
import { route } from '../route.ts';
import {
  asSt2Trigger,
  asSt2TriggerInstance,
  asSt2TriggerType,
  St2Trigger,
  St2TriggerInstance,
  St2TriggerType,
  triggerOfType,
} from '../shapes/trigger.ts';
import { refOf } from './actions.ts';
import { instant } from './executions.ts';

const byName = { ...paging, ...attributes, name: z.string().optional(), pack: z.string().optional() };

export const triggerRoutes = [
  route({
    method: 'GET',
    path: '/v1/triggertypes',
    summary: 'List trigger types.',
    query: z.object(byName),
    answer: z.array(St2TriggerType.partial()),
    async run({ query }, { client }) {
      const found = (await client.triggers.types()).filter(named(query));
      return pageOf(
        found.map((type) => pickAttributes(asSt2TriggerType(type), query)),
        query,
      );
    },
  }),
  route({
    method: 'GET',
    path: '/v1/triggertypes/{ref}',
    summary: 'Get a trigger type.',
    answer: St2TriggerType,
    async run({ params }, { client }) {
      const found = (await client.triggers.types()).find(({ ref }) => ref === params.ref);
      if (!found) throw new ApiFault(404, `there is no trigger type \`${params.ref}\``);
      return { body: asSt2TriggerType(found) };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/triggers',
    summary: 'List triggers: one for each type without parameters, and those that rules ask for with some.',
    query: z.object({ ...byName, type: z.string().optional() }),
    answer: z.array(St2Trigger.partial()),
    async run({ query }, { client }) {
      const found = (await allTriggers(client)).filter(named(query));
      const ofType = found.filter(({ type }) => query.type === undefined || type === query.type);
      return pageOf(
        ofType.map((trigger) => pickAttributes(trigger, query)),
        query,
      );
    },
  }),
  route({
    method: 'GET',
    path: '/v1/triggers/{ref}',
    summary: 'Get a trigger.',
    answer: St2Trigger,
    async run({ params }, { client }) {
      const found = (await allTriggers(client)).find(({ id, ref }) => id === params.ref || ref === params.ref);
      if (!found) throw new ApiFault(404, `there is no trigger \`${params.ref}\``);
      return { body: found };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/timers',
    summary: 'List the timers that rules ask for.',
    query: z.object({ ...paging, timer_type: z.string().optional() }),
    answer: z.array(St2Trigger),
    async run({ query }, { client }) {
      const timers = (await client.triggers.list()).filter(({ type }) => TIMER.test(type)).map(asSt2Trigger);
      return pageOf(
        timers.filter(({ type }) => query.timer_type === undefined || type === query.timer_type),
        query,
      );
    },
  }),
  ...['/v1/triggerinstances', '/v1/triggerinstances/views'].map((path) =>
    route({
      method: 'GET',
      path,
      summary: 'List events, the newest first.',
      query: z.object({
        ...paging,
        ...attributes,
        trigger: z.string().optional(),
        status: TriggerInstanceStatus.optional(),
        timestamp_gt: z.string().optional(),
        timestamp_lt: z.string().optional(),
      }),
      answer: z.array(St2TriggerInstance.partial()),
      async run({ query }, { client }) {
        const since = instant(query.timestamp_gt);
        const until = instant(query.timestamp_lt);
        const filter = {
          ...(query.trigger !== undefined && { trigger: query.trigger }),
          ...(query.status !== undefined && { status: [query.status] }),
          ...(since !== undefined && { since }),
          ...(until !== undefined && { until }),
        };
        const found = await readFrom((page) => client.triggers.page({ ...filter, ...page }), query);
        const items = found.map((each) => pickAttributes(asSt2TriggerInstance(each), query));
        return listed(items, query.offset + items.length, query.limit);
      },
    }),
  ),
  route({
    method: 'GET',
    path: '/v1/triggerinstances/{id}',
    summary: 'Get an event.',
    answer: St2TriggerInstance,
    run: async ({ params }, { client }) => ({
      body: asSt2TriggerInstance(await client.triggers.get({ id: params.id ?? '' })),
    }),
  }),
  route({
    method: 'POST',
    path: '/v1/triggerinstances/{id}/re_emit',
    summary: 'Send an event again, as a new one.',
    answer: z.object({ message: z.string(), payload: AnyJson }),
    async run({ params }, { client }) {
      const { id, trigger, payload } = await client.triggers.get({ id: params.id ?? '' });
      const given = isJsonObject(payload) ? payload : {};
      const sent = await client.triggers.emit({ trigger: refOf('Trigger', trigger), payload: given });
      if (sent.problem) throw new ApiFault(400, sent.problem.message);
      const message = `Trigger instance ${id} successfully re-sent.`;
      return { body: { message, payload: { ...given, __context: { original_id: id } } } };
    },
  }),
];

const TIMER = /^core\.st2\.(Interval|Cron|Date)Timer$/;

async function allTriggers(client: Client) {
  const [types, triggers] = await Promise.all([client.triggers.types(), client.triggers.list()]);
  const plain = types.filter((type) => Object.keys(type.parametersSchema ?? {}).length === 0);
  return [...plain.map(triggerOfType), ...triggers.map(asSt2Trigger)];
}

function named(query: { readonly name?: string | undefined; readonly pack?: string | undefined }) {
  return ({ name, pack }: { readonly name: string; readonly pack: string }) =>
    (query.name === undefined || name === query.name) && (query.pack === undefined || pack === query.pack);
}
