import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { startTestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

test('each pack that comes with the app installs by its name, and its sensors run as they come', async () => {
  await using engine = await startTestEngine();
  const available = (await engine.client.packs.available()).map(({ ref }) => ref);
  expect(available).toEqual(['calendar', 'examples', 'filewatch', 'git', 'http', 'system']);
  for (const ref of available) await engine.install(ref);
  const isSettled = (state: string) => state === 'running' || state === 'given-up';
  const sensors = await until('all sensors run', async () => {
    const all = await engine.client.sensors.list();
    return all.length >= 10 && all.every(({ state }) => isSettled(state)) && all;
  });
  expect(
    sensors.filter(({ state }) => state !== 'running').map(({ ref, recentOutput }) => [ref, recentOutput]),
  ).toEqual([]);
  const packs = await engine.client.packs.list();
  expect(packs.filter(({ state }) => state !== 'ready').map(({ ref }) => ref)).toEqual([]);
  expect((await engine.client.rules.list()).filter(({ state }) => state === 'broken')).toEqual([]);
}, 120_000);

test('a rule that names a folder is told of that folder, and of no other', async () => {
  await using engine = await startTestEngine();
  await engine.install('filewatch');
  const folders = { inbox: path.join(engine.home, 'inbox'), outbox: path.join(engine.home, 'outbox') };
  for (const [name, folder] of Object.entries(folders)) {
    await mkdir(folder);
    await engine.client.rules.create({
      ...{ name, description: '', enabled: true, criteria: {} },
      ...{ trigger: 'filewatch.changed' as ResourceRef, triggerParameters: { path: folder } },
      ...{ action: 'core.echo' as ResourceRef, parameters: { message: '{{ trigger.name }}' } },
    });
  }
  const closed = path.join(engine.home, 'closed');
  await mkdir(closed);
  await engine.client.rules.create({
    ...{ name: 'closed', description: '', enabled: false, criteria: {} },
    ...{ trigger: 'filewatch.changed' as ResourceRef, triggerParameters: { path: closed } },
    ...{ action: 'core.noop' as ResourceRef, parameters: {} },
  });
  await until('both folders are watched', async () => {
    const sensor = (await engine.client.sensors.list()).find(({ ref }) => ref === 'filewatch.PathSensor');
    const said = JSON.stringify(sensor?.recentOutput);
    expect(said).not.toContain(closed);
    return Object.values(folders).every((folder) => said.includes(`watching ${folder}`));
  });
  await writeFile(path.join(folders.inbox, 'letter'), 'dear');
  const [execution] = await until('a rule has run', async () => {
    const { items } = await engine.client.executions.page({ action: 'core.echo' as ResourceRef });
    return items.length > 0 && items;
  });
  expect(execution).toMatchObject({ context: { rule: 'default.inbox' }, parameters: { message: 'letter' } });
  const { verdicts } = await engine.client.triggers.get({ id: execution?.context.triggerInstance ?? '' });
  expect(verdicts.map(({ rule }) => rule)).toEqual(['default.inbox']);
});
