import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { StormletError } from '../contract/errors.ts';
import type { Clock } from '../kit/clock.ts';

/** A process that has just made the file locks it for a few milliseconds. */
const MAX_WAIT_MS = 1000;

/**
 * Reads the datastore file that packs' processes write (`main/python/stormlet/datastore.py` owns its one table), for
 * templates such as `{{ st2kv.system.key }}`. The file is there from the first key on.
 */
export class DatastoreFile implements Disposable {
  readonly #file: string;
  readonly #clock: Clock;
  #database: DatabaseSync | undefined;

  constructor(file: string, clock: Clock) {
    this.#file = file;
    this.#clock = clock;
  }

  /** The user's scope is kept in the same table under a prefix, as StackStorm names it. */
  read(scope: 'system' | 'user', key: string): string | undefined {
    const database = this.#open();
    const row = database
      ?.prepare('SELECT value FROM keys WHERE name = ? AND (expires_at IS NULL OR expires_at > ?)')
      .get(scope === 'user' ? `user:${key}` : key, this.#clock.now() / 1000);
    return row ? String(row.value) : undefined;
  }

  /** A pack's process makes the file a moment before the table in it; until both are there no key is. */
  #open(): DatabaseSync | undefined {
    if (this.#database || !existsSync(this.#file)) return this.#database;
    const database = new DatabaseSync(this.#file, { readOnly: true, timeout: MAX_WAIT_MS });
    const table = database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'keys'").get();
    if (table) this.#database = database;
    else database.close();
    return this.#database;
  }

  decrypt(_text: string): string {
    throw new StormletError({
      code: 'datastore/encryption-missing',
      kind: 'user',
      message: 'encrypted datastore values cannot be read: this version of Stormlet stores none',
      hint: "store the value without `encrypt`, or keep the secret in the pack's configuration",
    });
  }

  [Symbol.dispose](): void {
    this.#database?.close();
  }
}
