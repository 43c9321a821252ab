import { expect, test } from 'vitest';
import type { SensorDefinition } from '../../main/contract/packs.ts';
import type { PackRef, ResourceRef } from '../../main/contract/refs.ts';
import type { SensorStatus } from '../../main/contract/sensors.ts';
import { Sensors, type WantedSensor } from '../../main/sensors/sensors.ts';
import { SupervisedProcess } from '../../main/supervisor/supervisor.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { until } from '../support/until.ts';

test('what is wanted starts, and a second sync that changes nothing restarts nothing', async () => {
  await using bench = startBench();
  await bench.sensors.sync([wanted('A'), wanted('B')]);
  await until('both run', () => bench.running().length === 2);
  const pids = bench.pids();
  await bench.sensors.sync([wanted('A'), wanted('B')]);
  expect(bench.pids()).toEqual(pids);
});

test('only the sensor whose fingerprint changed restarts', async () => {
  await using bench = startBench();
  await bench.sensors.sync([wanted('A'), wanted('B')]);
  await until('both run', () => bench.running().length === 2);
  const before = bench.pids();
  await bench.sensors.sync([wanted('A', { fingerprint: 'edited' }), wanted('B')]);
  await until('both run again', () => bench.running().length === 2);
  expect(bench.pids().A).not.toBe(before.A);
  expect(bench.pids().B).toBe(before.B);
});

test('a sensor that is no longer wanted is stopped and its credentials end', async () => {
  await using bench = startBench();
  await bench.sensors.sync([wanted('A'), wanted('B')]);
  await until('both run', () => bench.running().length === 2);
  await bench.sensors.sync([wanted('B')]);
  expect(bench.sensors.list().map((status) => status.className)).toEqual(['B']);
  expect(bench.stopped).toEqual(['demo.A']);
});

test('a sensor that is switched off, or whose pack is not ready, is listed with the reason and does not run', async () => {
  await using bench = startBench();
  const off = wanted('Off');
  await bench.sensors.sync([
    { ...off, definition: { ...off.definition, enabled: false } },
    { ...wanted('Early'), blocked: { state: 'not-ready', why: 'its pack has no virtualenv yet' } },
  ]);
  expect(bench.sensors.list().map(({ state, why }) => [state, why])).toEqual([
    ['disabled', 'it is switched off in its metadata'],
    ['not-ready', 'its pack has no virtualenv yet'],
  ]);
});

test('a sensor starts when its pack becomes ready', async () => {
  await using bench = startBench();
  await bench.sensors.sync([{ ...wanted('A'), blocked: { state: 'not-ready', why: 'no virtualenv' } }]);
  await bench.sensors.sync([wanted('A')]);
  await until('it runs', () => bench.running().length === 1);
});

test('a restart gives a new process, also after the sensor was given up', async () => {
  await using bench = startBench();
  await bench.sensors.sync([wanted('A', { program: 'process.exit(1)' })]);
  await until('it was given up', () => bench.status('A')?.state === 'given-up');
  const changes = bench.changes.length;
  await bench.sensors.restart('demo.A' as ResourceRef);
  await until('it was tried again', () => bench.changes.slice(changes).some((status) => status.state === 'starting'));
});

test('the last output of a sensor is kept for who looks', async () => {
  await using bench = startBench();
  const chatty = 'for (let i = 0; i < 1000; i++) console.log(i); setInterval(() => {}, 1000)';
  await bench.sensors.sync([wanted('A', { program: chatty })]);
  await until('its last line came', () => bench.status('A')?.recentOutput.at(-1) === '999');
  expect(bench.status('A')?.recentOutput).toHaveLength(200);
});

test('the time of the last event is told, once a second at most', async () => {
  await using bench = startBench();
  await bench.sensors.sync([wanted('A')]);
  await until('it runs', () => bench.running().length === 1);
  const before = bench.changes.length;
  for (let n = 0; n < 50; n++) bench.sensors.sawEvent('demo.A' as ResourceRef);
  expect(bench.changes).toHaveLength(before);
  bench.clock.advance(1000);
  expect(bench.changes.slice(before)).toMatchObject([{ ref: 'demo.A', lastEventAt: '2026-01-01T00:00:00.000Z' }]);
});

function startBench() {
  const clock = new FakeClock();
  const changes: SensorStatus[] = [];
  const stopped: string[] = [];
  const policy = { firstDelayMs: 1000, maxDelayMs: 1000, healthyAfterMs: 60_000, giveUpAfter: 1 };
  const sensors = new Sensors({
    clock,
    supervise: (_, deps) => new SupervisedProcess({ ...deps, policy, clock }),
    onChange: (status) => changes.push(status),
    onStopped: (ref) => stopped.push(ref),
  });
  return {
    clock,
    sensors,
    changes,
    stopped,
    status: (name: string) => sensors.get(`demo.${name}` as ResourceRef),
    running: () => sensors.list().filter((status) => status.state === 'running'),
    pids: () => Object.fromEntries(sensors.list().map((status) => [status.className, status.pid])),
    [Symbol.asyncDispose]: () => sensors[Symbol.asyncDispose](),
  };
}

function wanted(className: string, { fingerprint = '1', program = 'setInterval(() => {}, 1000)' } = {}): WantedSensor {
  const definition: SensorDefinition = {
    ref: `demo.${className}` as ResourceRef,
    pack: 'demo' as PackRef,
    className,
    description: '',
    enabled: true,
    entryPoint: 'sensor.py',
    triggerTypes: [],
    file: '/packs/demo/sensors/sensor.yaml',
  };
  const env = { PATH: process.env.PATH ?? '' };
  return {
    definition,
    fingerprint,
    blocked: undefined,
    process: { command: process.execPath, args: ['-e', program], env, firstLine: () => '{}' },
  };
}
