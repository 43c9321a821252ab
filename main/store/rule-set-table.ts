import type { DatabaseSync } from 'node:sqlite';
import type { KeptRule } from '../contract/triggers.ts';
import { text } from './rows.ts';

/** The rules that were on a trigger, each set kept once however many events met it. */
export class RuleSetTable {
  readonly #database: DatabaseSync;
  /** The engine hands in the same object for as long as no rule changes. */
  readonly #ids = new WeakMap<readonly KeptRule[], number>();
  readonly #sets = new Map<number, readonly KeptRule[]>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  idOf(rules: readonly KeptRule[]): number {
    const known = this.#ids.get(rules);
    if (known !== undefined) return known;
    const json = JSON.stringify(rules);
    this.#database.prepare('INSERT INTO rule_sets (rules) VALUES (?) ON CONFLICT (rules) DO NOTHING').run(json);
    const id = Number(this.#database.prepare('SELECT id FROM rule_sets WHERE rules = ?').get(json)?.id);
    this.#ids.set(rules, id);
    return id;
  }

  get(id: number): readonly KeptRule[] {
    const known = this.#sets.get(id);
    if (known) return known;
    const row = this.#database.prepare('SELECT rules FROM rule_sets WHERE id = ?').get(id);
    const rules = row ? (JSON.parse(text(row, 'rules')) as KeptRule[]) : [];
    // Whoever looks through the history meets the same few sets again and again.
    if (this.#sets.size > 20) this.#sets.clear();
    this.#sets.set(id, rules);
    return rules;
  }
}
