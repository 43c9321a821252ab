import mqtt from 'mqtt';
import { describe, expect, test } from 'vitest';
import type { EngineStatus } from '../../main/contract/engine.ts';
import type { ResourceRef } from '../../main/contract/refs.ts';
import type { Settings } from '../../main/contract/settings.ts';
import { EngineState } from '../../main/engine/engine-state.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { startHeadlessApp } from '../support/headless-app.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { memorySettings } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

const HOUR_MS = 3_600_000;

type Pause = Settings['pause'];

function start(kept: Pause = null, clock = new FakeClock()) {
  const settings = memorySettings({ pause: kept });
  const intake = {
    paused: false,
    setPaused(paused: boolean) {
      intake.paused = paused;
    },
  };
  const told: EngineStatus[] = [];
  const state = new EngineState({
    host: { version: '1', kind: 'headless', folders: { config: '/c', data: '/d' }, settings },
    clock,
    busUrl: 'mqtt://127.0.0.1:1',
    packs: { folders: { installed: '/p', rules: '/r' }, registry: { list: () => [] } },
    intake,
    executions: { runningCount: 0, waitingCount: 0 },
    loopDelay: () => ({ p99Ms: 0, maxMs: 0 }),
    emit: (_name, payload) => told.push(payload as EngineStatus),
  });
  const inAnHour = () => new Date(clock.now() + HOUR_MS).toISOString();
  state.start();
  return { clock, intake, told, state, inAnHour, kept: () => settings.get().pause };
}

test('a pause for an hour says when it ends, and ends by itself then', () => {
  const { clock, intake, told, state, inAnHour } = start();
  const until = inAnHour();
  state.setPaused(true, until);
  expect(state.read()).toMatchObject({ paused: true, pausedUntil: until });
  clock.advance(HOUR_MS - 1);
  expect(intake.paused).toBe(true);
  clock.advance(200);
  expect(intake.paused).toBe(false);
  expect(told.at(-1)?.paused).toBe(false);
  expect(told.at(-1)).not.toHaveProperty('pausedUntil');
});

test('a pause that somebody ends, or that gets another end, does not end at the old one', () => {
  const { clock, intake, state, inAnHour } = start();
  state.setPaused(true, inAnHour());
  state.setPaused(false);
  state.setPaused(true);
  clock.advance(2 * HOUR_MS);
  expect(intake.paused).toBe(true);
  expect(state.read()).not.toHaveProperty('pausedUntil');
});

test('a pause until a time that is over is none', () => {
  const { intake, state } = start();
  state.setPaused(true, '2020-01-01T00:00:00.000Z');
  expect(intake.paused).toBe(false);
});

describe('a pause goes on over a restart', () => {
  test('until it ends, and then by itself', () => {
    const { clock, state, inAnHour, kept } = start();
    const until = inAnHour();
    state.setPaused(true, until);
    clock.advance(HOUR_MS / 2);
    const again = start(kept(), clock);
    expect(again.state.read()).toMatchObject({ paused: true, pausedUntil: until });
    clock.advance(HOUR_MS / 2 + 1);
    expect([again.intake.paused, again.kept()]).toEqual([false, null]);
  });

  test('until somebody resumes, and then never more', () => {
    const { state, kept, clock } = start();
    state.setPaused(true);
    const again = start(kept(), clock);
    expect(again.state.read()).toMatchObject({ paused: true });
    expect(again.state.read()).not.toHaveProperty('pausedUntil');
    again.state.setPaused(false);
    expect(start(again.kept(), clock).intake.paused).toBe(false);
  });

  test('but not when it ended while the app did not run', () => {
    const { intake, kept } = start({ until: '2020-01-01T00:00:00.000Z' });
    expect([intake.paused, kept()]).toEqual([false, null]);
  });
});

test('the end of a pause is found within seconds after the machine has slept', () => {
  const { clock, intake, state, inAnHour } = start();
  state.setPaused(true, inAnHour());
  clock.jump(2 * HOUR_MS);
  clock.advance(15_000);
  expect(intake.paused).toBe(false);
});

test('after a kill -9 in a pause what came in it still waits, and meets its rule when somebody resumes', async () => {
  await using home = await tempFolder();
  const trigger = 'core.mqtt' as ResourceRef;
  const untilThen = new Date(Date.now() + HOUR_MS).toISOString();
  {
    await using app = await startHeadlessApp(home.path);
    const action = 'core.noop' as ResourceRef;
    const rule = { name: 'on_door', trigger, criteria: {}, action, parameters: {} };
    await app.client.rules.create({ ...rule, triggerParameters: { topic: 'door' } });
    await app.client.engine.setPaused({ paused: true, until: untilThen });
    const { url } = await app.client.bus.createKey({ name: 'door', topics: ['door'] });
    const bus = await mqtt.connectAsync(url, { reconnectPeriod: 0 });
    bus.on('error', () => {});
    await bus.publishAsync('door', 'open', { qos: 1 });
    await app.kill();
    bus.end(true);
  }
  await using again = await startHeadlessApp(home.path);
  expect(await again.client.engine.status()).toMatchObject({ paused: true, pausedUntil: untilThen });
  const [waiting] = (await again.client.triggers.page({ limit: 5 })).items;
  expect(waiting?.status).toBe('pending');
  expect((await again.client.executions.page({ limit: 5 })).items).toEqual([]);
  await again.client.engine.setPaused({ paused: false });
  await until(
    'its rule has matched',
    async () => (await again.client.executions.page({ limit: 5 })).items.length === 1,
  );
});
