import { z } from 'zod';
import type { KeyScope, StoredKey } from '../../contract/keys.ts';
import type { Client } from '../../contract/rpc.ts';
import { ApiFault } from '../faults.ts';
import { Flag, listed, pageOf, paging } from '../queries.ts';
import { route } from '../route.ts';

const St2Key = z.object({
  id: z.string(),
  uid: z.string(),
  name: z.string(),
  value: z.string(),
  scope: z.enum(['st2kv.system', 'st2kv.user']),
  secret: z.boolean(),
  encrypted: z.boolean(),
  expire_timestamp: z.string().optional(),
});
const where = { scope: z.string().optional(), user: z.string().optional(), decrypt: Flag.default(false) };

export const keyRoutes = [
  route({
    method: 'GET',
    path: '/v1/keys',
    summary: 'List keys of the datastore.',
    query: z.object({ ...paging, ...where, prefix: z.string().default(''), name: z.string().optional() }),
    answer: z.array(St2Key),
    async run({ query }, { client }) {
      const scopes: KeyScope[] = query.scope === 'all' ? ['system', 'user'] : [scopeOf(query)];
      const lists = await Promise.all(scopes.map((scope) => client.keys.list({ prefix: query.prefix, scope })));
      const keys = lists.flat().filter(({ name }) => query.name === undefined || query.name === name);
      const page = pageOf(keys, query).body;
      return listed(
        await Promise.all(page.map((key) => asSt2Key(client, key, query.decrypt))),
        keys.length,
        query.limit,
      );
    },
  }),
  route({
    method: 'GET',
    path: '/v1/keys/{name*}',
    summary: 'Get a key; a secret one is masked, unless it is to be decrypted.',
    query: z.object(where),
    answer: St2Key,
    async run({ params, query }, { client }) {
      const key = await client.keys.get({ name: nameOf(params), scope: scopeOf(query) });
      return { body: await asSt2Key(client, key, query.decrypt) };
    },
  }),
  route({
    method: 'PUT',
    path: '/v1/keys/{name*}',
    summary: 'Set a key.',
    query: z.object({ scope: z.string().optional(), user: z.string().optional() }),
    body: z.looseObject({
      value: z.string(),
      secret: z.boolean().nullish(),
      encrypted: z.boolean().nullish(),
      scope: z.string().nullish(),
      user: z.string().nullish(),
      ttl: z.number().positive().nullish(),
    }),
    answer: St2Key,
    async run({ params, query, body }, { client }) {
      if (body.encrypted)
        throw new ApiFault(
          400,
          'a value that another key has encrypted cannot be read here; send it plain, with `secret`',
        );
      const scope = scopeOf({ scope: body.scope ?? query.scope, user: body.user ?? query.user });
      const key = await client.keys.set({
        name: nameOf(params),
        scope,
        value: body.value,
        secret: body.secret ?? false,
        ...(typeof body.ttl === 'number' && { ttlSeconds: body.ttl }),
      });
      return { body: await asSt2Key(client, key, false) };
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/keys/{name*}',
    summary: 'Delete a key.',
    query: z.object({ scope: z.string().optional(), user: z.string().optional() }),
    answer: z.undefined(),
    status: 204,
    async run({ params, query }, { client }) {
      await client.keys.delete({ name: nameOf(params), scope: scopeOf(query) });
      return { body: undefined };
    },
  }),
];

/** Also with the slash at its end that `st2client` writes. */
function nameOf(params: Readonly<Record<string, string>>): string {
  return (params.name ?? '').replace(/\/$/, '');
}

/** There is one user; whoever names one means the user's scope, as in StackStorm. */
function scopeOf({ scope, user }: { scope?: string | null | undefined; user?: string | null | undefined }): KeyScope {
  if (user) return 'user';
  if (scope === undefined || scope === null || scope === 'system' || scope === 'st2kv.system') return 'system';
  if (scope === 'user' || scope === 'st2kv.user') return 'user';
  throw new ApiFault(400, `Scope "${scope}" is invalid. Allowed scopes are st2kv.system and st2kv.user.`);
}

async function asSt2Key(client: Client, key: StoredKey, decrypt: boolean): Promise<z.infer<typeof St2Key>> {
  const { name, scope, secret, expiresAt } = key;
  const value = secret && decrypt ? (await client.keys.decrypt({ name, scope })).value : key.value;
  return {
    id: name,
    uid: `key_value_pair:st2kv.${scope}:${name}`,
    name,
    value,
    scope: `st2kv.${scope}`,
    secret,
    encrypted: secret && !decrypt,
    ...(expiresAt !== undefined && { expire_timestamp: expiresAt }),
  };
}
