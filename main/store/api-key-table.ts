import type { DatabaseSync } from 'node:sqlite';
import type { ApiKey } from '../contract/api.ts';
import { type Row, text, textOrUndefined } from './rows.ts';

/** API keys by the hash of what a program shows; the key itself is nowhere. */
export class ApiKeyTable {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  insert(key: ApiKey, hash: string): void {
    this.#database
      .prepare('INSERT INTO api_keys (id, name, hash, created_at, enabled) VALUES (?, ?, ?, ?, ?)')
      .run(key.id, key.name, hash, key.createdAt, key.enabled ? 1 : 0);
  }

  /** The oldest first. */
  list(): ApiKey[] {
    return this.#database.prepare('SELECT * FROM api_keys ORDER BY seq').all().map(fromRow);
  }

  get(id: string): ApiKey | undefined {
    const row = this.#database.prepare('SELECT * FROM api_keys WHERE id = ?').get(id);
    return row && fromRow(row);
  }

  byHash(hash: string): ApiKey | undefined {
    const row = this.#database.prepare('SELECT * FROM api_keys WHERE hash = ?').get(hash);
    return row && fromRow(row);
  }

  setUsed(id: string, at: string): void {
    this.#database.prepare('UPDATE api_keys SET last_used_at = ? WHERE id = ?').run(at, id);
  }

  setEnabled(id: string, enabled: boolean): ApiKey | undefined {
    this.#database.prepare('UPDATE api_keys SET enabled = ? WHERE id = ?').run(enabled ? 1 : 0, id);
    return this.get(id);
  }

  /** False: there was none. */
  delete(id: string): boolean {
    return this.#database.prepare('DELETE FROM api_keys WHERE id = ?').run(id).changes === 1;
  }
}

function fromRow(row: Row): ApiKey {
  const lastUsedAt = textOrUndefined(row, 'last_used_at');
  return {
    id: text(row, 'id'),
    name: text(row, 'name'),
    createdAt: text(row, 'created_at'),
    ...(lastUsedAt !== undefined && { lastUsedAt }),
    enabled: row.enabled === 1,
  };
}
