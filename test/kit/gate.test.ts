import { expect, test } from 'vitest';
import { Gate } from '../../main/kit/gate.ts';

/** Works that end when they are told to, and the order in which they began. */
function works(gate: Gate) {
  const begun: string[] = [];
  const start = (name: string, signal?: AbortSignal) => {
    const end = Promise.withResolvers<void>();
    const work = async () => {
      begun.push(name);
      await end.promise;
      return name;
    };
    return { done: gate.run(work, signal), end: () => end.resolve() };
  };
  return { begun, start };
}

test('so many run at one time, and the others follow in the order they came', async () => {
  const gate = new Gate(2);
  const { begun, start } = works(gate);
  const [a, b, c, d] = [start('a'), start('b'), start('c'), start('d')];
  expect(gate.isFull).toBe(true);
  await new Promise(setImmediate);
  expect(begun).toEqual(['a', 'b']);
  b.end();
  expect(await b.done).toBe('b');
  await new Promise(setImmediate);
  expect(begun).toEqual(['a', 'b', 'c']);
  for (const work of [a, c, d]) work.end();
  await Promise.all([a.done, c.done, d.done]);
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
  expect(gate.isFull).toBe(false);
});

test('one that is called off while it waits never begins and leaves its place in the line', async () => {
  const gate = new Gate(1);
  const { begun, start } = works(gate);
  const cancel = new AbortController();
  const first = start('first');
  const called = start('called off', cancel.signal);
  const last = start('last');
  cancel.abort('canceled');
  await expect(called.done).rejects.toMatchObject({ code: 'operation/canceled' });
  first.end();
  last.end();
  await Promise.all([first.done, last.done]);
  expect(begun).toEqual(['first', 'last']);
});

test('a work that fails gives its place back', async () => {
  const gate = new Gate(1);
  await expect(gate.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await gate.run(async () => 'next')).toBe('next');
});
