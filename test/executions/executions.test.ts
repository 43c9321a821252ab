import { expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { execution, startBench } from './start-bench.ts';

test('an execution is requested, runs and succeeds with its result', async () => {
  await using bench = startBench();
  bench.submit('a');
  await until('it ran', () => bench.turns.length === 1);
  bench.turns[0]?.end({ status: 'succeeded', output: { result: 7 } });
  await bench.ended('a');
  expect(bench.get('a')).toMatchObject({ status: 'succeeded', result: { result: 7 } });
  expect(bench.statuses('a')).toEqual(['requested', 'running', 'succeeded']);
});

test('no more run at one time than allowed, and the others follow in order', async () => {
  await using bench = startBench({ concurrency: 2 });
  for (const id of ['a', 'b', 'c', 'd']) bench.submit(id);
  await until('two run', () => bench.turns.length === 2);
  expect([bench.executions.runningCount, bench.executions.waitingCount]).toEqual([2, 2]);
  bench.turns[1]?.end({ status: 'succeeded', output: null });
  await until('the third runs', () => bench.turns.length === 3);
  expect(bench.turns.map((turn) => turn.execution.id)).toEqual(['a', 'b', 'c']);
});

test('a running execution that is canceled is told so and ends as canceled, whatever it answers', async () => {
  await using bench = startBench();
  bench.submit('a');
  await until('it runs', () => bench.turns.length === 1);
  expect(bench.executions.cancel('a').status).toBe('canceling');
  expect(bench.turns[0]?.signal.reason).toBe('canceled');
  bench.turns[0]?.end({ status: 'succeeded', output: { result: 'too late' } });
  await bench.ended('a');
  expect(bench.get('a')?.status).toBe('canceled');
});

test('a waiting execution that is canceled never runs', async () => {
  await using bench = startBench({ concurrency: 1 });
  bench.submit('a');
  bench.submit('b');
  bench.submit('c');
  expect(bench.executions.cancel('b').status).toBe('canceled');
  await until('the first runs', () => bench.turns.length === 1);
  bench.turns[0]?.end({ status: 'succeeded', output: null });
  await until('the third runs', () => bench.turns.length === 2);
  expect(bench.turns.map((turn) => turn.execution.id)).toEqual(['a', 'c']);
});

test('an execution that is canceled while its start is written down never runs', async () => {
  await using bench = startBench();
  bench.submit('a');
  expect(bench.executions.cancel('a').status).toBe('canceled');
  bench.submit('b');
  await until('the next one runs', () => bench.turns.length === 1);
  expect(bench.turns.map((turn) => turn.execution.id)).toEqual(['b']);
  expect(bench.get('a')?.status).toBe('canceled');
});

test('while its start cannot be recorded an execution waits, and then it runs', async () => {
  await using bench = startBench();
  bench.disk.full = true;
  bench.submit('a');
  await until('the fault is told', () => bench.log.some((line) => line.includes('disk is full')));
  expect([bench.get('a')?.status, bench.turns.length]).toEqual(['requested', 0]);
  bench.disk.full = false;
  bench.clock.advance(1000);
  await until('it runs', () => bench.turns.length === 1);
});

test('what has ended or never was cannot be canceled', async () => {
  await using bench = startBench();
  bench.submit('a');
  await until('it runs', () => bench.turns.length === 1);
  bench.turns[0]?.end({ status: 'succeeded', output: null });
  await bench.ended('a');
  expect(() => bench.executions.cancel('a')).toThrow(/it is succeeded/);
  expect(() => bench.executions.cancel('nope')).toThrow(/no execution `nope`/);
});

test('after a crash what was requested runs, and what was running is abandoned and not run again', async () => {
  await using bench = startBench();
  bench.store.executions.insert(execution('waiting'), { n: 1 }, 'demo');
  bench.store.executions.insert({ ...execution('interrupted'), status: 'running' }, {});
  bench.executions.recover();
  await until('the waiting one runs', () => bench.turns.length === 1);
  expect(bench.turns[0]).toMatchObject({ execution: { id: 'waiting' }, parameters: { n: 1 } });
  expect(bench.get('interrupted')).toMatchObject({ status: 'abandoned', fault: { code: 'execution/abandoned' } });
});

test('an orderly stop abandons what runs and leaves what waits for the next start', async () => {
  const bench = startBench({ concurrency: 1 });
  bench.submit('a');
  bench.submit('b');
  await until('the first runs', () => bench.turns.length === 1);
  const stopped = bench.executions[Symbol.asyncDispose]();
  bench.turns[0]?.end({ status: 'canceled' });
  await stopped;
  expect([bench.get('a')?.status, bench.get('b')?.status]).toEqual(['abandoned', 'requested']);
  bench.store[Symbol.dispose]();
});

test('live output is kept to a bound, the newest of it', async () => {
  await using bench = startBench();
  bench.submit('a');
  await until('it runs', () => bench.turns.length === 1);
  for (let i = 0; i < 100; i++) {
    bench.executions.keepOutput({ execution: 'a', stream: 'stdout', text: `${i}:${'x'.repeat(10_000)}` });
  }
  const kept = bench.executions.output('a');
  expect(kept.reduce((size, chunk) => size + chunk.text.length, 0)).toBeLessThanOrEqual(256 * 1024);
  expect(kept.at(-1)?.text.startsWith('99:')).toBe(true);
});
