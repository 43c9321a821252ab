import { expect, test } from 'vitest';
import type { TriggerType } from '../../main/contract/packs.ts';
import type { PackRef, ResourceRef } from '../../main/contract/refs.ts';
import type { TriggerInstance } from '../../main/contract/triggers.ts';
import { silentLog } from '../../main/kit/log.ts';
import { sealWithKey } from '../../main/store/seal.ts';
import { openStore } from '../../main/store/store.ts';
import { Intake } from '../../main/triggers/intake.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { until } from '../support/until.ts';

test('an instance is on disk when receiving resolves, and meets the rules once', async () => {
  await using bench = startBench();
  const received = await bench.receive('a');
  expect(bench.store.triggerInstances.get(received.id)).toBeDefined();
  await bench.receive('a');
  await until('it was judged', () => bench.judged.length === 1);
  expect(bench.judged).toEqual(['a']);
});

test('while paused instances are recorded, and judged in order when it goes on', async () => {
  await using bench = startBench();
  bench.intake.setPaused(true);
  await bench.receive('a');
  await bench.receive('b');
  expect(bench.judged).toEqual([]);
  bench.intake.setPaused(false);
  await until('both were judged', () => bench.judged.length === 2);
  expect(bench.judged).toEqual(['a', 'b']);
});

test('what was recorded before the app was killed is judged after the next start', async () => {
  await using bench = startBench();
  bench.store.triggerInstances.insert(pending('left-over'));
  bench.intake.lookOnDisk();
  await until('it was judged', () => bench.judged.length === 1);
  expect(bench.judged).toEqual(['left-over']);
});

test('a storm beyond what memory holds is judged without losing or repeating one', async () => {
  await using bench = startBench();
  bench.intake.setPaused(true);
  await Promise.all(Array.from({ length: 5000 }, (_, n) => bench.receive(`n${n}`)));
  bench.intake.setPaused(false);
  await until('all were judged', () => bench.judged.length >= 5000);
  expect(new Set(bench.judged).size).toBe(5000);
  expect(bench.judged).toHaveLength(5000);
});

test('an instance whose rules cannot be asked is marked so and stops no other', async () => {
  await using bench = startBench((id) => {
    if (id === 'bad') throw new Error('broken rule');
  });
  await bench.receive('bad');
  await bench.receive('good');
  await until('the good one was judged', () => bench.judged.includes('good'));
  expect(bench.store.triggerInstances.get('bad')?.instance.status).toBe('processing_failed');
});

test('a refused message is kept and meets no rule', async () => {
  await using bench = startBench();
  const instance = await bench.intake.receive({ trigger: 'demo.nope', body: Buffer.from('{}'), source: 'cli' });
  expect(bench.store.triggerInstances.get(instance.id)?.instance).toMatchObject({ status: 'refused' });
  await bench.receive('after');
  await until('the one after it was judged', () => bench.judged.includes('after'));
  expect(bench.judged).toEqual(['after']);
});

function startBench(onJudge: (id: string) => void = () => {}) {
  const store = openStore(':memory:', sealWithKey(Buffer.alloc(32)));
  const judged: string[] = [];
  const intake = new Intake({
    table: store.triggerInstances,
    groupCommit: store.groupCommit,
    clock: new FakeClock(),
    log: silentLog,
    typeOf: (trigger) => (trigger === tick.ref ? tick : undefined),
    loopProblem: () => undefined,
    onInstance: async (instance) => {
      onJudge(instance.id);
      judged.push(instance.id);
      store.triggerInstances.setVerdicts(instance.id, 'processed', { rules: [], stops: [], told: [] });
    },
    onChange: () => {},
  });
  return {
    store,
    intake,
    judged,
    receive: (id: string) =>
      intake.receive({ trigger: tick.ref, body: Buffer.from(JSON.stringify({ id, payload: {} })), source: 'cli' }),
    async [Symbol.asyncDispose]() {
      await intake[Symbol.asyncDispose]();
      store[Symbol.dispose]();
    },
  };
}

const tick: TriggerType = {
  ref: 'demo.tick' as ResourceRef,
  pack: 'demo' as PackRef,
  name: 'tick',
  description: '',
  file: '/packs/demo/triggers/tick.yaml',
};

function pending(id: string): TriggerInstance {
  const at = '2026-01-01T00:00:00.000Z';
  return { id, trigger: tick.ref, payload: {}, occurredAt: at, receivedAt: at, source: 'cli', status: 'pending' };
}
