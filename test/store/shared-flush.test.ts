import { appendFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { SharedFlush } from '../../main/store/shared-flush.ts';
import { tempFolder } from '../support/temp-folder.ts';

test('calls that come while a flush is under way share the one after it', async () => {
  await using folder = await tempFolder();
  const file = path.join(folder.path, 'log');
  await writeFile(file, 'first');
  using flush = new SharedFlush(file);
  const first = flush.flush();
  const second = flush.flush();
  const third = flush.flush();
  expect(second).toBe(third);
  expect(second).not.toBe(first);
  await Promise.all([first, second]);
  await appendFile(file, 'more');
  const later = flush.flush();
  expect(later).not.toBe(second);
  await later;
});

test('a file that cannot be flushed fails those who wait for it, and no one later', async () => {
  await using folder = await tempFolder();
  const file = path.join(folder.path, 'log');
  using flush = new SharedFlush(file);
  expect(() => flush.flush()).toThrow('ENOENT');
  await writeFile(file, 'there now');
  await flush.flush();
});

test('it may be closed while a flush is under way', async () => {
  await using folder = await tempFolder();
  const file = path.join(folder.path, 'log');
  await writeFile(file, 'text');
  const flush = new SharedFlush(file);
  const running = flush.flush();
  flush[Symbol.dispose]();
  await running;
});
