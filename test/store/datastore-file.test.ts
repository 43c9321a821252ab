import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { DatastoreFile } from '../../main/store/datastore-file.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { TEST_SEAL } from '../support/test-seal.ts';

async function emptyDatastore() {
  const folder = await tempFolder();
  const file = path.join(folder.path, 'datastore.db');
  const clock = new FakeClock();
  const datastore = new DatastoreFile(file, clock, TEST_SEAL);
  return {
    file,
    clock,
    datastore,
    async [Symbol.asyncDispose]() {
      datastore[Symbol.dispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** The table as a pack's process makes it when it is the first to need one. */
const PACKS_TABLE = 'CREATE TABLE keys (name TEXT PRIMARY KEY, value TEXT NOT NULL, expires_at REAL) WITHOUT ROWID';

test('keys that packs wrote before the app did are read, each no longer than it lives', async () => {
  await using made = await emptyDatastore();
  const { clock, datastore } = made;
  const writer = new DatabaseSync(made.file);
  writer.exec(PACKS_TABLE);
  const insert = writer.prepare('INSERT INTO keys (name, value, expires_at) VALUES (?, ?, ?)');
  insert.run('colour', 'red', null);
  insert.run('user:colour', 'blue', null);
  insert.run('fleeting', 'now', clock.now() / 1000 + 10);
  expect(datastore.read('system', 'colour')).toBe('red');
  expect(datastore.read('user', 'colour')).toBe('blue');
  expect(datastore.read('system', 'fleeting')).toBe('now');
  clock.advance(11_000);
  expect(datastore.read('system', 'fleeting')).toBeUndefined();
  expect(datastore.list('system', '').map(({ name }) => name)).toEqual(['colour']);
  writer.close();
});

test('a secret is sealed on disk and opens again; a pack that overwrites it makes it an ordinary key', async () => {
  await using made = await emptyDatastore();
  const { datastore } = made;
  datastore.set({ scope: 'system', name: 'token', value: 'hunter2-planted', secret: true });
  const stored = datastore.get('system', 'token');
  expect(stored).toMatchObject({ name: 'token', secret: true });
  expect(datastore.decrypt(stored?.value ?? '')).toBe('hunter2-planted');
  for (const suffix of ['', '-wal']) expect(await readFile(made.file + suffix, 'latin1')).not.toContain('hunter2');
  if (process.platform !== 'win32') expect((await stat(made.file)).mode & 0o777).toBe(0o600);
  const pack = new DatabaseSync(made.file);
  pack.prepare('INSERT OR REPLACE INTO keys (name, value, expires_at) VALUES (?, ?, ?)').run('token', 'plain', null);
  pack.close();
  expect(datastore.get('system', 'token')).toMatchObject({ value: 'plain', secret: false });
});

test('what is not sealed cannot be decrypted', async () => {
  await using made = await emptyDatastore();
  expect(() => made.datastore.decrypt('x')).toThrow(expect.objectContaining({ code: 'datastore/not-encrypted' }));
});

test('the version changes when a process writes and when a key expires, and at nothing else', async () => {
  await using made = await emptyDatastore();
  const { clock, datastore } = made;
  datastore.set({ scope: 'system', name: 'a', value: '1', secret: false, ttlSeconds: 5 });
  const first = datastore.version();
  expect(datastore.version()).toBe(first);
  clock.advance(6000);
  const second = datastore.version();
  expect(second).not.toBe(first);
  const pack = new DatabaseSync(made.file);
  pack.exec("INSERT INTO keys (name, value) VALUES ('b', '2')");
  pack.close();
  expect(datastore.version()).not.toBe(second);
});

test('a key is listed by its prefix and scope, and deleted once', async () => {
  await using made = await emptyDatastore();
  const { datastore } = made;
  for (const name of ['a.one', 'a.two', 'b']) datastore.set({ scope: 'system', name, value: 'x', secret: false });
  datastore.set({ scope: 'user', name: 'a.mine', value: 'x', secret: false });
  expect(datastore.list('system', 'a.').map(({ name }) => name)).toEqual(['a.one', 'a.two']);
  expect(datastore.list('user', '').map(({ name }) => name)).toEqual(['a.mine']);
  expect(datastore.delete('system', 'b')).toBe(true);
  expect(datastore.delete('system', 'b')).toBe(false);
});
