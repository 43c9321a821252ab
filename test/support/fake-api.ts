import type { ApiKey } from '../../main/contract/api.ts';
import { StormletError } from '../../main/contract/errors.ts';
import type { Handlers } from '../../main/contract/rpc.ts';

/** API keys that open nothing, and an API that is nowhere. */
export function fakeApiHandlers(): Pick<Handlers, 'api' | 'apiKeys'> {
  const keys = new Map<string, ApiKey>();
  const find = (id: string): ApiKey => {
    const found = keys.get(id);
    if (found) return found;
    throw new StormletError({ code: 'api-key/unknown', kind: 'user', message: `there is no API key \`${id}\`` });
  };
  return {
    api: {
      addresses: () => ({ packs: 'http://127.0.0.1:40123/v1', public: 'http://127.0.0.1:9101/v1' }),
      openapi: () => ({ openapi: '3.1.0', paths: {} }),
    },
    apiKeys: {
      list: () => [...keys.values()],
      create: ({ name }) => {
        const key: ApiKey = { id: `key-${keys.size + 1}`, name, createdAt: '2026-01-02T03:04:05.678Z', enabled: true };
        keys.set(key.id, key);
        return { ...key, key: 's3cret' };
      },
      setEnabled: ({ id, enabled }) => {
        const changed = { ...find(id), enabled };
        keys.set(id, changed);
        return changed;
      },
      delete: ({ id }) => void keys.delete(find(id).id),
    },
  };
}
