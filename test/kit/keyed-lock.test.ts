import { expect, test } from 'vitest';
import { KeyedLock } from '../../main/kit/keyed-lock.ts';

test('works of one key run one after the other, those of another key beside them', async () => {
  const lock = new KeyedLock();
  const seen: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = lock.run('a', async () => {
    seen.push('a1 begins');
    await gate.promise;
    seen.push('a1 ends');
  });
  const second = lock.run('a', async () => void seen.push('a2'));
  await lock.run('b', async () => void seen.push('b'));
  gate.resolve();
  await Promise.all([first, second]);
  expect(seen).toEqual(['a1 begins', 'b', 'a1 ends', 'a2']);
});

test('a work that fails does not hold up the next', async () => {
  const lock = new KeyedLock();
  const failing = lock.run('a', () => Promise.reject(new Error('no')));
  await expect(lock.run('a', async () => 'next')).resolves.toBe('next');
  await expect(failing).rejects.toThrow('no');
});

test('a work that is called off while it waits never begins, and keeps nobody waiting or overtaking', async () => {
  const lock = new KeyedLock();
  const gate = Promise.withResolvers<void>();
  const cancel = new AbortController();
  const began: string[] = [];
  const first = lock.run('a', () => gate.promise.then(() => void began.push('first ends')));
  const waiting = lock.run('a', async () => void began.push('canceled'), cancel.signal);
  const next = lock.run('a', async () => void began.push('next'));
  cancel.abort('canceled');
  // The first one still holds the lock.
  await expect(waiting).rejects.toMatchObject({ code: 'operation/canceled' });
  expect(began).toEqual([]);
  gate.resolve();
  await Promise.all([first, next]);
  expect(began).toEqual(['first ends', 'next']);
});
