import { z } from 'zod';
import type { Inquiry } from '../../contract/inquiries.ts';
import type { JsonObject } from '../../contract/json.ts';
import { AnyObject } from '../any-json.ts';
import { pageOf, paging } from '../queries.ts';
import { route } from '../route.ts';

const St2Inquiry = z.object({
  id: z.string(),
  route: z.string(),
  ttl: z.number(),
  users: z.array(z.string()),
  roles: z.array(z.string()),
  schema: AnyObject,
});

export const inquiryRoutes = [
  route({
    method: 'GET',
    path: '/v1/inquiries',
    summary: 'List the questions that executions wait with.',
    query: z.object(paging),
    answer: z.array(St2Inquiry),
    run: async ({ query }, { client }) => pageOf((await client.inquiries.list()).map(asSt2Inquiry), query),
  }),
  route({
    method: 'GET',
    path: '/v1/inquiries/{id}',
    summary: 'Get a question.',
    answer: St2Inquiry,
    run: async ({ params }, { client }) => ({
      body: asSt2Inquiry(await client.inquiries.get({ id: params.id ?? '' })),
    }),
  }),
  route({
    method: 'PUT',
    path: '/v1/inquiries/{id}',
    summary: 'Answer a question.',
    body: z.looseObject({ response: AnyObject }),
    answer: z.object({ id: z.string(), response: AnyObject }),
    async run({ params, body }, { client }) {
      const id = params.id ?? '';
      await client.inquiries.respond({ id, response: body.response as JsonObject });
      return { body: { id, response: body.response } };
    },
  }),
];

function asSt2Inquiry({ id, route: its, ttl, users, roles, schema }: Inquiry): z.infer<typeof St2Inquiry> {
  return { id, route: its, ttl, users, roles, schema };
}
