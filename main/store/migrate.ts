import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from './in-transaction.ts';
import { type Migration, NUMBERED } from './migrations.ts';

/**
 * Runs what a history file has not had yet, each step in a transaction with the note that it is done. A file that has had
 * one which is not known here is refused rather than guessed at.
 */
export function migrate(database: DatabaseSync, migrations: readonly Migration[]): void {
  const done = namesIn(database, migrations);
  const unknown = [...done].find((name) => !migrations.some((migration) => migration.name === name));
  if (unknown !== undefined) {
    throw new Error(
      `it was written by a newer Stormlet: it has had the migration \`${unknown}\`, which this one lacks`,
    );
  }
  const note = database.prepare('INSERT INTO migrations (name) VALUES (?)');
  for (const { name, sql } of migrations) {
    if (done.has(name)) continue;
    inTransaction(database, () => {
      database.exec(sql);
      note.run(name);
    });
  }
}

function namesIn(database: DatabaseSync, migrations: readonly Migration[]): Set<string> {
  if (!hasNames(database)) inTransaction(database, () => beginNames(database, migrations));
  return new Set(
    database
      .prepare('SELECT name FROM migrations')
      .all()
      .map(({ name }) => String(name)),
  );
}

function hasNames(database: DatabaseSync): boolean {
  return database.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'migrations'`).get() !== undefined;
}

/** From now on by name. Whoever counts finds more than it knows, and leaves the file alone. */
function beginNames(database: DatabaseSync, migrations: readonly Migration[]): void {
  const counted = Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
  if (counted > NUMBERED) throw new Error(`it was written by a newer Stormlet (schema ${counted})`);
  database.exec('CREATE TABLE migrations (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID');
  const note = database.prepare('INSERT INTO migrations (name) VALUES (?)');
  for (const { name } of migrations.slice(0, counted)) note.run(name);
  database.exec(`PRAGMA user_version = ${NUMBERED + 1}`);
}
