import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StormletError } from '../contract/errors.ts';
import type { Clock } from '../kit/clock.ts';
import type { Seal } from './seal.ts';
import { SharedFlush } from './shared-flush.ts';

export type DatastoreScope = 'system' | 'user';

/** A key as it is stored: the value of a secret one is sealed. */
export type StoredKey = {
  readonly name: string;
  readonly scope: DatastoreScope;
  readonly value: string;
  readonly secret: boolean;
  readonly expiresAt: number | undefined;
};
export type NewKey = Omit<StoredKey, 'expiresAt'> & { readonly ttlSeconds?: number | undefined };

/** A process that has just made the file locks it for a few milliseconds. */
const MAX_WAIT_MS = 5000;

/**
 * The datastore: texts by name, in a file that packs' processes write as well (`main/python/stormlet/datastore.py`). Only the
 * app stores secrets in it, sealed; a pack's process that overwrites one makes it an ordinary key again.
 */
export class DatastoreFile implements Disposable {
  readonly #file: string;
  readonly #clock: Clock;
  readonly #seal: Seal;
  #opened: DatabaseSync | undefined;
  #flush: SharedFlush | undefined;

  constructor(file: string, clock: Clock, seal: Seal) {
    this.#file = file;
    this.#clock = clock;
    this.#seal = seal;
  }

  /** The stored text, as a template sees it: of a secret the sealed one. */
  read(scope: DatastoreScope, name: string): string | undefined {
    return this.get(scope, name)?.value;
  }

  get(scope: DatastoreScope, name: string): StoredKey | undefined {
    const row = this.#open()
      .prepare(`SELECT * FROM keys WHERE name = ? AND ${ALIVE}`)
      .get(fullName(scope, name), this.#seconds());
    return row && readKey(row);
  }

  /** By name; those of one scope only. */
  list(scope: DatastoreScope, prefix: string): StoredKey[] {
    const start = fullName(scope, prefix);
    return this.#open()
      .prepare(`SELECT * FROM keys WHERE substr(name, 1, ?) = ? AND ${ALIVE} ORDER BY name`)
      .all([...start].length, start, this.#seconds())
      .map(readKey)
      .filter((key) => key.scope === scope);
  }

  set({ scope, name, value, secret, ttlSeconds }: NewKey): void {
    const expiresAt = ttlSeconds === undefined ? null : this.#seconds() + ttlSeconds;
    this.#open()
      .prepare('INSERT OR REPLACE INTO keys (name, value, expires_at, secret) VALUES (?, ?, ?, ?)')
      .run(fullName(scope, name), secret ? this.#seal.seal(value) : value, expiresAt, Number(secret));
  }

  /**
   * Writes, and resolves when it is on the disk; the event loop does not stand still for that. Until then a loss of power
   * may undo it, a crash of the app may not.
   */
  async durably<T>(work: () => T): Promise<T> {
    const database = this.#open();
    database.exec('PRAGMA synchronous = NORMAL');
    let value: T;
    try {
      value = work();
    } finally {
      database.exec('PRAGMA synchronous = FULL');
    }
    this.#flush ??= new SharedFlush(`${this.#file}-wal`);
    await this.#flush.flush();
    return value;
  }

  /** False when there was no such key. */
  delete(scope: DatastoreScope, name: string): boolean {
    const { changes } = this.#open().prepare('DELETE FROM keys WHERE name = ?').run(fullName(scope, name));
    return Number(changes) > 0;
  }

  /** Another one whenever some value may be another: a process wrote the file, or a key's time is over. */
  version(): string {
    const database = this.#open();
    const written = database.prepare('PRAGMA data_version').get();
    const over = database.prepare('SELECT count(*) AS count FROM keys WHERE expires_at <= ?').get(this.#seconds());
    return `${written?.data_version} ${over?.count}`;
  }

  /** The plain text of a sealed value. */
  decrypt(text: string): string {
    const plain = this.#seal.open(text);
    if (plain !== undefined) return plain;
    throw new StormletError({
      code: 'datastore/not-encrypted',
      kind: 'user',
      message: 'the value is not encrypted, or was encrypted with another key',
      hint: 'store it with `stormlet key set NAME --secret`',
    });
  }

  [Symbol.dispose](): void {
    this.#flush?.[Symbol.dispose]();
    this.#opened?.close();
  }

  #seconds(): number {
    return this.#clock.now() / 1000;
  }

  #open(): DatabaseSync {
    this.#opened ??= openFile(this.#file);
    return this.#opened;
  }
}

const ALIVE = '(expires_at IS NULL OR expires_at > ?)';
/** As StackStorm names the keys of its users; there is one user here. */
const USER_PREFIX = 'user:';

function fullName(scope: DatastoreScope, name: string): string {
  return scope === 'user' ? USER_PREFIX + name : name;
}

function readKey(row: Record<string, unknown>): StoredKey {
  const name = String(row.name);
  const scope = name.startsWith(USER_PREFIX) ? 'user' : 'system';
  return {
    name: scope === 'user' ? name.slice(USER_PREFIX.length) : name,
    scope,
    value: String(row.value),
    secret: row.secret === 1,
    expiresAt: row.expires_at === null ? undefined : Number(row.expires_at),
  };
}

function openFile(file: string): DatabaseSync {
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    const database = new DatabaseSync(file, { timeout: MAX_WAIT_MS });
    if (process.platform !== 'win32') chmodSync(file, 0o600);
    database.exec('PRAGMA journal_mode = WAL');
    database.exec(
      `CREATE TABLE IF NOT EXISTS keys (name TEXT PRIMARY KEY, value TEXT NOT NULL, expires_at REAL,
         secret INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID`,
    );
    // A pack's process that was there first made the table without it.
    const columns = database.prepare("SELECT name FROM pragma_table_info('keys')").all();
    if (!columns.some(({ name }) => name === 'secret')) {
      database.exec('ALTER TABLE keys ADD COLUMN secret INTEGER NOT NULL DEFAULT 0');
    }
    return database;
  } catch (error) {
    throw new StormletError(
      {
        code: 'datastore/unusable',
        kind: 'environment',
        message: `the datastore cannot be used: ${file}: ${error instanceof Error ? error.message : String(error)}`,
        hint: 'check that the folder is writable; move the file away to start with an empty datastore',
      },
      { cause: error },
    );
  }
}
