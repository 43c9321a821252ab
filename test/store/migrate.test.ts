import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { migrate } from '../../main/store/migrate.ts';
import { migrations } from '../../main/store/migrations.ts';
import { sealWithKey } from '../../main/store/seal.ts';
import { openStore } from '../../main/store/store.ts';
import { tempFolder } from '../support/temp-folder.ts';

const seal = sealWithKey(Buffer.alloc(32, 7));
const BEFORE_NAMES = readFileSync('test/fixtures/history/before-names.sql', 'utf8');

test('a file of before migrations had names keeps its history and gets what is new', async () => {
  await using folder = await tempFolder();
  const file = path.join(folder.path, 'stormlet.db');
  withDatabase(file, (database) => database.exec(BEFORE_NAMES));
  for (const _ of ['the first start', 'the next']) {
    using store = openStore(file, seal);
    expect(store.triggerInstances.get('event-1')?.instance).toMatchObject({ payload: { n: 1 }, status: 'pending' });
    expect(store.executions.ofEvent('event-1', 10)).toMatchObject([{ id: 'run-1', context: { rule: 'demo.on_tick' } }]);
    expect(store.deliveries.list()).toEqual([]);
  }
  withDatabase(file, (database) => expect(namesIn(database)).toEqual(migrations.map(({ name }) => name).sort()));
});

test('an old file and a new one come to the same form', async () => {
  const schema = (begin: string) => {
    using database = new DatabaseSync(':memory:');
    database.exec(begin);
    migrate(database, migrations);
    const all = database.prepare('SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name').all();
    // Only the blanks differ: a text keeps those of its time.
    return all.map(({ name, sql }) => [name, String(sql).replace(/\s+/g, ' ')]);
  };
  expect(schema(BEFORE_NAMES)).toEqual(schema(''));
});

test('what two branches added reaches a file that has seen one of them', () => {
  using database = new DatabaseSync(':memory:');
  const [first, ours, theirs] = ['first', 'ours', 'theirs'].map((name) => ({
    name,
    sql: `CREATE TABLE ${name}_table (id INTEGER)`,
  })) as [Step, Step, Step];
  migrate(database, [first, theirs]);
  migrate(database, [first, ours, theirs]);
  migrate(database, [first, ours, theirs]);
  expect(namesIn(database)).toEqual(['first', 'ours', 'theirs']);
  expect(() => migrate(database, [first, ours])).toThrow(/newer Stormlet.*`theirs`/);
});

test('a migration that fails leaves nothing of itself, and is tried again', () => {
  using database = new DatabaseSync(':memory:');
  const broken = { name: 'half', sql: 'CREATE TABLE half (id INTEGER); CREATE TABLE half (id INTEGER);' };
  expect(() => migrate(database, [broken])).toThrow(/already exists/);
  migrate(database, [{ ...broken, sql: 'CREATE TABLE half (id INTEGER)' }]);
  expect(namesIn(database)).toEqual(['half']);
});

test('each migration has a name of its own', () => {
  expect(new Set(migrations.map(({ name }) => name)).size).toBe(migrations.length);
});

test('a history of a newer Stormlet is refused with what to do', async () => {
  await using folder = await tempFolder();
  const file = path.join(folder.path, 'stormlet.db');
  withDatabase(file, (database) => database.exec('PRAGMA user_version = 999'));
  expect(() => openStore(file, seal)).toThrow(/newer Stormlet/);
});

type Step = { readonly name: string; readonly sql: string };

function withDatabase(file: string, work: (database: DatabaseSync) => void): void {
  using database = new DatabaseSync(file);
  work(database);
}

function namesIn(database: DatabaseSync): string[] {
  return database
    .prepare('SELECT name FROM migrations ORDER BY name')
    .all()
    .map(({ name }) => String(name));
}
