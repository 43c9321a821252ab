import { expect, test } from 'vitest';
import type { Execution } from '../../main/contract/executions.ts';
import { until } from '../support/until.ts';
import { execution, startBench } from './start-bench.ts';

/** The bench's clock begins with the year. */
const later = (seconds: number): Partial<Execution> => ({
  status: 'delayed',
  delay: { reason: 'it was asked for later', until: new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toISOString() },
});

test('a delayed execution says until when, and runs then', async () => {
  await using bench = startBench();
  bench.submit('late', later(90));
  bench.submit('early', later(30));
  expect(bench.get('late')).toMatchObject({ status: 'delayed', delay: { until: '2026-01-01T00:01:30.000Z' } });
  bench.clock.advance(29_999);
  expect(bench.ran()).toEqual([]);
  bench.clock.advance(1);
  await until('the earlier one runs', () => bench.ran().length === 1);
  bench.clock.advance(60_000);
  await until('the later one runs', () => bench.ran().length === 2);
  expect(bench.ran()).toEqual(['early', 'late']);
  expect(bench.statuses('early')).toEqual(['delayed', 'scheduled', 'running']);
  expect(bench.get('early')?.delay).toBeUndefined();
});

test('a delayed execution that is canceled never runs', async () => {
  await using bench = startBench();
  bench.submit('a', later(10));
  expect(bench.executions.cancel('a')).toMatchObject({ status: 'canceled' });
  bench.submit('b', later(20));
  bench.clock.advance(20_000);
  await until('the other runs', () => bench.ran().length === 1);
  expect(bench.ran()).toEqual(['b']);
});

test('a delay goes on over a restart, and one that passed meanwhile is over', async () => {
  await using bench = startBench();
  bench.store.executions.insert(execution('passed', later(0)), {});
  bench.store.executions.insert(execution('ahead', later(10)), {});
  bench.executions.recover();
  bench.clock.advance(1);
  await until('the one that is due runs', () => bench.ran().length === 1);
  bench.clock.advance(10_000);
  await until('the other runs', () => bench.ran().length === 2);
  expect(bench.ran()).toEqual(['passed', 'ahead']);
});
