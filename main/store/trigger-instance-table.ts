import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Problem } from '../contract/errors.ts';
import type { Json } from '../contract/json.ts';
import type {
  KeptVerdicts,
  RuleVerdict,
  TriggerInstance,
  TriggerInstanceFilter,
  TriggerInstancePage,
  TriggerInstanceStatus,
} from '../contract/triggers.ts';
import { type PagedTable, readHistoryPage } from './history-page.ts';
import { type Row, text, textOrUndefined } from './rows.ts';
import { RuleSetTable } from './rule-set-table.ts';

export const INSTANCE_PAGES: PagedTable = {
  name: 'trigger_instances',
  at: 'received_at',
  plain: ['id', 'trigger', 'source', 'trace_tag'],
  json: ['payload', 'problem'],
  rare: [
    { statuses: ['processing_failed', 'refused'], where: "status IN ('processing_failed', 'refused')" },
    { statuses: ['pending'], where: "status = 'pending'" },
  ],
};

export class TriggerInstanceTable {
  readonly #database: DatabaseSync;
  readonly #ruleSets: RuleSetTable;
  readonly #insert: StatementSync;
  readonly #byId: StatementSync;
  readonly #judge: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#ruleSets = new RuleSetTable(database);
    this.#insert = database.prepare(
      `INSERT INTO trigger_instances (id, trigger, payload, trace_tag, occurred_at, received_at, source, status, problem, cause)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
    );
    this.#byId = database.prepare('SELECT * FROM trigger_instances WHERE id = ?');
    this.#judge = database.prepare(
      'UPDATE trigger_instances SET status = ?, rule_set = ?, stops = ?, verdicts = ? WHERE id = ?',
    );
  }

  /** False when an instance of that id is there already: a redelivery. */
  insert(instance: TriggerInstance): boolean {
    const { changes } = this.#insert.run(
      instance.id,
      instance.trigger,
      JSON.stringify(instance.payload),
      instance.traceTag ?? null,
      instance.occurredAt,
      instance.receivedAt,
      instance.source,
      instance.status,
      instance.problem ? JSON.stringify(instance.problem) : null,
      instance.cause ? JSON.stringify(instance.cause) : null,
    );
    return changes === 1;
  }

  setVerdicts(id: string, status: TriggerInstanceStatus, { rules, stops, told }: KeptVerdicts): void {
    const ruleSet = rules.length === 0 ? null : this.#ruleSets.idOf(rules);
    this.#judge.run(status, ruleSet, stops.length === 0 ? null : JSON.stringify(stops), JSON.stringify(told), id);
  }

  get(id: string): { readonly instance: TriggerInstance; readonly verdicts: KeptVerdicts } | undefined {
    const row = this.#byId.get(id);
    if (!row) return undefined;
    const verdicts = {
      rules: row.rule_set === null ? [] : this.#ruleSets.get(Number(row.rule_set)),
      stops: JSON.parse(textOrUndefined(row, 'stops') ?? '[]') as number[],
      told: JSON.parse(text(row, 'verdicts')) as RuleVerdict[],
    };
    return { instance: fromRow(row), verdicts };
  }

  /** Those whose rules were not asked yet, oldest first: after a pause, or after the app was killed. */
  countPending(): number {
    const row = this.#database
      .prepare(`SELECT count(*) AS count FROM trigger_instances WHERE status = 'pending'`)
      .get();
    return Number(row?.count ?? 0);
  }

  pending(limit: number): TriggerInstance[] {
    return this.#database
      .prepare(`SELECT * FROM trigger_instances WHERE status = 'pending' ORDER BY seq LIMIT ?`)
      .all(limit)
      .map(fromRow);
  }

  page(filter: TriggerInstanceFilter): TriggerInstancePage {
    const { trigger, pack, ...request } = filter;
    // References of a pack lie between `pack.` and `pack/`, the sign after the dot.
    const also = pack ? [{ sql: '+trigger > ? AND +trigger < ?', values: [`${pack}.`, `${pack}/`] }] : [];
    return readHistoryPage(this.#database, INSTANCE_PAGES, { ...request, indexed: { trigger }, also }, fromRow);
  }
}

function fromRow(row: Row): TriggerInstance {
  const traceTag = textOrUndefined(row, 'trace_tag');
  const problem = textOrUndefined(row, 'problem');
  const cause = textOrUndefined(row, 'cause');
  return {
    id: text(row, 'id'),
    trigger: text(row, 'trigger'),
    payload: JSON.parse(text(row, 'payload')) as Json,
    ...(traceTag !== undefined && { traceTag }),
    occurredAt: text(row, 'occurred_at'),
    receivedAt: text(row, 'received_at'),
    source: text(row, 'source'),
    status: text(row, 'status') as TriggerInstanceStatus,
    ...(problem !== undefined && { problem: JSON.parse(problem) as Problem }),
    ...(cause !== undefined && { cause: JSON.parse(cause) as TriggerInstance['cause'] }),
  };
}
