import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Notice } from '../contract/notices.ts';
import { type Row, text, textOrUndefined } from './rows.ts';

export class NoticeTable {
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#insert = database.prepare(
      'INSERT INTO notices (id, at, level, title, body, source, execution) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
  }

  insert({ id, at, level, title, body, source, execution }: Notice): void {
    this.#insert.run(id, at, level, title, body, source, execution ?? null);
  }

  /** Newest first. */
  recent(limit: number): Notice[] {
    return this.#database.prepare('SELECT * FROM notices ORDER BY seq DESC LIMIT ?').all(limit).map(fromRow);
  }

  /** The oldest first. */
  ofExecution(id: string): Notice[] {
    return this.#database.prepare('SELECT * FROM notices WHERE execution = ? ORDER BY seq').all(id).map(fromRow);
  }
}

function fromRow(row: Row): Notice {
  const execution = textOrUndefined(row, 'execution');
  return {
    id: text(row, 'id'),
    at: text(row, 'at'),
    level: text(row, 'level') as Notice['level'],
    title: text(row, 'title'),
    body: text(row, 'body'),
    source: text(row, 'source') as Notice['source'],
    ...(execution !== undefined && { execution }),
  };
}
