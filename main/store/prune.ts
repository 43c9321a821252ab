import type { DatabaseSync } from 'node:sqlite';

/** What may go: rows older than an instant, and those before the newest so many. Undefined: nothing for that reason. */
export type Retention = { readonly before: string | undefined; readonly keep: number | undefined };

/** What is still open, or may be looked at again, stays however old it is. */
const TABLES = {
  executions: {
    at: 'created_at',
    done: "status IN ('succeeded', 'failed', 'timeout', 'abandoned', 'canceled')",
  },
  trigger_instances: { at: 'received_at', done: "status <> 'pending'" },
  notices: { at: 'at', done: 'TRUE' },
} as const;
export type PrunedTable = keyof typeof TABLES;
export const PRUNED_TABLES = Object.keys(TABLES) as readonly PrunedTable[];

/** How far the oldest rows were looked through, and how many of them went. */
export type Pruned = { readonly upTo: number; readonly deleted: number; readonly isDone: boolean };

/**
 * Looks at the next `limit` rows after `from`, oldest first, and deletes those that may go. One call is short, whatever the
 * size of the table; the caller goes on until it is done.
 */
export function pruneBatch(
  database: DatabaseSync,
  table: PrunedTable,
  { before, keep }: Retention,
  from: number,
  limit: number,
): Pruned {
  const { at, done } = TABLES[table];
  const newest = Number(database.prepare(`SELECT max(seq) AS seq FROM ${table}`).get()?.seq ?? 0);
  const lastToGo = keep === undefined ? 0 : newest - keep;
  const range = database
    .prepare(
      `SELECT max(seq) AS last, count(*) AS count, min(${at}) AS oldest FROM
         (SELECT seq, ${at} FROM ${table} WHERE seq > ? ORDER BY seq LIMIT ?)`,
    )
    .get(from, limit);
  const count = Number(range?.count ?? 0);
  if (count === 0) return { upTo: from, deleted: 0, isDone: true };
  const last = Number(range?.last);
  const { changes } = database
    .prepare(`DELETE FROM ${table} WHERE seq > ? AND seq <= ? AND ${done} AND (seq <= ? OR ${at} < ?)`)
    .run(from, last, lastToGo, before ?? '');
  const hasOld = last <= lastToGo || (before !== undefined && String(range?.oldest) < before);
  return { upTo: last, deleted: Number(changes), isDone: count < limit || !hasOld };
}
