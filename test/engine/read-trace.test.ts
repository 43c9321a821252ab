import { expect, test } from 'vitest';
import type { Execution, ExecutionContext } from '../../main/contract/executions.ts';
import { ResourceRef } from '../../main/contract/refs.ts';
import { readTrace } from '../../main/engine/read-trace.ts';
import { sealWithKey } from '../../main/store/seal.ts';
import { openStore, type Store } from '../../main/store/store.ts';

const AT = '2026-01-02T03:04:05.678Z';

test('a trace leads from any part of it to the whole: event, executions, their children, notices', () => {
  using store = openStore(':memory:', sealWithKey(Buffer.alloc(32, 7)));
  const event = { id: 'event', trigger: 'a.b', payload: {}, occurredAt: AT, receivedAt: AT, source: 'cli' };
  store.triggerInstances.insert({ ...event, status: 'processed' });
  const rule = { source: 'rule', rule: ResourceRef.parse('a.rule'), triggerInstance: 'event' } as const;
  add(store, 'workflow', rule);
  add(store, 'second', rule);
  add(store, 'task', { ...rule, parent: 'workflow' });
  add(store, 'subtask', { ...rule, parent: 'task' });
  add(store, 'unrelated', { source: 'window' });
  const notice = { id: 'n', at: AT, level: 'success', title: 'done', body: '', source: 'rule' } as const;
  store.notices.insert({ ...notice, execution: 'task' });
  const from = (id: string) => readTrace(depsOf(store), id);
  expect(from('event')?.executions.map(({ id }) => id)).toEqual(['workflow', 'task', 'subtask', 'second']);
  expect(from('event')).toMatchObject({ event: { id: 'event' }, notices: [{ id: 'n' }], more: false });
  expect(from('subtask')).toEqual(from('event'));
});

test('a trace that no event began starts with the execution that somebody asked for', () => {
  using store = openStore(':memory:', sealWithKey(Buffer.alloc(32, 7)));
  add(store, 'root', { source: 'window' });
  add(store, 'child', { source: 'engine', parent: 'root' });
  const trace = readTrace(depsOf(store), 'child');
  expect(trace).not.toHaveProperty('event');
  expect(trace?.executions.map(({ id }) => id)).toEqual(['root', 'child']);
  expect(readTrace(depsOf(store), 'nobody')).toBeUndefined();
});

test('a trace of very many executions is cut, and says so', () => {
  using store = openStore(':memory:', sealWithKey(Buffer.alloc(32, 7)));
  add(store, 'root', { source: 'window' });
  for (let index = 0; index < 300; index += 1) add(store, `child-${index}`, { source: 'engine', parent: 'root' });
  expect(readTrace(depsOf(store), 'root')).toMatchObject({ executions: { length: 200 }, more: true });
});

function depsOf({ executions, notices, triggerInstances }: Store) {
  const event = (id: string) => {
    const kept = triggerInstances.get(id);
    return kept && { ...kept.instance, verdicts: [] };
  };
  return { event, executions, notices };
}

function add(store: Store, id: string, context: ExecutionContext): void {
  const execution: Execution = {
    id,
    action: ResourceRef.parse('a.act'),
    runner: 'noop',
    status: 'succeeded',
    parameters: {},
    context,
    createdAt: AT,
    steps: [],
  };
  store.executions.insert(execution, {});
}
