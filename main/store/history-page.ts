import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Row } from './rows.ts';

/** A table of history as pages see it. Names are ours, never input. */
export type PagedTable = {
  readonly name: 'trigger_instances' | 'executions';
  /** The column with the instant of its `seq`; it grows with it. */
  readonly at: string;
  /** What a text is looked for in: as it is, and as JSON. */
  readonly plain: readonly string[];
  readonly json: readonly string[];
  /** Statuses that few rows have, exactly as the partial index over them says. */
  readonly rare: readonly RareStatuses[];
};
type RareStatuses = { readonly statuses: readonly string[]; readonly where: string };

export type PageRequest = {
  /** What must hold, by columns with an index that goes on in the order of `seq`; the first one is searched by. */
  readonly indexed?: Readonly<Record<string, string | undefined>>;
  /** What must hold beside that, looked at row by row. */
  readonly also?: readonly Condition[];
  readonly status?: readonly string[] | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly text?: string | undefined;
  readonly before?: string | undefined;
  readonly limit: number;
  /** Columns that are left unread. */
  readonly without?: readonly string[];
};
export type Condition = { readonly sql: string; readonly values: readonly SQLInputValue[] };

export type HistoryPage<T> = { items: T[]; more: boolean; next?: string };

/**
 * One page of a table, newest first. However rare what is asked for, and however long the history, a page looks at no more
 * than `MOST_LOOKED_AT` rows: then it ends early, even with no items, and `next` tells where to go on.
 * An unknown `before` gives an empty page.
 */
export function readHistoryPage<T>(
  database: DatabaseSync,
  table: PagedTable,
  request: PageRequest,
  fromRow: (row: Row) => T,
): HistoryPage<T> {
  const query = planPage(database, table, request);
  if (!query) return { items: [], more: false };
  const end = query.residual.length > 0 ? lastLookedAt(database, table, query) : undefined;
  const rows = database
    .prepare(pageSql(table, query, columnsOf(database, table, request.without ?? [])))
    .all(
      ...valuesOf(query.driver),
      query.below,
      end?.seq ?? query.from,
      ...valuesOf(query.residual),
      request.limit + 1,
    );
  const items = rows.slice(0, request.limit).map(fromRow);
  const next = rows.length > request.limit ? rows[request.limit - 1]?.id : end?.id;
  return next === undefined ? { items, more: false } : { items, more: true, next: String(next) };
}

/** How many rows a request finds, leaving its page aside; beyond `MOST_COUNTED` looked at, the older ones are left out. */
export function countHistory(database: DatabaseSync, table: PagedTable, request: PageRequest): number {
  const query = planPage(database, table, { ...request, before: undefined });
  if (!query) return 0;
  const inner = pageSql(table, { ...query, residual: [] }, query.residual.length > 0 ? '*' : 'seq');
  const where = query.residual.length > 0 ? `WHERE ${query.residual.map(({ sql }) => sql).join(' AND ')}` : '';
  const row = database
    .prepare(`SELECT count(*) AS count FROM (${inner}) ${where}`)
    .get(...valuesOf(query.driver), query.below, query.from, MOST_COUNTED, ...valuesOf(query.residual));
  return Number(row?.count ?? 0);
}

/** Some 100 ms at most. */
const MOST_COUNTED = 100_000;

/** Rows that one page may have to look at: some 10 ms of reading. */
export const MOST_LOOKED_AT = 1_000;

/** How a page is found: `driver` is searched by, over `from <= seq < below`; `residual` is looked at row by row. */
export type PagePlan = {
  readonly driver: readonly Condition[];
  readonly residual: readonly Condition[];
  readonly below: number;
  readonly from: number;
};

export function planPage(database: DatabaseSync, table: PagedTable, request: PageRequest): PagePlan | undefined {
  const below = belowOf(database, table, request);
  if (below === undefined) return undefined;
  const from = request.since === undefined ? 0 : firstFrom(database, table, request.since);
  const [first, ...others] = Object.entries(request.indexed ?? {}).flatMap(([column, value]) =>
    value === undefined ? [] : [{ sql: `${column} = ?`, values: [value] }],
  );
  const rare = first ? undefined : rareStatuses(table, request.status);
  const status = request.status ? [oneOf('status', request.status)] : [];
  // The `+` keeps a column from being searched by: its index would not help beside the first one.
  const residual = [...others.map(({ sql, values }) => ({ sql: `+${sql}`, values })), ...status];
  return {
    driver: first ? [first] : rare ? [rare] : [],
    residual: [...residual, ...(request.also ?? []), ...textCondition(table, request.text)],
    below,
    from,
  };
}

export function pageSql(table: PagedTable, { driver, residual }: PagePlan, columns: string): string {
  const where = [...driver.map(({ sql }) => sql), 'seq < ?', 'seq >= ?', ...residual.map(({ sql }) => sql)];
  return `SELECT ${columns} FROM ${table.name} WHERE ${where.join(' AND ')} ORDER BY seq DESC LIMIT ?`;
}

/** The last row that a page may look at, when there are more than that. */
function lastLookedAt(database: DatabaseSync, table: PagedTable, query: PagePlan) {
  const plan = { ...query, residual: [] };
  const last = database
    .prepare(`${pageSql(table, plan, 'seq')} OFFSET ${MOST_LOOKED_AT - 1}`)
    .get(...valuesOf(plan.driver), plan.below, plan.from, 1);
  if (last === undefined) return undefined;
  const row = database.prepare(`SELECT seq, id FROM ${table.name} WHERE seq = ?`).get(Number(last.seq));
  return row && { seq: Number(row.seq), id: String(row.id) };
}

function belowOf(database: DatabaseSync, table: PagedTable, { before, until }: PageRequest): number | undefined {
  const end = until === undefined ? Number.MAX_SAFE_INTEGER : firstFrom(database, table, until);
  if (before === undefined) return end;
  const row = database.prepare(`SELECT seq FROM ${table.name} WHERE id = ?`).get(before);
  return row && Math.min(end, Number(row.seq));
}

/** The first `seq` of that instant or later, by halving: no index has to be kept for it with every event. */
function firstFrom(database: DatabaseSync, { name, at }: PagedTable, instant: string): number {
  const probe = database.prepare(`SELECT seq, ${at} AS at FROM ${name} WHERE seq >= ? ORDER BY seq LIMIT 1`);
  const last = database.prepare(`SELECT max(seq) AS seq FROM ${name}`).get();
  let low = 0;
  let high = Number(last?.seq ?? 0) + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const row = probe.get(middle);
    if (row === undefined || String(row.at) >= instant) high = middle;
    else low = Number(row.seq) + 1;
  }
  return low;
}

function rareStatuses({ rare }: PagedTable, asked: readonly string[] | undefined): Condition | undefined {
  if (asked === undefined || asked.length === 0) return undefined;
  const index = rare.find(({ statuses }) => asked.every((status) => statuses.includes(status)));
  return index && { sql: index.where, values: [] };
}

function oneOf(column: string, values: readonly string[]): Condition {
  return { sql: `${column} IN (${values.map(() => '?').join(', ')})`, values };
}

function textCondition({ plain, json }: PagedTable, text: string | undefined): Condition[] {
  if (text === undefined || text === '') return [];
  const like = (columns: readonly string[], needle: string) => ({
    sql: columns.map((column) => `${column} LIKE ? ESCAPE '\\'`),
    values: columns.map(() => `%${needle.replaceAll(/[\\%_]/g, '\\$&')}%`),
  });
  const parts = [like(plain, text), like(json, JSON.stringify(text).slice(1, -1))];
  return [{ sql: `(${parts.flatMap(({ sql }) => sql).join(' OR ')})`, values: parts.flatMap(({ values }) => values) }];
}

function valuesOf(conditions: readonly Condition[]): SQLInputValue[] {
  return conditions.flatMap(({ values }) => values);
}

function columnsOf(database: DatabaseSync, { name }: PagedTable, without: readonly string[]): string {
  if (without.length === 0) return '*';
  const all = database.prepare(`SELECT name FROM pragma_table_info('${name}')`).all();
  return all.flatMap(({ name: column }) => (without.includes(String(column)) ? [] : [String(column)])).join(', ');
}
