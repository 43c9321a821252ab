import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Fault } from '../contract/errors.ts';
import {
  COMPLETED_STATUSES,
  type Execution,
  type ExecutionContext,
  type ExecutionFilter,
  type ExecutionPage,
  ExecutionStatus,
  type ExecutionStep,
  isCompleted,
} from '../contract/executions.ts';
import type { Json, JsonObject } from '../contract/json.ts';
import type { Isolation } from '../contract/python-settings.ts';
import type { PackRef, ResourceRef } from '../contract/refs.ts';
import { countHistory, type PagedTable, type PageRequest, readHistoryPage } from './history-page.ts';
import { inTransaction } from './in-transaction.ts';
import { type Row, text, textOrUndefined } from './rows.ts';
import type { Seal } from './seal.ts';

export type ExecutionPatch = {
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly isolation?: Isolation | undefined;
  readonly result?: Json | undefined;
  readonly fault?: Fault | undefined;
  readonly steps?: readonly ExecutionStep[];
  /** For `delayed` only: moving on takes it away. */
  readonly delay?: Hold;
};

/** Why an execution is delayed: until an instant, or for the end of another that has the same `waitsFor`. */
export type Hold = { readonly reason: string; readonly until?: string; readonly waitsFor?: string };

export const EXECUTION_PAGES: PagedTable = {
  name: 'executions',
  at: 'created_at',
  plain: ['id', 'action'],
  json: ['parameters', 'result', 'fault'],
  rare: [
    {
      statuses: ['failed', 'timeout', 'abandoned', 'canceled'],
      where: "status IN ('failed', 'timeout', 'abandoned', 'canceled')",
    },
    {
      statuses: ExecutionStatus.options.filter((status) => !isCompleted(status)),
      where: "status NOT IN ('succeeded', 'failed', 'timeout', 'abandoned', 'canceled')",
    },
  ],
};

/** With its true parameters, which are undefined when the seal's key was lost. */
export type KeptExecution = { readonly execution: Execution; readonly parameters: JsonObject | undefined };

const QUEUED = ['requested', 'scheduled'] as const satisfies ExecutionStatus[];

const WAITING = ['delayed', 'pending', 'paused'] as const satisfies ExecutionStatus[];

/** As the index of open executions says it. */
const OPEN = `status NOT IN (${listed(COMPLETED_STATUSES)})`;

export class ExecutionTable {
  readonly #database: DatabaseSync;
  readonly #seal: Seal;
  readonly #insert: StatementSync;
  readonly #byId: StatementSync;
  readonly #setSteps: StatementSync;
  readonly #setProcess: StatementSync;
  readonly #queued: StatementSync;
  readonly #countQueued: StatementSync;
  readonly #moves = new Map<string, StatementSync>();
  #onWrite: (execution: Execution) => void = () => {};

  constructor(database: DatabaseSync, seal: Seal) {
    this.#database = database;
    this.#seal = seal;
    this.#insert = database.prepare(
      `INSERT INTO executions (id, action, runner, status, parameters, sealed_parameters, context, trigger_instance,
         created_at, ended_at, fault, steps, lane, delay_reason, due_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#byId = database.prepare('SELECT * FROM executions WHERE id = ?');
    this.#setSteps = database.prepare('UPDATE executions SET steps = ? WHERE id = ? RETURNING *');
    this.#setProcess = database.prepare('UPDATE executions SET pid = ? WHERE id = ?');
    this.#queued = database.prepare(
      `SELECT * FROM executions WHERE lane = ? AND status IN (${listed(QUEUED)}) ORDER BY seq LIMIT ?`,
    );
    this.#countQueued = database.prepare(
      `SELECT count(*) AS count FROM executions WHERE status IN (${listed(QUEUED)})`,
    );
  }

  /** Called within the write of each new state: what it writes to this file is on disk with that state, or not at all. */
  onWrite(listener: (execution: Execution) => void): void {
    this.#onWrite = listener;
  }

  /**
   * `parameters` are the true values; they are kept, sealed, only when masking hid something: it may be run once more.
   * `lane` is where it queues.
   */
  insert(execution: Execution, parameters: JsonObject, lane = ''): void {
    inTransaction(this.#database, () => {
      this.#insertRow(execution, parameters, lane);
      this.#onWrite(execution);
    });
  }

  #insertRow(execution: Execution, parameters: JsonObject, lane: string): void {
    const masked = JSON.stringify(execution.parameters);
    const plain = JSON.stringify(parameters);
    this.#insert.run(
      execution.id,
      execution.action,
      execution.runner,
      execution.status,
      masked,
      plain === masked ? null : this.#seal.seal(plain),
      JSON.stringify(execution.context),
      execution.context.triggerInstance ?? null,
      execution.createdAt,
      execution.endedAt ?? null,
      execution.fault ? JSON.stringify(execution.fault) : null,
      JSON.stringify(execution.steps),
      lane,
      execution.delay?.reason ?? null,
      execution.delay?.until ?? null,
    );
  }

  /** Compare-and-set, so that two finishers cannot both win: undefined when the status is none of `from`. */
  move(
    id: string,
    from: readonly ExecutionStatus[],
    to: ExecutionStatus,
    patch: ExecutionPatch = {},
  ): Execution | undefined {
    return inTransaction(this.#database, () => {
      const moved = this.#moveRow(id, from, to, patch);
      if (moved) this.#onWrite(moved);
      return moved;
    });
  }

  #moveRow(
    id: string,
    from: readonly ExecutionStatus[],
    to: ExecutionStatus,
    patch: ExecutionPatch,
  ): Execution | undefined {
    const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
    const row = this.#moveStatement(from.length, isCompleted(to)).get(
      to,
      patch.startedAt ?? null,
      patch.endedAt ?? null,
      patch.isolation ?? null,
      json(patch.result),
      json(patch.fault),
      json(patch.steps),
      patch.delay?.reason ?? null,
      patch.delay?.until ?? null,
      patch.delay?.waitsFor ?? null,
      id,
      ...from,
    );
    return row && fromRow(row);
  }

  /** Every execution moves several times; there are few forms of it. */
  #moveStatement(statuses: number, isEnd: boolean): StatementSync {
    const form = `${statuses} ${isEnd}`;
    const known = this.#moves.get(form);
    if (known) return known;
    const statement = this.#database.prepare(
      `UPDATE executions SET status = ?, started_at = coalesce(?, started_at), ended_at = coalesce(?, ended_at),
         isolation = coalesce(?, isolation), result = coalesce(?, result), fault = coalesce(?, fault), steps = coalesce(?, steps),
         delay_reason = ?, due_at = ?, waits_for = ? ${isEnd ? ', pid = NULL' : ''}
       WHERE id = ? AND status IN (${Array.from({ length: statuses }, () => '?').join(', ')}) RETURNING *`,
    );
    this.#moves.set(form, statement);
    return statement;
  }

  /** The policy that holds it back stays in its history. */
  setHeldBy(id: string, policy: ResourceRef): void {
    this.#database
      .prepare(
        `UPDATE executions SET context = json_set(context, '$.policies.heldBy', ?) WHERE id = ? AND status IN (${listed(QUEUED)})`,
      )
      .run(policy, id);
  }

  setSteps(id: string, steps: readonly ExecutionStep[]): Execution | undefined {
    const row = this.#setSteps.get(JSON.stringify(steps), id);
    return row && fromRow(row);
  }

  /** The process (and group) that runs it, so that an orphan can be found after the app was killed. */
  setProcess(id: string, pid: number): void {
    this.#setProcess.run(pid, id);
  }

  get(id: string): Execution | undefined {
    const row = this.#byId.get(id);
    return row && fromRow(row);
  }

  kept(id: string): KeptExecution | undefined {
    const row = this.#byId.get(id);
    return row && this.#keptRow(row);
  }

  /** Those in one of these statuses, oldest first. */
  inStatus(statuses: readonly ExecutionStatus[]): KeptExecution[] {
    return this.#database
      .prepare(`SELECT * FROM executions WHERE ${OPEN} AND status IN (${listed(statuses)}) ORDER BY seq`)
      .all()
      .map((row) => this.#keptRow(row));
  }

  /** What ran when the app ended, and in which process. */
  processes(): { readonly id: string; readonly pid: number }[] {
    return this.#database
      .prepare(`SELECT id, pid FROM executions WHERE ${OPEN} AND pid IS NOT NULL ORDER BY seq`)
      .all()
      .map((row) => ({ id: text(row, 'id'), pid: Number(row.pid) }));
  }

  /** Whether an action of the pack runs, or is still to run. */
  isOpenOf(pack: PackRef): boolean {
    const found = this.#database.prepare(`SELECT 1 FROM executions WHERE ${OPEN} AND action GLOB ? LIMIT 1`);
    return found.get(`${pack}.*`) !== undefined;
  }

  /** Whether one that the rule asked for is at work or about to be; not those that wait for an instant or for a person. */
  isBusyOf(rule: ResourceRef): boolean {
    const found = this.#database.prepare(
      `SELECT 1 FROM executions WHERE ${OPEN} AND status NOT IN (${listed(WAITING)}) AND +rule = ? LIMIT 1`,
    );
    return found.get(rule) !== undefined;
  }

  /** The first of a lane that wait for nothing but their turn. */
  queued(lane: string, limit: number): KeptExecution[] {
    return this.#queued.all(lane, limit).map((row) => this.#keptRow(row));
  }

  /** How many there are of those, over all lanes. */
  countQueued(): number {
    return Number(this.#countQueued.get()?.count ?? 0);
  }

  queuedLanes(): { readonly lane: string; readonly count: number }[] {
    return this.#database
      .prepare(`SELECT lane, count(*) AS count FROM executions WHERE status IN (${listed(QUEUED)}) GROUP BY lane`)
      .all()
      .map((row) => ({ lane: text(row, 'lane'), count: Number(row.count) }));
  }

  /** When the first of those that wait for an instant is due. */
  nextDue(): string | undefined {
    const row = this.#database.prepare('SELECT min(due_at) AS at FROM executions WHERE due_at IS NOT NULL').get();
    return row && textOrUndefined(row, 'at');
  }

  /** Delayed ones whose time has come. */
  due(now: string, limit: number): KeptExecution[] {
    return this.#database
      .prepare('SELECT * FROM executions WHERE due_at IS NOT NULL AND due_at <= ? ORDER BY due_at, seq LIMIT ?')
      .all(now, limit)
      .map((row) => this.#keptRow(row));
  }

  /** The one that has waited longest for this. */
  firstHeld(waitsFor: string): KeptExecution | undefined {
    const row = this.#database
      .prepare('SELECT * FROM executions WHERE waits_for = ? ORDER BY seq LIMIT 1')
      .get(waitsFor);
    return row && this.#keptRow(row);
  }

  /** Lets all go on that waited for the end of another. Gives the number of them. */
  releaseHeld(): number {
    const released = this.#database
      .prepare(
        "UPDATE executions SET status = 'scheduled', delay_reason = NULL, waits_for = NULL WHERE waits_for IS NOT NULL",
      )
      .run();
    return Number(released.changes);
  }

  page(filter: ExecutionFilter): ExecutionPage {
    const page = { ...pageOf(filter), ...(filter.results === false && { without: ['result', 'steps'] }) };
    return readHistoryPage(this.#database, EXECUTION_PAGES, page, fromRow);
  }

  count(filter: ExecutionFilter): number {
    return countHistory(this.#database, EXECUTION_PAGES, pageOf(filter));
  }

  /** What an event led to at once, and what an execution did, the oldest first. */
  ofEvent(id: string, limit: number): Execution[] {
    return this.#listed('trigger_instance = ?', id, limit);
  }

  childrenOf(id: string, limit: number): Execution[] {
    return this.#listed('parent = ?', id, limit);
  }

  #listed(where: string, value: string, limit: number): Execution[] {
    const sql = `SELECT * FROM executions WHERE ${where} ORDER BY seq LIMIT ?`;
    return this.#database.prepare(sql).all(value, limit).map(fromRow);
  }

  #keptRow(row: Row): KeptExecution {
    return { execution: fromRow(row), parameters: this.#parameters(row) };
  }

  #parameters(row: Row): JsonObject | undefined {
    const sealed = textOrUndefined(row, 'sealed_parameters');
    const plain = sealed === undefined ? text(row, 'parameters') : this.#seal.open(sealed);
    return plain === undefined ? undefined : (JSON.parse(plain) as JsonObject);
  }
}

function pageOf(filter: ExecutionFilter): PageRequest {
  const { triggerInstance, rule, action, pack, parent, runner, results: _, ...request } = filter;
  const indexed = { trigger_instance: triggerInstance, parent: parent ?? undefined, rule, action, pack };
  const also = [
    ...(runner === undefined ? [] : [{ sql: 'runner = ?', values: [runner] }]),
    ...(parent === null ? [{ sql: 'parent IS NULL', values: [] }] : []),
  ];
  return { ...request, indexed, also };
}

function listed(statuses: readonly ExecutionStatus[]): string {
  return statuses.map((status) => `'${status}'`).join(', ');
}

function fromRow(row: Row): Execution {
  const optional = <K extends string>(key: K, column: string) => {
    const value = textOrUndefined(row, column);
    return value === undefined ? {} : { [key]: value };
  };
  const result = textOrUndefined(row, 'result');
  const fault = textOrUndefined(row, 'fault');
  const reason = textOrUndefined(row, 'delay_reason');
  return {
    id: text(row, 'id'),
    action: text(row, 'action') as ResourceRef,
    runner: text(row, 'runner'),
    status: text(row, 'status') as ExecutionStatus,
    parameters: JSON.parse(text(row, 'parameters')) as JsonObject,
    context: JSON.parse(text(row, 'context')) as ExecutionContext,
    ...(reason !== undefined && { delay: { reason, ...optional('until', 'due_at') } }),
    createdAt: text(row, 'created_at'),
    ...optional('startedAt', 'started_at'),
    ...optional('endedAt', 'ended_at'),
    ...optional('isolation', 'isolation'),
    ...(result !== undefined && { result: JSON.parse(result) as Json }),
    ...(fault !== undefined && { fault: JSON.parse(fault) as Fault }),
    steps: JSON.parse(textOrUndefined(row, 'steps') ?? '[]') as ExecutionStep[],
  };
}
