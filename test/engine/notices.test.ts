import { expect, test } from 'vitest';
import type { Notice } from '../../main/contract/notices.ts';
import { startTestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

const always = { enabled: true, days: [0, 1, 2, 3, 4, 5, 6], letFailuresThrough: true };
/** Around the clock but for one minute that is far away. */
function quietNow() {
  const minute = (ms: number) => new Date(ms).toTimeString().slice(0, 5);
  return { ...always, from: minute(Date.now() - 6 * 3_600_000), to: minute(Date.now() + 6 * 3_600_000) };
}

test('the settings of a pack decide which of its results are told', async () => {
  await using engine = await startTestEngine({ settings: { notifications: { packs: { core: 'failure' } } } });
  await engine.run('core.noop');
  const failed = await engine.run('core.local', { cmd: 'exit 3' });
  await until('the failure is told', () => engine.notices.length > 0);
  expect(engine.notices).toMatchObject([
    { level: 'failure', execution: failed.id, buttons: [{ does: 'rerun', label: 'Run again' }] },
  ]);
});

test('in quiet hours a result is listed and announced as quiet, and not shown; a failure is', async () => {
  await using engine = await startTestEngine({ settings: { notifications: { quietHours: quietNow() } } });
  const posted: Notice[] = [];
  engine.client.notifications.onPosted((notice) => posted.push(notice));
  const worked = await engine.run('core.noop');
  const failed = await engine.run('core.local', { cmd: 'exit 3' });
  await until('both are announced', () => posted.length === 2);
  expect(posted.map(({ execution, quiet }) => [execution, quiet])).toEqual([
    [worked.id, true],
    [failed.id, undefined],
  ]);
  expect(engine.notices.map(({ execution }) => execution)).toEqual([failed.id]);
  const listed = await engine.client.notifications.recent();
  expect(listed.map(({ execution }) => execution)).toEqual([failed.id, worked.id]);
});
