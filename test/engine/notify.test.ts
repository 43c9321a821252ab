import path from 'node:path';
import { expect, test } from 'vitest';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { FIXTURE_PACKS, startTestEngine, type TestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

test('the end of an action is an event for each route of its `notify`, and a notice in its words', async () => {
  await using engine = await startHerald();
  const ended = await engine.run('herald.shout', { what: 'hi', token: 'hunter2-hunter2' });
  const [event] = await until('the event is there', () => eventsOf(engine, 1));
  expect(event).toMatchObject({
    source: 'engine',
    status: 'processed',
    payload: {
      execution_id: ended.id,
      status: 'succeeded',
      action_ref: 'herald.shout',
      runner_ref: 'local-shell-cmd',
      route: 'log',
      channel: 'log',
      message: 'Action herald.shout completed.',
      data: { said: 'hi', deep: ['0'], result: JSON.stringify(ended.result) },
    },
  });
  const told = await until(
    'the notice is shown',
    () => engine.notices.filter(({ execution }) => execution === ended.id)[0],
  );
  expect(told).toMatchObject({ title: 'herald.shout succeeded', body: 'said hi with ********', requested: true });
  await until('the rule on that route has run its action', async () => {
    const { items } = await engine.client.executions.page({ action: 'core.noop' as ResourceRef });
    return items[0]?.context.triggerInstance === event?.id;
  });
  expect(engine.notices.filter(({ execution }) => execution === ended.id)).toHaveLength(1);
});

test('what cannot be rendered is told as it is written', async () => {
  await using engine = await startHerald();
  const ended = await engine.run('herald.shout', { what: 'wrong' });
  const told = await until(
    'the notice is shown',
    () => engine.notices.filter(({ execution }) => execution === ended.id)[0],
  );
  expect(told).toMatchObject({ title: 'herald.shout failed', body: '{{ nothing.here }}', level: 'failure' });
  expect(engine.log.some((line) => line.includes('cannot be rendered'))).toBe(true);
});

test('a request says whom to tell in the place of what the action says', async () => {
  await using engine = await startHerald();
  const { id } = await engine.client.executions.run({
    action: 'herald.shout' as ResourceRef,
    notify: { 'on-success': { message: 'done with {{ action_context.pack }}', routes: ['log', 'other'] } },
  });
  await engine.ended(id);
  const events = await until('both routes are told', () => eventsOf(engine, 2));
  const told = (route: string) => expect.objectContaining({ route, message: 'done with herald' });
  expect(events.map(({ payload }) => payload)).toEqual(expect.arrayContaining([told('log'), told('other')]));
});

async function startHerald(): Promise<TestEngine> {
  const engine = await startTestEngine({ settings: { notifications: { onSuccess: false, onFailure: false } } });
  await engine.install(path.join(FIXTURE_PACKS, 'herald'));
  return engine;
}

async function eventsOf(engine: TestEngine, count: number) {
  const { items } = await engine.client.triggers.page({ trigger: 'core.st2.generic.notifytrigger' });
  return items.length === count && items.every(({ status }) => status !== 'pending') && items;
}
