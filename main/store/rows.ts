import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';

export type Row = Record<string, SQLOutputValue>;

export function text(row: Row, column: string): string {
  return String(row[column]);
}

export function textOrUndefined(row: Row, column: string): string | undefined {
  const value = row[column];
  return value === null || value === undefined ? undefined : String(value);
}

type PageRequest = { status?: readonly string[] | undefined; before?: string | undefined; limit: number };

/**
 * One page of a table, newest first. `equal` are columns that must hold a value (undefined: any). An unknown `before`
 * gives an empty page. Table and column names are ours, never input.
 */
export function readPage<T>(
  database: DatabaseSync,
  table: 'trigger_instances' | 'executions',
  request: PageRequest,
  equal: Readonly<Record<string, string | undefined>>,
  fromRow: (row: Row) => T,
): { items: T[]; more: boolean } {
  const where: string[] = [];
  const values: SQLInputValue[] = [];
  for (const [column, value] of Object.entries(equal)) {
    if (value === undefined) continue;
    where.push(`${column} = ?`);
    values.push(value);
  }
  if (request.status) {
    where.push(`status IN (${request.status.map(() => '?').join(', ')})`);
    values.push(...request.status);
  }
  if (request.before !== undefined) {
    where.push(`seq < (SELECT seq FROM ${table} WHERE id = ?)`);
    values.push(request.before);
  }
  const rows = database
    .prepare(
      `SELECT * FROM ${table} ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''} ORDER BY seq DESC LIMIT ?`,
    )
    .all(...values, request.limit + 1);
  return { items: rows.slice(0, request.limit).map(fromRow), more: rows.length > request.limit };
}
