import { expect, test } from 'vitest';
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
