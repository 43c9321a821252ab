import { StormletError } from '../../main/contract/errors.ts';
import { SECRET_MASK } from '../../main/contract/executions.ts';
import type { JsonObject } from '../../main/contract/json.ts';
import type { StoredKey } from '../../main/contract/keys.ts';
import type { PackConfig } from '../../main/contract/pack-config.ts';
import type { ParameterSpecs } from '../../main/contract/parameter-spec.ts';
import type { PackRef } from '../../main/contract/refs.ts';
import type { Emit, Handlers } from '../../main/contract/rpc.ts';

const SCHEMA: ParameterSpecs = {
  url: { type: 'string', required: true, description: 'Where it greets.' },
  token: { type: 'string', secret: true },
  retries: { type: 'integer', default: 3 },
  login: { type: 'object', properties: { user: { type: 'string' }, password: { type: 'string', secret: true } } },
};

/** The configuration of one pack in memory, with each request to save it. */
export function fakePackConfig(ref: PackRef) {
  const saved: Parameters<Handlers['packs']['saveConfig']>[0][] = [];
  let values: JsonObject = { token: SECRET_MASK };
  const read = (): PackConfig => ({
    ref,
    file: `/config/configs/${ref}.yaml`,
    exists: true,
    yaml: '',
    schema: SCHEMA,
    values,
    effective: { retries: 3, login: {}, ...values },
    problems: [],
    readable: 'token' in values ? ['token'] : [],
    missing: 'url' in values ? [] : ['url'],
    revision: String(saved.length),
  });
  const handlers: Pick<Handlers['packs'], 'config' | 'saveConfig'> = {
    config: read,
    saveConfig: (request) => {
      saved.push(request);
      values = request.values ?? values;
      return read();
    },
  };
  return { handlers, saved };
}

type KnownKey = StoredKey & { readonly plain: string };

export function fakeKeyHandlers(emit: Emit, known: readonly KnownKey[] = []): Handlers['keys'] {
  const keys = new Map<string, KnownKey>(known.map((key) => [`${key.scope} ${key.name}`, key]));
  const find = (name: string, scope: string) => {
    const key = keys.get(`${scope} ${name}`);
    if (key) return key;
    throw new StormletError({ code: 'key/unknown', kind: 'user', message: `the datastore has no key \`${name}\`` });
  };
  return {
    list: ({ prefix, scope }) => [...keys.values()].filter((key) => key.scope === scope && key.name.startsWith(prefix)),
    get: ({ name, scope }) => find(name, scope),
    decrypt: ({ name, scope }) => ({ value: find(name, scope).plain }),
    set: ({ name, scope, value, secret, ttlSeconds }) => {
      const expires = ttlSeconds === undefined ? {} : { expiresAt: new Date(ttlSeconds * 1000).toISOString() };
      keys.set(`${scope} ${name}`, {
        name,
        scope,
        value: secret ? SECRET_MASK : value,
        secret,
        plain: value,
        ...expires,
      });
      emit('keys.changed', { name, scope, removed: false });
      return find(name, scope);
    },
    delete: ({ name, scope }) => {
      find(name, scope);
      keys.delete(`${scope} ${name}`);
      emit('keys.changed', { name, scope, removed: true });
    },
  };
}
