import { expect, test } from 'vitest';
import { GroupCommit } from '../../main/store/group-commit.ts';
import { until } from '../support/until.ts';

/** A disk whose flushes end when the test says so. */
function slowDisk() {
  const flushes: PromiseWithResolvers<void>[] = [];
  const commit = new GroupCommit(
    (work) => work(),
    () => {
      const flush = Promise.withResolvers<void>();
      flushes.push(flush);
      return flush.promise;
    },
  );
  return { commit, flushes };
}

test('writes of one tick are one transaction, and those who wait for the disk wait for one flush', async () => {
  const { commit, flushes } = slowDisk();
  const done: string[] = [];
  const waiting = ['one', 'two'].map((name) => commit.run(() => name).then((value) => done.push(value)));
  await until('a flush was begun', () => flushes.length > 0);
  expect([flushes.length, done]).toEqual([1, []]);
  flushes[0]?.resolve();
  await Promise.all(waiting);
  expect(done).toEqual(['one', 'two']);
});

test('what nobody waits for is seen at once, and flushed with the next that somebody waits for', async () => {
  const { commit, flushes } = slowDisk();
  const { value, flushed } = await commit.commit(() => 1);
  expect([value, flushes.length]).toEqual([1, 0]);
  const later = commit.run(() => 2);
  await until('a flush was begun', () => flushes.length > 0);
  const first = flushed();
  flushes[0]?.resolve();
  await Promise.all([first, later]);
  expect(flushes).toHaveLength(1);
});

test('what nobody ever waits for is flushed soon', async () => {
  const { commit, flushes } = slowDisk();
  await commit.commit(() => 1);
  await until('a flush was begun', () => flushes.length > 0);
  expect(flushes).toHaveLength(1);
  flushes[0]?.resolve();
});

test('what was written after a flush began is flushed by another', async () => {
  const { commit, flushes } = slowDisk();
  const first = commit.run(() => 1);
  await until('a flush was begun', () => flushes.length === 1);
  const second = commit.run(() => 2);
  await until('another was begun', () => flushes.length === 2);
  for (const flush of flushes) flush.resolve();
  await Promise.all([first, second]);
});

test('a flush that fails fails those who wait for it, and no later one', async () => {
  const { commit, flushes } = slowDisk();
  const failing = commit.run(() => 1);
  await until('a flush was begun', () => flushes.length === 1);
  flushes[0]?.reject(new Error('the disk is gone'));
  await expect(failing).rejects.toThrow('the disk is gone');
  const next = commit.run(() => 2);
  await until('another was begun', () => flushes.length === 2);
  flushes[1]?.resolve();
  await expect(next).resolves.toBe(2);
});
