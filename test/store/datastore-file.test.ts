import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { DatastoreFile } from '../../main/store/datastore-file.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { tempFolder } from '../support/temp-folder.ts';

test('a key is read once a pack has written it, and no longer than it lives', async () => {
  await using folder = await tempFolder();
  const file = path.join(folder.path, 'datastore.db');
  const clock = new FakeClock();
  using datastore = new DatastoreFile(file, clock);
  expect(datastore.read('system', 'colour')).toBeUndefined();
  const writer = new DatabaseSync(file);
  expect(datastore.read('system', 'colour')).toBeUndefined();
  writer.exec('CREATE TABLE keys (name TEXT PRIMARY KEY, value TEXT NOT NULL, expires_at REAL) WITHOUT ROWID');
  const insert = writer.prepare('INSERT INTO keys VALUES (?, ?, ?)');
  insert.run('colour', 'red', null);
  insert.run('user:colour', 'blue', null);
  insert.run('fleeting', 'now', clock.now() / 1000 + 10);
  expect(datastore.read('system', 'colour')).toBe('red');
  expect(datastore.read('user', 'colour')).toBe('blue');
  expect(datastore.read('system', 'fleeting')).toBe('now');
  clock.advance(11_000);
  expect(datastore.read('system', 'fleeting')).toBeUndefined();
  writer.close();
});

test('an encrypted value says what to do instead', () => {
  using datastore = new DatastoreFile('/no/such/file', new FakeClock());
  expect(() => datastore.decrypt('x')).toThrow(expect.objectContaining({ code: 'datastore/encryption-missing' }));
});
