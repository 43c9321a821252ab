import path from 'node:path';
import mqtt from 'mqtt';
import { expect, test } from 'vitest';
import type { Execution } from '../../main/contract/executions.ts';
import { isCompleted } from '../../main/contract/executions.ts';
import type { ResourceRef } from '../../main/contract/refs.ts';
import type { TriggerInstance } from '../../main/contract/triggers.ts';
import { type HeadlessApp, startHeadlessApp, stormlet } from '../support/headless-app.ts';
import { isAlive } from '../support/processes.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { FIXTURE_PACKS } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

test('after a kill -9 no acknowledged event is lost, and no action ran twice', async () => {
  await using home = await tempFolder();
  const acknowledged = new Set<string>();
  {
    await using app = await startHeadlessApp(home.path);
    await install(app, 'ticker');
    const bus = await mqtt.connectAsync((await app.client.bus.url({})).url, { reconnectPeriod: 0 });
    bus.on('error', () => {});
    for (let n = 0; n < 400; n++) {
      const id = `event-${n}`;
      const body = JSON.stringify({ id, payload: { n: 1_000_000 + n * 2, kind: n % 10 === 0 ? 'even' : 'odd' } });
      bus.publish('stormlet/triggers/ticker/tick', body, { qos: 1 }, (error) => {
        if (!error) acknowledged.add(id);
      });
    }
    // In the middle: some are acknowledged, some of their actions run, others wait.
    await until('a part is acknowledged and some actions ended', async () => {
      const { items } = await app.client.executions.page({ action: note, status: ['succeeded'] });
      return acknowledged.size > 100 && items.length > 3;
    });
    await app.kill();
    bus.end(true);
  }
  await using again = await startHeadlessApp(home.path);
  const executions = await until(
    'all that was requested has ended',
    async () => {
      const all = await everyExecution(again);
      return all.every(({ status }) => isCompleted(status)) && all;
    },
    60_000,
  );
  const instances = await everyInstance(again);
  const ours = instances.filter(({ id }) => id.startsWith('event-'));
  expect(new Set(ours.map(({ id }) => id)).size).toBe(ours.length);
  for (const id of acknowledged) expect(ours.map((instance) => instance.id)).toContain(id);
  expect(ours.every(({ status }) => status === 'processed')).toBe(true);
  const even = ours.filter(({ payload }) => JSON.stringify(payload).includes('even'));
  for (const { id } of even) {
    const caused = executions.filter(({ context }) => context.triggerInstance === id);
    expect(caused).toHaveLength(1);
    expect(['succeeded', 'abandoned']).toContain(caused[0]?.status);
  }
});

test.skipIf(process.platform !== 'linux')(
  'an action that outlives a killed app is ended, and told as abandoned',
  async () => {
    await using home = await tempFolder();
    let pids: number[] = [];
    {
      await using app = await startHeadlessApp(home.path);
      await install(app, 'trouble');
      const { id } = await app.client.executions.run({
        action: 'trouble.hang' as ResourceRef,
        parameters: { timeout: 600 },
      });
      const printed = await until('it runs', async () =>
        (await app.client.executions.output({ id })).map(({ text }) => text).join(''),
      );
      pids = printed.trim().split(' ').map(Number);
      await app.kill();
      expect(pids.every(isAlive)).toBe(true);
    }
    await using again = await startHeadlessApp(home.path);
    for (const pid of pids) await until(`process ${pid} is gone`, () => !isAlive(pid));
    const { items } = await again.client.executions.page({ action: 'trouble.hang' as ResourceRef });
    expect(items).toMatchObject([{ status: 'abandoned', fault: { code: 'execution/abandoned' } }]);
  },
);

test('sensors of a killed app end by themselves', async () => {
  await using home = await tempFolder();
  const app = await startHeadlessApp(home.path);
  await install(app, 'ticker');
  const pids = await until('the sensors run', async () => {
    const running = (await app.client.sensors.list()).filter(({ state }) => state === 'running');
    return running.length === 2 && running.map(({ pid }) => pid ?? 0);
  });
  await app.kill();
  for (const pid of pids) await until(`sensor ${pid} ended`, () => !isAlive(pid));
});

test('a second start on the same folders says who runs already', async () => {
  await using home = await tempFolder();
  await using app = await startHeadlessApp(home.path);
  const second = await stormlet(app, 'start', '--headless');
  expect(second.exitCode).not.toBe(0);
  expect(second.stderr).toMatch(/^error: .*already/m);
});

const note = 'ticker.note' as ResourceRef;

async function install(app: HeadlessApp, name: string): Promise<void> {
  const installed = await stormlet(app, 'pack', 'install', path.join(FIXTURE_PACKS, name));
  expect(installed).toMatchObject({ exitCode: 0 });
}

async function everyExecution(app: HeadlessApp): Promise<Execution[]> {
  const all: Execution[] = [];
  for (let more = true; more; ) {
    const page = await app.client.executions.page({ limit: 500, ...before(all) });
    all.push(...page.items);
    more = page.more;
  }
  return all;
}

async function everyInstance(app: HeadlessApp): Promise<TriggerInstance[]> {
  const all: TriggerInstance[] = [];
  for (let more = true; more; ) {
    const page = await app.client.triggers.page({ limit: 500, ...before(all) });
    all.push(...page.items);
    more = page.more;
  }
  return all;
}

function before(items: readonly { id: string }[]) {
  const last = items.at(-1);
  return last ? { before: last.id } : {};
}
