import { z } from 'zod';
import { AnyJson } from '../any-json.ts';
import { ApiFault } from '../faults.ts';
import { route } from '../route.ts';
import { asSt2Trigger, St2Trigger } from '../shapes/trigger.ts';

export const webhookRoutes = [
  route({
    method: 'GET',
    path: '/v1/webhooks',
    summary: 'List the webhooks that rules listen to.',
    answer: z.array(St2Trigger),
    run: (_, { webhooks }) => ({ body: webhooks.list().map(asSt2Trigger) }),
  }),
  route({
    method: 'GET',
    path: '/v1/webhooks/{url*}',
    summary: 'Get the webhook of an address.',
    answer: St2Trigger,
    run({ params }, { webhooks }) {
      const [first] = webhooks.on(params.url ?? '');
      if (!first) throw new ApiFault(404, `Webhook ${params.url} not registered with st2`);
      return { body: asSt2Trigger(first) };
    },
  }),
  route({
    method: 'POST',
    path: '/v1/webhooks/{url*}',
    summary: 'Make an event for the rules on an address; `st2` takes `{trigger, payload}` for any trigger.',
    body: 'raw',
    answer: AnyJson,
    status: 202,
    async run({ params, headers, raw, identity }, { webhooks }) {
      const execution = identity.kind === 'process' ? identity.of : undefined;
      const reply = await webhooks.receive({ url: params.url ?? '', headers, body: raw, execution });
      if ('problem' in reply) throw new ApiFault(reply.status, reply.problem.message);
      return { body: reply.body };
    },
  }),
];
