import type { DatabaseSync } from 'node:sqlite';
import { text } from './rows.ts';

/** A rule that was stopped because it ran because of itself. */
export type HaltedRule = { readonly rule: string; readonly why: string; readonly at: string };

export class HaltedRuleTable {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  put({ rule, why, at }: HaltedRule): void {
    this.#database.prepare('INSERT OR REPLACE INTO halted_rules (rule, why, at) VALUES (?, ?, ?)').run(rule, why, at);
  }

  delete(rule: string): void {
    this.#database.prepare('DELETE FROM halted_rules WHERE rule = ?').run(rule);
  }

  list(): HaltedRule[] {
    return this.#database
      .prepare('SELECT * FROM halted_rules')
      .all()
      .map((row) => ({ rule: text(row, 'rule'), why: text(row, 'why'), at: text(row, 'at') }));
  }
}
