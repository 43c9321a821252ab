import { asShown } from '../rpc/handlers/keys.ts';
import type { DatastoreFile, NewKey, StoredKey } from '../store/datastore-file.ts';
import type { ChangedKey, InternalEvents } from './internal-events.ts';

/** The datastore for whoever changes it on somebody's behalf: each change is an event. */
export type TellingDatastore = Pick<DatastoreFile, 'list' | 'get' | 'decrypt'> & {
  /** `execution` is the one whose action does it. */
  set(key: NewKey, execution?: string): void;
  delete(scope: StoredKey['scope'], name: string, execution?: string): boolean;
};

export function tellChanges(datastore: DatastoreFile, events: Pick<InternalEvents, 'key'>): TellingDatastore {
  const look = (scope: StoredKey['scope'], name: string): ChangedKey | undefined => {
    const key = datastore.get(scope, name);
    // Sealing the same text twice makes two texts.
    return key && { ...asShown(key), content: key.secret ? datastore.decrypt(key.value) : key.value };
  };
  return {
    list: (scope, prefix) => datastore.list(scope, prefix),
    get: (scope, name) => datastore.get(scope, name),
    decrypt: (text) => datastore.decrypt(text),
    set(key, execution) {
      const before = look(key.scope, key.name);
      datastore.set(key);
      events.key(before, look(key.scope, key.name), execution);
    },
    delete(scope, name, execution) {
      const before = look(scope, name);
      const isGone = datastore.delete(scope, name);
      events.key(before, undefined, execution);
      return isGone;
    },
  };
}
