import { expect, test } from 'vitest';
import type { SensorDefinition } from '../../main/contract/packs.ts';
import type { PackRef, ResourceRef } from '../../main/contract/refs.ts';
import type { SensorReport, SensorStatus } from '../../main/contract/sensors.ts';
import { RESTART_EVERY_MS, RESTARTS_AT_ONCE } from '../../main/sensors/restart-budget.ts';
import { Sensors, type WantedSensor } from '../../main/sensors/sensors.ts';
import { type LongLivedSpec, SupervisedProcess } from '../../main/supervisor/supervisor.ts';
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
  expect(bench.printed).toHaveLength(1000);
  expect(bench.status('A')?.recentOutput).toHaveLength(200);
});

test('events that a process had to drop are counted over all processes of a sensor', async () => {
  await using bench = startBench();
  await bench.sensors.sync([wanted('A')]);
  const dropped = (run: number, count: number) =>
    bench.sensors.onReport('demo.A' as ResourceRef, { ...report(run, []), dropped: count });
  const [first = 0] = bench.runs;
  dropped(first, 3);
  dropped(first, 5);
  expect(bench.status('A')?.dropped).toBe(5);
  await bench.sensors.sync([wanted('A', { fingerprint: '2' })]);
  dropped(bench.runs[1] ?? 0, 2);
  expect(bench.status('A')?.dropped).toBe(7);
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

test('a changed file restarts the sensors that have imported it, and no other', async () => {
  await using bench = startBench();
  const before = { code: { 'sensors/a.py': '1', 'sensors/b.py': '1', 'lib/shared.py': '1' } };
  const after = { code: { ...before.code, 'sensors/a.py': '2' } };
  await bench.sensors.sync([wanted('A', before), wanted('B', before)]);
  await until('both run', () => bench.running().length === 2);
  bench.imported('A', ['sensors/a.py', 'lib/shared.py']);
  bench.imported('B', ['sensors/b.py', 'lib/shared.py']);
  const pids = bench.pids();
  await bench.sensors.sync([wanted('A', after), wanted('B', after)]);
  expect([bench.pids().A === pids.A, bench.pids().B === pids.B]).toEqual([false, true]);
});

test('a file that changed just before it was imported restarts the sensor once that is known', async () => {
  await using bench = startBench();
  await bench.sensors.sync([wanted('A', { code: { 'lib/late.py': '1' } })]);
  bench.imported('A', []);
  await until('it runs', () => bench.running().length === 1);
  const { A: pid } = bench.pids();
  await bench.sensors.sync([wanted('A', { code: { 'lib/late.py': '2' } })]);
  expect(bench.pids().A).toBe(pid);
  bench.imported('A', ['lib/late.py']);
  await until('it was restarted', () => bench.status('A')?.state === 'running' && bench.pids().A !== pid);
});

test('what an earlier process had still to say restarts nothing', async () => {
  await using bench = startBench();
  const code = (version: string) => ({ code: { 'sensors/a.py': version, 'lib/l.py': version } });
  await bench.sensors.sync([wanted('A', code('1'))]);
  const [run = 0] = bench.runs;
  await bench.sensors.sync([wanted('A', code('2'))]);
  bench.imported('A', []);
  await bench.sensors.sync([wanted('A', { code: { ...code('2').code, 'lib/l.py': '3' } })]);
  const starts = bench.runs.length;
  bench.sensors.onReport('demo.A' as ResourceRef, report(run, ['lib/l.py']));
  await bench.sensors.sync([wanted('A', { code: { ...code('2').code, 'lib/l.py': '3' } })]);
  expect([starts, bench.runs.length]).toEqual([2, 2]);
});

test('a sensor whose files change without end restarts now and then only, and says so', async () => {
  await using bench = startBench();
  const restart = (n: number) => bench.sensors.sync([wanted('A', { code: { 'sensors/a.py': String(n) } })]);
  for (let n = 0; n <= RESTARTS_AT_ONCE; n++) await restart(n);
  expect(bench.runs).toHaveLength(RESTARTS_AT_ONCE + 1);
  for (let n = 0; n < 3; n++) await restart(1000 + n);
  expect(bench.runs).toHaveLength(RESTARTS_AT_ONCE + 1);
  await until('it runs', () => bench.running().length === 1);
  expect(bench.status('A')?.why).toContain('only now and then');
  bench.clock.advance(RESTART_EVERY_MS);
  await until('the last change is taken in', () => bench.runs.length === RESTARTS_AT_ONCE + 2);
  await until('it runs again', () => bench.running().length === 1);
  expect(bench.status('A')?.why).toBeUndefined();
});

test('a sensor that is slow to stop holds up no other', async () => {
  await using bench = startBench();
  const stubborn = 'process.on("SIGTERM", () => {}); console.log("up"); setInterval(() => {}, 1000)';
  await bench.sensors.sync([wanted('Slow', { program: stubborn }), wanted('A')]);
  await until('the slow one is up', () => bench.status('Slow')?.recentOutput.includes('up'));
  const { A: pid } = bench.pids();
  const synced = bench.sensors.sync([wanted('Slow', { fingerprint: '2' }), wanted('A', { fingerprint: '2' })]);
  await until('the quick one is restarted', () => bench.status('A')?.state === 'running' && bench.pids().A !== pid);
  expect(bench.status('Slow')?.state).toBe('stopping');
  await synced;
});

function startBench() {
  const clock = new FakeClock();
  const changes: SensorStatus[] = [];
  const stopped: string[] = [];
  const runs: number[] = [];
  const printed: string[] = [];
  const policy = { firstDelayMs: 1000, maxDelayMs: 1000, healthyAfterMs: 60_000, giveUpAfter: 1 };
  const sensors = new Sensors({
    clock,
    supervise: (_, deps) =>
      new SupervisedProcess({ ...deps, spec: { ...deps.spec, firstLine: () => numbered(deps.spec) }, policy, clock }),
    onChange: (status) => changes.push(status),
    onPrinted: (ref, line) => printed.push(`${ref} ${line}`),
    onStopped: (ref) => stopped.push(ref),
  });
  const last = new Map<string, number>();
  const numbered = (spec: LongLivedSpec) => {
    const { run, className } = JSON.parse(spec.firstLine());
    runs.push(run);
    last.set(className, run);
    return '{}';
  };
  return {
    clock,
    sensors,
    changes,
    stopped,
    runs,
    printed,
    /** The report of the sensor's last process. */
    imported: (name: string, files: string[]) =>
      sensors.onReport(`demo.${name}` as ResourceRef, report(last.get(name) ?? 0, files)),
    status: (name: string) => sensors.get(`demo.${name}` as ResourceRef),
    running: () => sensors.list().filter((status) => status.state === 'running'),
    pids: () => Object.fromEntries(sensors.list().map((status) => [status.className, status.pid])),
    [Symbol.asyncDispose]: () => sensors[Symbol.asyncDispose](),
  };
}

function report(run: number, files: string[]): SensorReport {
  return { run, dropped: 0, imports: { files, folders: ['sensors', 'lib'], missing: [] } };
}

type Wish = { fingerprint?: string; program?: string; code?: Record<string, string> };

function wanted(className: string, wish: Wish = {}): WantedSensor {
  const { fingerprint = '1', program = 'setInterval(() => {}, 1000)', code = {} } = wish;
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
    entry: 'sensors/sensor.py',
    code: new Map(Object.entries(code)),
    blocked: undefined,
    mask: (text: string) => text,
    process: {
      ...{ command: process.execPath, args: ['-e', program], env },
      firstLine: (run) => JSON.stringify({ run, className }),
    },
  };
}
