import type { DatabaseSync } from 'node:sqlite';
import type { Notice } from '../contract/notices.ts';
import { type Row, text, textOrUndefined } from './rows.ts';

export class NoticeTable {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  insert(notice: Notice): void {
    this.#database
      .prepare('INSERT INTO notices (id, at, level, title, body, source, execution) VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(notice.id, notice.at, notice.level, notice.title, notice.body, notice.source, notice.execution ?? null);
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
