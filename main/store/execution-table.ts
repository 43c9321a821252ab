import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Fault } from '../contract/errors.ts';
import {
  COMPLETED_STATUSES,
  type Execution,
  type ExecutionContext,
  type ExecutionFilter,
  type ExecutionPage,
  type ExecutionStatus,
  type ExecutionStep,
  isCompleted,
} from '../contract/executions.ts';
import type { Json, JsonObject } from '../contract/json.ts';
import type { Isolation } from '../contract/python-settings.ts';
import type { ResourceRef } from '../contract/refs.ts';
import { countHistory, type PagedTable, type PageRequest, readHistoryPage } from './history-page.ts';
import { type Row, text, textOrUndefined } from './rows.ts';
import type { Seal } from './seal.ts';

export type ExecutionPatch = {
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly isolation?: Isolation | undefined;
  readonly result?: Json | undefined;
  readonly fault?: Fault | undefined;
  readonly steps?: readonly ExecutionStep[];
};

/** What is still to do, as read back after a start. */
export type OpenExecution = {
  readonly execution: Execution;
  readonly parameters: JsonObject | undefined;
  readonly pid: number | undefined;
};

export const EXECUTION_PAGES: PagedTable = {
  name: 'executions',
  at: 'created_at',
  plain: ['id', 'action'],
  json: ['parameters', 'result', 'fault'],
  rare: {
    statuses: ['failed', 'timeout', 'abandoned', 'canceled'],
    where: "status IN ('failed', 'timeout', 'abandoned', 'canceled')",
  },
};

const COMPLETED = COMPLETED_STATUSES.map((status) => `'${status}'`).join(', ');

export class ExecutionTable {
  readonly #database: DatabaseSync;
  readonly #seal: Seal;
  readonly #insert: StatementSync;
  readonly #byId: StatementSync;

  constructor(database: DatabaseSync, seal: Seal) {
    this.#database = database;
    this.#seal = seal;
    this.#insert = database.prepare(
      `INSERT INTO executions (id, action, runner, status, parameters, sealed_parameters, context, trigger_instance,
         created_at, ended_at, fault, steps) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#byId = database.prepare('SELECT * FROM executions WHERE id = ?');
  }

  /** `parameters` are the true values; they are kept, sealed, only when masking hid something and only until it has run. */
  insert(execution: Execution, parameters: JsonObject): void {
    const masked = JSON.stringify(execution.parameters);
    const plain = JSON.stringify(parameters);
    this.#insert.run(
      execution.id,
      execution.action,
      execution.runner,
      execution.status,
      masked,
      plain === masked || isCompleted(execution.status) ? null : this.#seal.seal(plain),
      JSON.stringify(execution.context),
      execution.context.triggerInstance ?? null,
      execution.createdAt,
      execution.endedAt ?? null,
      execution.fault ? JSON.stringify(execution.fault) : null,
      JSON.stringify(execution.steps),
    );
  }

  /** Compare-and-set, so that two finishers cannot both win: undefined when the status is none of `from`. */
  move(
    id: string,
    from: readonly ExecutionStatus[],
    to: ExecutionStatus,
    patch: ExecutionPatch = {},
  ): Execution | undefined {
    const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
    const { changes } = this.#database
      .prepare(
        `UPDATE executions SET status = ?, started_at = coalesce(?, started_at), ended_at = coalesce(?, ended_at),
           isolation = coalesce(?, isolation), result = coalesce(?, result), fault = coalesce(?, fault), steps = coalesce(?, steps)
           ${isCompleted(to) ? ', sealed_parameters = NULL, pid = NULL' : ''}
         WHERE id = ? AND status IN (${from.map(() => '?').join(', ')})`,
      )
      .run(
        to,
        patch.startedAt ?? null,
        patch.endedAt ?? null,
        patch.isolation ?? null,
        json(patch.result),
        json(patch.fault),
        json(patch.steps),
        id,
        ...from,
      );
    return changes === 1 ? this.get(id) : undefined;
  }

  setSteps(id: string, steps: readonly ExecutionStep[]): Execution | undefined {
    this.#database.prepare('UPDATE executions SET steps = ? WHERE id = ?').run(JSON.stringify(steps), id);
    return this.get(id);
  }

  /** The process (and group) that runs it, so that an orphan can be found after the app was killed. */
  setProcess(id: string, pid: number): void {
    this.#database.prepare('UPDATE executions SET pid = ? WHERE id = ?').run(pid, id);
  }

  get(id: string): Execution | undefined {
    const row = this.#byId.get(id);
    return row && fromRow(row);
  }

  /** Not completed ones, oldest first. `parameters` are undefined when the seal's key was lost. */
  open(): OpenExecution[] {
    return this.#database
      .prepare(`SELECT * FROM executions WHERE status NOT IN (${COMPLETED}) ORDER BY seq`)
      .all()
      .map((row) => ({
        execution: fromRow(row),
        parameters: this.#parameters(row),
        pid: row.pid === null ? undefined : Number(row.pid),
      }));
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

  #parameters(row: Row): JsonObject | undefined {
    const sealed = textOrUndefined(row, 'sealed_parameters');
    const plain = sealed === undefined ? text(row, 'parameters') : this.#seal.open(sealed);
    return plain === undefined ? undefined : (JSON.parse(plain) as JsonObject);
  }
}

function pageOf(filter: ExecutionFilter): PageRequest {
  const { triggerInstance, rule, action, pack, parent, runner, results: _, ...request } = filter;
  const indexed = { trigger_instance: triggerInstance, parent, rule, action, pack };
  return { ...request, indexed, ...(runner !== undefined && { also: [{ sql: 'runner = ?', values: [runner] }] }) };
}

function fromRow(row: Row): Execution {
  const optional = <K extends string>(key: K, column: string) => {
    const value = textOrUndefined(row, column);
    return value === undefined ? {} : { [key]: value };
  };
  const result = textOrUndefined(row, 'result');
  const fault = textOrUndefined(row, 'fault');
  return {
    id: text(row, 'id'),
    action: text(row, 'action') as ResourceRef,
    runner: text(row, 'runner'),
    status: text(row, 'status') as ExecutionStatus,
    parameters: JSON.parse(text(row, 'parameters')) as JsonObject,
    context: JSON.parse(text(row, 'context')) as ExecutionContext,
    createdAt: text(row, 'created_at'),
    ...optional('startedAt', 'started_at'),
    ...optional('endedAt', 'ended_at'),
    ...optional('isolation', 'isolation'),
    ...(result !== undefined && { result: JSON.parse(result) as Json }),
    ...(fault !== undefined && { fault: JSON.parse(fault) as Fault }),
    steps: JSON.parse(textOrUndefined(row, 'steps') ?? '[]') as ExecutionStep[],
  };
}
