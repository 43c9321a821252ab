import { utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { StampedCache } from '../../main/kit/stamped-cache.ts';
import { tempFolder } from '../support/temp-folder.ts';

test('a file that was only touched gives the very same value, a changed one another', async () => {
  await using folder = await tempFolder();
  const file = path.join(folder.path, 'f');
  const cache = new StampedCache<{ text: string }>();
  const get = (stamp: string) => cache.get(file, stamp, (text) => ({ text }));
  await writeFile(file, 'one');
  const first = await get('1');
  await utimes(file, 1, 1);
  expect(await get('2')).toBe(first);
  await writeFile(file, 'two');
  expect(await get('2')).toBe(first);
  expect(await get('3')).toEqual({ text: 'two' });
});

test('a forgotten file is read again', async () => {
  await using folder = await tempFolder();
  const file = path.join(folder.path, 'f');
  await writeFile(file, 'one');
  const cache = new StampedCache<object>();
  const first = await cache.get(file, '1', () => ({}));
  cache.keepOnly(new Set());
  expect(await cache.get(file, '1', () => ({}))).not.toBe(first);
});
