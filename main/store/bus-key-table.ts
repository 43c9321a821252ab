import type { DatabaseSync } from 'node:sqlite';
import type { BusKey } from '../contract/bus.ts';
import { type Row, text } from './rows.ts';

export type StoredBusKey = BusKey & { /** SHA-256 of the password, in hexadecimal. */ readonly hash: string };

export class BusKeyTable {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** False when there is one of that name. */
  insert({ name, hash, topics, createdAt }: StoredBusKey): boolean {
    const { changes } = this.#database
      .prepare('INSERT INTO bus_keys (name, hash, topics, created_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING')
      .run(name, hash, JSON.stringify(topics), createdAt);
    return Number(changes) === 1;
  }

  get(name: string): StoredBusKey | undefined {
    const row = this.#database.prepare('SELECT * FROM bus_keys WHERE name = ?').get(name);
    return row && fromRow(row);
  }

  /** By name. */
  list(): StoredBusKey[] {
    return this.#database.prepare('SELECT * FROM bus_keys ORDER BY name').all().map(fromRow);
  }

  /** False when there was none. */
  delete(name: string): boolean {
    return Number(this.#database.prepare('DELETE FROM bus_keys WHERE name = ?').run(name).changes) > 0;
  }
}

function fromRow(row: Row): StoredBusKey {
  return {
    name: text(row, 'name'),
    hash: text(row, 'hash'),
    topics: JSON.parse(text(row, 'topics')) as string[],
    createdAt: text(row, 'created_at'),
  };
}
