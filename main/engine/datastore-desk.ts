import type { PackCaller } from '../bus/broker.ts';
import { type DatastoreAnswer, DatastoreCall, type DatastoreValue } from '../contract/datastore-calls.ts';
import type { KeyName } from '../contract/keys.ts';
import type { Log } from '../kit/log.ts';
import type { DatastoreFile } from '../store/datastore-file.ts';
import type { TellingDatastore } from './datastore-changes.ts';

export type DatastoreDeskDeps = {
  readonly datastore: TellingDatastore;
  /** Resolves when what `work` wrote is on the disk, which is not waited for on the event loop. */
  readonly durably: DatastoreFile['durably'];
  readonly log: Log;
  /** After each change. */
  onChanged(key: KeyName, removed: boolean): void;
};

/**
 * Answers what packs' sensors and actions ask of the datastore over the bus. As in StackStorm every pack sees every key of the
 * system scope; the secrets of another pack's configuration alone are not decrypted for it.
 */
export class DatastoreDesk {
  readonly #deps: DatastoreDeskDeps;

  constructor(deps: DatastoreDeskDeps) {
    this.#deps = deps;
  }

  /** Never rejects. */
  async answer(caller: PackCaller, body: Buffer): Promise<DatastoreAnswer> {
    const call = readCall(body);
    if (!call) return { id: null, error: 'this is no call on the datastore' };
    try {
      return { id: call.id, value: await this.#do(caller, call) };
    } catch (error) {
      this.#deps.log.debug('a call on the datastore failed', { pack: caller.pack, call: call.do, error });
      return { id: call.id, error: error instanceof Error ? error.message : String(error) };
    }
  }

  async #do(caller: PackCaller, call: DatastoreCall): Promise<DatastoreValue> {
    const { datastore, durably } = this.#deps;
    switch (call.do) {
      case 'get':
        return this.#get(caller, call.name, call.decrypt);
      case 'list': {
        const keys = datastore.list('system', call.prefix).slice(0, call.limit ?? undefined);
        return keys.map(({ name, value }) => [name, value] as const);
      }
      case 'set': {
        const { name, value, ttl, encrypt: secret } = call;
        const key = { scope: 'system', name, value, secret, ttlSeconds: ttl ?? undefined } as const;
        await durably(() => datastore.set(key, caller.execution));
        this.#deps.onChanged({ scope: 'system', name }, false);
        return true;
      }
      case 'delete': {
        const isGone = await durably(() => datastore.delete('system', call.name, caller.execution));
        if (isGone) this.#deps.onChanged({ scope: 'system', name: call.name }, true);
        return isGone;
      }
    }
  }

  #get({ pack }: PackCaller, name: string, decrypt: boolean): string | null {
    const { datastore } = this.#deps;
    const key = datastore.get('system', name);
    if (!key) return null;
    if (!decrypt || !key.secret) return key.value;
    if (name.startsWith('config.') && !name.startsWith(`config.${pack}.`)) {
      throw new Error(`\`${name}\` is a secret of another pack's configuration`);
    }
    return datastore.decrypt(key.value);
  }
}

function readCall(body: Buffer): DatastoreCall | undefined {
  try {
    return DatastoreCall.parse(JSON.parse(body.toString('utf8')));
  } catch {
    return undefined;
  }
}
