import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Execution } from '../../main/contract/executions.ts';
import type { ResourceRef } from '../../main/contract/refs.ts';
import type { TriggerInstance } from '../../main/contract/triggers.ts';
import { sealWithKey } from '../../main/store/seal.ts';
import { openStore } from '../../main/store/store.ts';
import { tempFolder } from '../support/temp-folder.ts';

const seal = sealWithKey(Buffer.alloc(32, 7));

test('what was committed is there when the file is opened again', async () => {
  await using folder = await tempFolder();
  const file = path.join(folder.path, 'stormlet.db');
  {
    using store = openStore(file, seal);
    await store.groupCommit.run(() => store.triggerInstances.insert(instance('one')));
  }
  using again = openStore(file, seal);
  expect(again.triggerInstances.get('one')).toEqual({
    instance: instance('one'),
    verdicts: { rules: [], stops: [], told: [] },
  });
});

test('a redelivered instance is recorded once', () => {
  using store = openStore(':memory:', seal);
  expect(store.triggerInstances.insert(instance('one'))).toBe(true);
  expect(store.triggerInstances.insert(instance('one'))).toBe(false);
  expect(store.triggerInstances.page({ limit: 10 }).items).toHaveLength(1);
});

test('verdicts are kept with the rules that they are about, each set of rules once', () => {
  using store = openStore(':memory:', seal);
  const rules = [{ rule: 'demo.a' as ResourceRef, criteria: [{ key: 'trigger.n', expected: 1 }] }];
  for (const id of ['one', 'two']) {
    store.triggerInstances.insert(instance(id));
    // The same rules, read from their files again.
    const verdicts = { rules: structuredClone(rules), stops: [0, 1], told: [] };
    store.triggerInstances.setVerdicts(id, 'processed', verdicts);
    expect(store.triggerInstances.get(id)).toEqual({ instance: { ...instance(id), status: 'processed' }, verdicts });
  }
  const [one, two] = ['one', 'two'].map((id) => store.triggerInstances.get(id)?.verdicts.rules);
  expect(one).toBe(two);
});

test('writes of one turn share a transaction and fail together', async () => {
  using store = openStore(':memory:', seal);
  const results = await Promise.allSettled([
    store.groupCommit.run(() => store.triggerInstances.insert(instance('one'))),
    store.groupCommit.run(() => {
      throw new Error('disk full');
    }),
  ]);
  expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected']);
  expect(store.triggerInstances.get('one')).toBeUndefined();
});

test('only one of two finishers moves an execution', () => {
  using store = openStore(':memory:', seal);
  store.executions.insert(execution('one'), {});
  expect(store.executions.move('one', ['requested'], 'running')?.status).toBe('running');
  expect(store.executions.move('one', ['running'], 'succeeded', { result: 1 })?.result).toBe(1);
  expect(store.executions.move('one', ['running'], 'failed', { result: 2 })).toBeUndefined();
  expect(store.executions.get('one')).toMatchObject({ status: 'succeeded', result: 1 });
});

test('what is written with a state of an execution is on disk with it, or neither is', () => {
  using store = openStore(':memory:', seal);
  store.executions.insert(execution('one'), {});
  const told: string[] = [];
  store.executions.onWrite(({ id, status }) => {
    store.triggerInstances.insert(instance(`${id} ${status}`));
    told.push(status);
    if (status === 'failed') throw new Error('disk full');
  });
  expect(() => store.executions.move('one', ['requested'], 'failed')).toThrow('disk full');
  expect(store.executions.get('one')?.status).toBe('requested');
  expect(store.triggerInstances.get('one failed')).toBeUndefined();
  store.executions.move('one', ['requested'], 'succeeded');
  expect(store.executions.move('one', ['requested'], 'canceled')).toBeUndefined();
  store.executions.insert(execution('two'), {});
  expect(told).toEqual(['failed', 'succeeded', 'requested']);
  expect(store.triggerInstances.get('one succeeded')).toBeDefined();
});

test('secret parameters lie sealed on disk, also once it ended, so that it can run again', async () => {
  await using folder = await tempFolder();
  const file = path.join(folder.path, 'stormlet.db');
  {
    using store = openStore(file, seal);
    store.executions.insert({ ...execution('one'), parameters: { token: '********' } }, { token: 'hunter2-hunter2' });
    expect(store.executions.kept('one')?.parameters).toEqual({ token: 'hunter2-hunter2' });
    expect(store.executions.get('one')?.parameters).toEqual({ token: '********' });
  }
  using store = openStore(file, seal);
  store.executions.move('one', ['requested'], 'running');
  store.executions.move('one', ['running'], 'succeeded');
  expect(store.executions.kept('one')?.parameters).toEqual({ token: 'hunter2-hunter2' });
  expect(store.executions.get('one')?.parameters).toEqual({ token: '********' });
  for (const part of [file, `${file}-wal`]) expect(readFileSync(part).includes('hunter2-hunter2')).toBe(false);
});

test('sealed parameters cannot be read with another key', () => {
  expect(sealWithKey(Buffer.alloc(32, 8)).open(seal.seal('secret'))).toBeUndefined();
  expect(seal.open(seal.seal('secret'))).toBe('secret');
});

test.skipIf(process.platform === 'win32')('the history is readable by its owner only', async () => {
  await using folder = await tempFolder();
  openStore(path.join(folder.path, 'stormlet.db'), seal)[Symbol.dispose]();
  expect(statSync(path.join(folder.path, 'stormlet.db')).mode & 0o777).toBe(0o600);
});

test('pages go from the newest to the oldest without a gap', () => {
  using store = openStore(':memory:', seal);
  for (const id of ['a', 'b', 'c', 'd', 'e']) store.executions.insert(execution(id), {});
  const first = store.executions.page({ limit: 2 });
  const second = store.executions.page({ limit: 2, before: first.items.at(-1)?.id });
  const third = store.executions.page({ limit: 2, before: second.items.at(-1)?.id });
  expect([first, second, third].map((page) => page.items.map((item) => item.id))).toEqual([
    ['e', 'd'],
    ['c', 'b'],
    ['a'],
  ]);
  expect([first.more, second.more, third.more]).toEqual([true, true, false]);
});

function instance(id: string): TriggerInstance {
  const at = '2026-01-02T03:04:05.678Z';
  return {
    id,
    trigger: 'demo.tick',
    payload: { n: 1 },
    occurredAt: at,
    receivedAt: at,
    source: 'cli',
    status: 'pending',
  };
}

function execution(id: string): Execution {
  return {
    id,
    action: 'demo.echo' as ResourceRef,
    runner: 'noop',
    status: 'requested',
    parameters: {},
    context: { source: 'cli' },
    createdAt: '2026-01-02T03:04:05.678Z',
    steps: [],
  };
}
