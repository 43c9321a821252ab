import { expect, test } from 'vitest';
import type { Notice } from '../../main/contract/notices.ts';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { startTestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

const requested = 'notify.requested' as ResourceRef;

test('whoever sends `notify.requested` has a notice shown', async () => {
  await using engine = await startTestEngine({ settings: { notifications: { onSuccess: false } } });
  await engine.client.triggers.emit({ trigger: requested, payload: { title: 'Build finished', level: 'success' } });
  await engine.client.triggers.emit({ trigger: requested, payload: { title: 'Tea', text: 'is ready' } });
  await until('both are shown', () => engine.notices.length === 2);
  const shown = engine.notices.map(({ title, body, level, source }) => ({ title, body, level, source }));
  expect(shown).toHaveLength(2);
  expect(shown).toContainEqual({ title: 'Build finished', body: '', level: 'success', source: 'rule' });
  expect(shown).toContainEqual({ title: 'Tea', body: 'is ready', level: 'info', source: 'rule' });
});

test('in quiet hours only what is urgent is shown at once', async () => {
  const minute = (hours: number) => new Date(Date.now() + hours * 3_600_000).toTimeString().slice(0, 5);
  const hours = { from: minute(-6), to: minute(6), days: [0, 1, 2, 3, 4, 5, 6] };
  const quietHours = { enabled: true, letFailuresThrough: true, ...hours };
  await using engine = await startTestEngine({ settings: { notifications: { quietHours } } });
  const told: Notice[] = [];
  engine.client.notifications.onPosted((notice) => told.push(notice));
  await engine.client.triggers.emit({ trigger: requested, payload: { title: 'Tea' } });
  await engine.client.triggers.emit({ trigger: requested, payload: { title: 'Fire', urgent: true } });
  await until('both are told of', () => told.length === 2);
  expect(told.find(({ title }) => title === 'Tea')?.quiet).toBe(true);
  expect(engine.notices).toMatchObject([{ title: 'Fire', urgent: true }]);
});

test('`notify.show` runs by hand, and obeys the settings', async () => {
  await using engine = await startTestEngine();
  const execution = await engine.run('notify.show', { title: 'Hello', text: 'there' });
  expect(execution).toMatchObject({ status: 'succeeded', result: { result: { summary: 'Hello' } } });
  await until('it is shown', () => engine.notices.length > 0);
  expect(engine.notices).toMatchObject([{ title: 'Hello', body: 'there', level: 'info', requested: true }]);
  await engine.client.settings.update({ notifications: { onRequest: false } });
  await engine.run('notify.show', { title: 'Unheard' });
  expect(engine.notices).toHaveLength(1);
});
