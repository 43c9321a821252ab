import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { ConcurrencyPolicy } from '../../main/contract/policies.ts';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { until } from '../support/until.ts';
import { startBench } from './start-bench.ts';

const ECHO = 'demo.echo';

function policy(more: Partial<ConcurrencyPolicy> = {}): ConcurrencyPolicy {
  return { ref: 'demo.one' as ResourceRef, threshold: 1, action: 'delay', attributes: [], ...more };
}

test('what a policy has no place for is delayed, says why, and runs when one ends', async () => {
  await using bench = startBench();
  bench.policies.set(ECHO, [policy()]);
  for (const id of ['a', 'b', 'c']) bench.submit(id);
  bench.submit('other', { action: 'demo.other' as ResourceRef });
  await until('both are held back', () => bench.get('b')?.status === 'delayed' && bench.get('c')?.status === 'delayed');
  expect(bench.get('b')?.delay).toEqual({ reason: 'the policy `demo.one` allows 1 at one time' });
  await until('what has no policy runs', () => bench.ran().length === 2);
  bench.end('a');
  await until('the next runs', () => bench.ran().includes('b'));
  expect(bench.get('c')?.status).toBe('delayed');
  bench.end('b');
  await until('the last runs', () => bench.ran().includes('c'));
  expect(bench.statuses('c')).toEqual(['requested', 'delayed', 'scheduled', 'running']);
});

test('of the same values of its attributes only so many run', async () => {
  await using bench = startBench();
  bench.policies.set(ECHO, [policy({ attributes: ['host'] })]);
  bench.submit('a', {}, { host: 'one' });
  bench.submit('b', {}, { host: 'one' });
  bench.submit('c', {}, { host: 'two' });
  await until('one of each host runs', () => bench.ran().length === 2 && bench.get('b')?.status === 'delayed');
  expect(bench.ran()).toEqual(['a', 'c']);
  expect(bench.get('b')?.delay?.reason).toBe('the policy `demo.one` allows 1 at one time with the same `host`');
  bench.end('c');
  await bench.ended('c');
  expect(bench.get('b')?.status).toBe('delayed');
  bench.end('a');
  await until('the other of that host runs', () => bench.ran().includes('b'));
});

test('a policy that cancels ends what it has no place for, with the reason', async () => {
  await using bench = startBench();
  bench.policies.set(ECHO, [policy({ action: 'cancel' })]);
  bench.submit('a');
  bench.submit('b');
  await bench.ended('b');
  expect(bench.get('b')).toMatchObject({
    status: 'canceled',
    fault: { code: 'policy/no-place', message: 'the policy `demo.one` allows 1 at one time' },
  });
  bench.end('a');
  await bench.ended('a');
  expect(bench.ran()).toEqual(['a']);
});

test('one that is canceled while it is held back gives up nobody’s place', async () => {
  await using bench = startBench();
  bench.policies.set(ECHO, [policy()]);
  for (const id of ['a', 'b', 'c']) bench.submit(id);
  await until('both are held back', () => bench.get('c')?.status === 'delayed');
  bench.executions.cancel('b');
  bench.end('a');
  await until('the last runs', () => bench.ran().includes('c'));
  expect(bench.ran()).toEqual(['a', 'c']);
});

test('two policies hold back together, and none that one of them lets go waits for ever', async () => {
  await using bench = startBench();
  const ofHost = policy({ ref: 'demo.host' as ResourceRef, attributes: ['host'] });
  bench.policies.set(ECHO, [policy({ threshold: 2 }), ofHost]);
  const hosts = ['one', 'one', 'two', 'one', 'two', 'two', 'three'];
  hosts.forEach((host, n) => {
    bench.submit(`e${n}`, {}, { host });
  });
  let ended = 0;
  while (ended < hosts.length) {
    await until('one more runs', () => bench.turns.length > ended);
    const open = bench.turns.filter(({ execution: { id } }) => bench.get(id)?.status === 'running');
    expect(open.length).toBeLessThanOrEqual(2);
    expect(new Set(open.map(({ parameters }) => parameters.host)).size).toBe(open.length);
    const next = bench.turns[ended];
    next?.end({ status: 'succeeded', output: null });
    await bench.ended(next?.execution.id ?? '');
    ended += 1;
  }
  expect(bench.ran().sort()).toEqual(hosts.map((_, n) => `e${n}`));
});

test('a thousand that a policy holds back are on disk, and each runs once', async () => {
  await using bench = startBench();
  bench.policies.set(ECHO, [policy()]);
  const ids = Array.from({ length: 1000 }, (_, n) => `e${String(n).padStart(3, '0')}`);
  for (const id of ids) bench.submit(id);
  let ended = 0;
  while (ended < ids.length) {
    for (const turn of bench.turns.slice(ended)) turn.end({ status: 'succeeded', output: null });
    ended = bench.turns.length;
    await setImmediate();
  }
  expect(bench.ran()).toEqual(ids);
});

test('when the policy goes, all it held back run', async () => {
  await using bench = startBench();
  bench.policies.set(ECHO, [policy()]);
  for (const id of ['a', 'b', 'c']) bench.submit(id);
  await until('both are held back', () => bench.get('c')?.status === 'delayed');
  bench.policies.clear();
  bench.executions.policiesChanged();
  await until('all run', () => bench.ran().length === 3);
});

test('after a start what was held back is judged anew', async () => {
  await using bench = startBench();
  bench.policies.set(ECHO, [policy()]);
  for (const id of ['a', 'b']) bench.submit(id);
  await until('one is held back', () => bench.get('b')?.status === 'delayed');
  bench.executions.recover();
  expect(bench.get('a')?.status).toBe('abandoned');
  bench.end('a');
  await until('the other runs', () => bench.ran().includes('b'));
});

test('another attempt is recorded together with the failure that it follows', async () => {
  await using bench = startBench({
    retry: ({ id, context }, parameters) => {
      const count = (context.policies?.retry?.count ?? 0) + 1;
      if (count > 1) return undefined;
      const retry = { policy: 'demo.again' as ResourceRef, count, of: id };
      const again = { id: `${id}-${count}`, context: { ...context, policies: { retry } } };
      return { execution: { ...bench.get('a'), ...again, status: 'requested' } as never, parameters };
    },
  });
  bench.submit('a', {}, { n: 1 });
  await until('it runs', () => bench.ran().length === 1);
  const fault = { code: 'x', kind: 'pack', message: 'no' } as const;
  bench.end('a', { status: 'failed', fault });
  await until('the next attempt runs', () => bench.ran().length === 2);
  expect(bench.turns[1]).toMatchObject({ execution: { id: 'a-1' }, parameters: { n: 1 } });
  bench.end('a-1', { status: 'failed', fault });
  await bench.ended('a-1');
  expect(bench.ran()).toEqual(['a', 'a-1']);
});
