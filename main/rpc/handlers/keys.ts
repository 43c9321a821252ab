import { StormletError } from '../../contract/errors.ts';
import { SECRET_MASK } from '../../contract/executions.ts';
import type { KeyName, StoredKey } from '../../contract/keys.ts';
import type { Handlers } from '../../contract/rpc.ts';
import type { DatastoreFile, StoredKey as KeyInFile, NewKey } from '../../store/datastore-file.ts';

/** `onChanged` is told after each change. */
export function keyHandlers(deps: {
  readonly datastore: Pick<DatastoreFile, 'list' | 'get' | 'decrypt'> & {
    /** `execution` is the one whose program does it. */
    set(key: NewKey, execution?: string): void;
    delete(scope: KeyInFile['scope'], name: string, execution?: string): boolean;
  };
  onChanged(key: KeyName, removed: boolean): void;
}): Handlers['keys'] {
  const { datastore } = deps;
  const find = ({ scope, name }: KeyName) => datastore.get(scope, name) ?? unknown(name, scope);
  return {
    list: ({ prefix, scope }) => datastore.list(scope, prefix).map(asShown),
    get: (key) => asShown(find(key)),
    decrypt: (key, { source }) => {
      if (source === 'window') throw notHere(key.name);
      const found = find(key);
      return { value: found.secret ? datastore.decrypt(found.value) : found.value };
    },
    set: (key, { execution }) => {
      datastore.set(key, execution);
      deps.onChanged(key, false);
      return asShown(find(key));
    },
    delete: (key, { execution }) => {
      if (!datastore.delete(key.scope, key.name, execution)) unknown(key.name, key.scope);
      deps.onChanged(key, true);
    },
  };
}

/** A secret one is masked. */
export function asShown({ name, scope, value, secret, expiresAt }: KeyInFile): StoredKey {
  return {
    name,
    scope,
    value: secret ? SECRET_MASK : value,
    secret,
    ...(expiresAt !== undefined && { expiresAt: new Date(expiresAt * 1000).toISOString() }),
  };
}

function unknown(name: string, scope: string): never {
  throw new StormletError({
    code: 'key/unknown',
    kind: 'user',
    message: `the datastore has no key \`${name}\` in the ${scope} scope`,
    hint: 'see the names with `stormlet key list`',
  });
}

function notHere(name: string): StormletError {
  return new StormletError({
    code: 'key/terminal-only',
    kind: 'user',
    message: `\`${name}\` is a secret, and secrets are shown at a terminal only`,
    hint: `run \`stormlet key get ${name} --decrypt\``,
  });
}
