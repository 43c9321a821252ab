import { z } from 'zod';
import type { ApiKey } from '../../contract/api.ts';
import { AnyObject } from '../any-json.ts';
import { ApiFault } from '../faults.ts';
import { pageOf, paging } from '../queries.ts';
import { type Call, route } from '../route.ts';

const St2ApiKey = z.object({
  id: z.string(),
  user: z.string(),
  created_at: z.string(),
  enabled: z.boolean(),
  metadata: AnyObject,
});
const Token = z.object({
  id: z.string(),
  user: z.string(),
  token: z.string(),
  expiry: z.string(),
  metadata: AnyObject,
});
/** The one that there is. */
const USER = 'stormlet';
/** Seconds. */
const DAY = 86_400;
const MONTH = 31 * DAY;

export const accessRoutes = [
  route({
    method: 'GET',
    path: '/v1',
    summary: 'What this is.',
    answer: z.object({ version: z.string(), docs_url: z.string() }),
    run: (_, { version }) => ({ body: { version, docs_url: '/v1/openapi.json' } }),
  }),
  route({
    method: 'GET',
    path: '/v1/user',
    summary: 'Who asks. There is one user, and that one may do everything.',
    answer: z.object({ username: z.string(), rbac: AnyObject, authentication: AnyObject }),
    run: ({ identity }) => ({
      body: {
        username: USER,
        rbac: { enabled: false, roles: [], is_admin: true },
        authentication: { method: identity.kind === 'key' ? 'API key' : 'authentication token', location: 'header' },
      },
    }),
  }),
  route({
    method: 'POST',
    path: '/v1/tokens',
    summary: 'Trade an API key, given as the password of basic authentication, for a token that ends by itself.',
    body: z.looseObject({ ttl: z.number().int().positive().max(MONTH).nullish() }).nullish(),
    answer: Token,
    status: 201,
    isOpen: true,
    run({ body, headers }, { tokens }) {
      const session = tokens.beginSession(basicPassword(headers), body?.ttl ?? DAY);
      if (!session) throw new ApiFault(401, 'Invalid or missing credentials: the password is an API key.');
      const expiry = new Date(session.expiresAt).toISOString();
      return { body: { id: expiry, user: USER, token: session.token, expiry, metadata: {} } };
    },
  }),
  route({
    method: 'POST',
    path: '/v1/tokens/validate',
    summary: 'Whether a token is still good.',
    body: z.looseObject({ token: z.string() }),
    answer: z.object({ valid: z.boolean() }),
    run: ({ body }, { tokens }) => ({ body: { valid: tokens.identify(body.token) !== undefined } }),
  }),
  route({
    method: 'GET',
    path: '/v1/apikeys',
    summary: 'List API keys, which are not shown.',
    query: z.object(paging),
    answer: z.array(St2ApiKey),
    run: async ({ query }, { client }) => pageOf((await client.apiKeys.list()).map(asSt2ApiKey), query),
  }),
  route({
    method: 'GET',
    path: '/v1/apikeys/{id}',
    summary: 'Get an API key, which is not shown.',
    answer: St2ApiKey,
    async run({ params }, { client }) {
      const found = (await client.apiKeys.list()).find(({ id }) => id === params.id);
      if (!found) throw new ApiFault(404, `there is no API key \`${params.id}\``);
      return { body: asSt2ApiKey(found) };
    },
  }),
  route({
    method: 'POST',
    path: '/v1/apikeys',
    summary: 'Make an API key; this is the only time that it is shown.',
    body: z.looseObject({ metadata: z.looseObject({ name: z.string().max(200).optional() }).nullish() }),
    answer: St2ApiKey.extend({ key: z.string() }),
    status: 201,
    async run(call, { client }) {
      refuseProcesses(call);
      const created = await client.apiKeys.create({ name: call.body.metadata?.name ?? '' });
      return { body: { ...asSt2ApiKey(created), key: created.key } };
    },
  }),
  route({
    method: 'PUT',
    path: '/v1/apikeys/{id}',
    summary: 'Switch an API key on or off.',
    body: z.looseObject({ enabled: z.boolean() }),
    answer: St2ApiKey,
    async run(call, { client }) {
      refuseProcesses(call);
      const { enabled } = call.body;
      return { body: asSt2ApiKey(await client.apiKeys.setEnabled({ id: call.params.id ?? '', enabled })) };
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/apikeys/{id}',
    summary: 'Delete an API key.',
    answer: z.undefined(),
    status: 204,
    async run(call, { client }) {
      refuseProcesses(call);
      await client.apiKeys.delete({ id: call.params.id ?? '' });
      return { body: undefined };
    },
  }),
];

/** What ends with its process must not leave something behind that does not. */
function refuseProcesses({ identity }: Call): void {
  if (identity.kind === 'process') throw new ApiFault(403, 'an action or a sensor cannot change API keys');
}

function basicPassword({ authorization = '' }: Call['headers']): string {
  const encoded = /^Basic (.+)$/i.exec(authorization)?.[1] ?? '';
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  return text.slice(text.indexOf(':') + 1);
}

function asSt2ApiKey({ id, name, createdAt, enabled }: ApiKey): z.infer<typeof St2ApiKey> {
  return { id, user: USER, created_at: createdAt, enabled, metadata: name === '' ? {} : { name } };
}
