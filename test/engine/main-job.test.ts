import path from 'node:path';
import { expect, test } from 'vitest';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { FIXTURE_PACKS, startTestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

test('a pack is installed, its sensor publishes, a rule matches, its action runs, and a notice appears', async () => {
  await using engine = await startTestEngine();
  const installed = await engine.install('examples');
  expect(installed.steps.map(({ name, state }) => `${name}: ${state}`)).toEqual([
    'fetch: done',
    'check: done',
    'dependencies: skipped',
    'virtualenv: done',
    'requirements: done',
    'swap: done',
    'register: done',
  ]);
  const sensor = await until('the sensor runs', async () =>
    (await engine.client.sensors.list()).find(
      ({ ref, state }) => ref === 'examples.DropFolderSensor' && state === 'running',
    ),
  );
  expect(sensor.pid).not.toBe(process.pid);
  await until('it watches', async () =>
    (await engine.client.sensors.list()).find(({ ref, recentOutput }) => ref === sensor.ref && recentOutput.length > 0),
  );

  const dropped = await engine.run('examples.drop_file', { name: 'report.txt', content: 'hello' });
  expect(dropped).toMatchObject({ status: 'succeeded', result: { exit_code: 0 } });

  const ran = await until('the rule ran its action', async () => {
    const page = await engine.client.executions.page({ action: 'examples.describe_file' as ResourceRef });
    return page.items.find((execution) => execution.status === 'succeeded');
  });
  const instance = await engine.client.triggers.get({ id: ran.context.triggerInstance ?? '' });
  expect(instance).toMatchObject({
    trigger: 'examples.file_dropped',
    source: 'sensor:examples.DropFolderSensor',
    status: 'processed',
    payload: { name: 'report.txt', size: 5 },
    verdicts: expect.arrayContaining([
      expect.objectContaining({ rule: 'examples.describe_dropped_file', matched: true, execution: ran.id }),
    ]),
  });
  expect(ran).toMatchObject({
    context: { source: 'rule', rule: 'examples.describe_dropped_file' },
    parameters: { path: expect.stringContaining(path.join('pack-data', 'examples', 'drop', 'report.txt')) },
    result: { exit_code: 0, result: { summary: expect.stringContaining('report.txt') } },
  });
  const notice = await until('there is a notice', () => engine.notices.find(({ execution }) => execution === ran.id));
  expect(notice).toMatchObject({ level: 'success', title: 'examples.describe_file succeeded' });
  expect(notice.body).toContain('report.txt');
});

test('two packs that pin different versions of one library each see their own', async () => {
  await using engine = await startTestEngine();
  await Promise.all([
    engine.install(path.join(FIXTURE_PACKS, 'pin_old')),
    engine.install(path.join(FIXTURE_PACKS, 'pin_new')),
  ]);
  const [older, newer] = await Promise.all([engine.run('pin_old.version'), engine.run('pin_new.version')]);
  expect(older.result).toMatchObject({ result: { version: '4.9.0' } });
  expect(newer.result).toMatchObject({ result: { version: '4.12.3' } });
  expect(JSON.stringify(older.result)).toContain(path.join('virtualenvs', '.versions', 'pin_old'));
});
