import type { DatabaseSync } from 'node:sqlite';
import { text } from './rows.ts';

/** When a timer comes next, by its trigger; null when it never does again. Milliseconds since the epoch. */
export type StoredTimer = { readonly trigger: string; readonly due: number | null };

export class TimerTable {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  all(): StoredTimer[] {
    return this.#database
      .prepare('SELECT * FROM timers')
      .all()
      .map((row) => ({ trigger: text(row, 'trigger'), due: row.due === null ? null : Number(row.due) }));
  }

  set({ trigger, due }: StoredTimer): void {
    this.#database.prepare('INSERT OR REPLACE INTO timers (trigger, due) VALUES (?, ?)').run(trigger, due);
  }

  delete(trigger: string): void {
    this.#database.prepare('DELETE FROM timers WHERE trigger = ?').run(trigger);
  }
}
