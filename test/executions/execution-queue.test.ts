import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { until } from '../support/until.ts';
import { execution, startBench } from './start-bench.ts';

const action = (ref: string) => ({ action: ref as ResourceRef });

test('a flood of one pack’s executions does not hold up those of another', async () => {
  await using bench = startBench({ concurrency: 1 });
  for (let n = 0; n < 50; n++) bench.submit(`flood-${n}`, action('loud.shout'));
  bench.submit('a', action('quiet.whisper'));
  bench.submit('b', action('quiet.whisper'));
  for (const id of ['flood-0', 'flood-1', 'a', 'flood-2', 'b', 'flood-3']) {
    await until(`${id} runs`, () => bench.ran().at(-1) === id || bench.ran().includes(id));
    bench.end(id);
  }
  expect(bench.ran().slice(0, 6)).toEqual(['flood-0', 'flood-1', 'a', 'flood-2', 'b', 'flood-3']);
});

test('a pack runs no more at one time than its own limit, and leaves the other places to others', async () => {
  await using bench = startBench({ concurrency: 4, packs: { demo: { concurrency: 1 } } });
  for (const id of ['a', 'b', 'c']) bench.submit(id);
  bench.submit('other', action('other.echo'));
  await until('the other runs', () => bench.ran().includes('other'));
  expect(bench.ran()).toEqual(['a', 'other']);
  bench.end('a');
  await until('the next of the pack runs', () => bench.ran().includes('b'));
  expect(bench.get('c')?.status).toBe('requested');
});

test('a limit that is raised lets more run at once', async () => {
  await using bench = startBench({ concurrency: 1 });
  for (const id of ['a', 'b', 'c']) bench.submit(id);
  await until('the first runs', () => bench.ran().length === 1);
  bench.limits.concurrency = 3;
  bench.executions.limitsChanged();
  await until('all run', () => bench.ran().length === 3);
});

test('a workflow takes no action’s place, so its own steps find one', async () => {
  await using bench = startBench({ concurrency: 1, workflows: 2 });
  for (const id of ['w1', 'w2', 'w3']) bench.submit(id, { runner: 'orquesta' });
  await until('as many workflows run as may', () => bench.ran().length === 2);
  const step = { context: { source: 'engine', parent: 'w1' } } as const;
  bench.submit('sub-workflow', { runner: 'orquesta', ...step });
  bench.submit('step', step);
  await until('the steps run', () => bench.ran().length === 4);
  expect(bench.ran()).toEqual(['w1', 'w2', 'sub-workflow', 'step']);
  expect(bench.executions.runningCount).toBe(1);
});

test('of many that wait, memory holds the first, and all run, in order', async () => {
  await using bench = startBench({ concurrency: 16 });
  const ids = Array.from({ length: 1500 }, (_, n) => `e${String(n).padStart(4, '0')}`);
  for (const id of ids) bench.submit(id, {}, { number: id });
  let ended = 0;
  while (ended < ids.length) {
    for (const turn of bench.turns.slice(ended)) turn.end({ status: 'succeeded', output: null });
    ended = bench.turns.length;
    await setImmediate();
  }
  expect(bench.ran()).toEqual(ids);
  expect(bench.turns.every((turn) => turn.parameters.number === turn.execution.id)).toBe(true);
  await until('none waits', () => bench.executions.waitingCount === 0);
});

test('after a start all that waited runs, whatever its lane, with its parameters', async () => {
  await using bench = startBench();
  bench.store.executions.insert(execution('a'), { n: 1 }, 'demo');
  bench.store.executions.insert(execution('b', { ...action('other.echo'), status: 'scheduled' }), { n: 2 }, 'other');
  // As an older version left it.
  bench.store.executions.insert(execution('c'), { n: 3 });
  bench.executions.recover();
  await until('all run', () => bench.ran().length === 3);
  expect(bench.turns.map(({ parameters }) => parameters.n).sort()).toEqual([1, 2, 3]);
});
