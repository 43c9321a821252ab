import { spawn } from 'node:child_process';
import { chmod, copyFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../main/contract/json.ts';
import { payloadProblems, startPackSensor, triggerOf } from '../support/pack-sensor.ts';
import { packPython } from '../support/pack-virtualenv.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { runActionByHand } from '../support/wrapper.ts';

const PACK = path.resolve(import.meta.dirname, '../../packs/system');
let python: string;

beforeAll(async () => {
  python = await packPython(PACK);
});

describe('what is measured crosses its limit once, and is back only with some distance', () => {
  test('system.battery', async () => {
    await using machine = await fakeMachine(`
from collections import namedtuple
Battery = namedtuple("Battery", "percent secsleft power_plugged")
values = iter([(50, 7200, False), (20, 600, False), (22, 600, False), (19, 600, False), (19, -2, True), (26, -2, True)])
last = (26, -2, True)
psutil.sensors_battery = lambda: Battery(*next(values, last))
`);
    await using sensor = startResources({ disk_paths: ['/no/such/disk'] }, machine.env);
    const payloads = await sensor.dispatched(3, 'system.battery');
    expect(payloads).toEqual([
      { event: 'low', percent: 20, is_plugged_in: false, minutes_left: 10 },
      { event: 'plugged_in', percent: 19, is_plugged_in: true, minutes_left: null },
      { event: 'ok', percent: 26, is_plugged_in: true, minutes_left: null },
    ]);
    expect(await payloadProblems('system.battery', payloads)).toEqual([]);
  });

  test('system.disk', async () => {
    await using machine = await fakeMachine(`
from collections import namedtuple
Usage = namedtuple("Usage", "total used free percent")
free = iter([30, 9.9, 10.5, 9, 12.5, 8])
psutil.disk_usage = lambda path: (lambda left: Usage(1000, 0, int(left * 10), 100 - left))(next(free, 8))
`);
    await using sensor = startResources({ disk_paths: ['/somewhere'] }, machine.env);
    const payloads = await sensor.dispatched(3, 'system.disk');
    expect(payloads.map(({ state, free_percent }) => [state, free_percent])).toEqual([
      ['low', 9.9],
      ['ok', 12.5],
      ['low', 8],
    ]);
    expect(payloads[0]).toMatchObject({ path: '/somewhere', free_bytes: 99, total_bytes: 1000 });
    expect(await payloadProblems('system.disk', payloads)).toEqual([]);
  });

  test('system.cpu, which must stay high for a while', async () => {
    await using machine = await fakeMachine(`
import time
loads = iter([0, 95, 10, 95, 95, 95, 80, 40])
psutil.cpu_percent = lambda: next(loads, 40)
seconds = iter(range(0, 10_000, 30))
time.monotonic = lambda: next(seconds)
`);
    await using sensor = startResources({ disk_paths: [], cpu_high_seconds: 60 }, machine.env);
    const payloads = await sensor.dispatched(2, 'system.cpu');
    expect(payloads.map(({ state, percent }) => [state, percent])).toEqual([
      ['high', 95],
      ['normal', 40],
    ]);
    expect(typeof payloads[0]?.busiest).toBe('string');
    expect(await payloadProblems('system.cpu', payloads)).toEqual([]);
  });
});

test('a program that a rule names is told when it starts and when it ends', async () => {
  await using folder = await tempFolder();
  const program = path.join(folder.path, 'stormletnap');
  await copyFile('/bin/sleep', program);
  await chmod(program, 0o755);
  const trigger = triggerOf('system.process', { name: 'stormlet?ap' });
  const other = triggerOf('system.process', { name: 'no such program' }, 'b');
  const names = { pack: 'system', sensor: 'process_sensor', className: 'ProcessSensor', pollInterval: 0.05 };
  await using sensor = startPackSensor({ python, ...names, triggers: [trigger, other] });
  await sensor.logged('looking');
  const program1 = spawn(program, ['60']);
  const program2 = spawn(program, ['60']);
  try {
    await sensor.dispatched(2, trigger.ref);
    program1.kill();
    program2.kill();
    const payloads = await sensor.dispatched(4, trigger.ref);
    expect(payloads.map(({ event, pid }) => `${event} ${pid}`).sort()).toEqual(
      ['started', 'ended'].flatMap((event) => [`${event} ${program1.pid}`, `${event} ${program2.pid}`]).sort(),
    );
    expect(payloads[1]).toMatchObject({ name: 'stormletnap', running: 2 });
    expect(payloads[3]).toMatchObject({ name: 'stormletnap', running: 0 });
    expect(await payloadProblems('system.process', payloads)).toEqual([]);
    expect(sensor.payloads(other.ref)).toEqual([]);
  } finally {
    program1.kill();
    program2.kill();
  }
});

test('the network is told when it goes, comes and is another one', async () => {
  await using machine = await fakeMachine(`
import socket
from collections import namedtuple
Address, Stats = namedtuple("Address", "family address"), namedtuple("Stats", "isup")
networks = iter([{"wlan0": "10.0.0.5"}, {}, {"wlan0": "10.0.0.5"}, {"wlan0": "10.0.0.5", "tun0": "10.8.0.2"}])
last = {"wlan0": "10.0.0.5", "tun0": "10.8.0.2"}
def addresses():
    own = {"lo": [Address(socket.AF_INET, "127.0.0.1")], "eth0": [Address(socket.AF_INET6, "fe80::1%eth0")]}
    return {**own, **{name: [Address(socket.AF_INET, address)] for name, address in next(networks, last).items()}}
psutil.net_if_addrs = addresses
psutil.net_if_stats = lambda: {name: Stats(True) for name in ("lo", "eth0", "wlan0", "tun0")}
`);
  const names = { pack: 'system', sensor: 'network_sensor', className: 'NetworkSensor', pollInterval: 0.02 };
  await using sensor = startPackSensor({ python, ...names, env: machine.env });
  const payloads = await sensor.dispatched(3);
  expect(payloads).toEqual([
    { event: 'down', interfaces: [], addresses: [], added: [], removed: ['wlan0'] },
    { event: 'up', interfaces: ['wlan0'], addresses: ['10.0.0.5'], added: ['wlan0'], removed: [] },
    {
      event: 'changed',
      interfaces: ['tun0', 'wlan0'],
      addresses: ['10.0.0.5', '10.8.0.2'],
      added: ['tun0'],
      removed: [],
    },
  ]);
  expect(await payloadProblems('system.network', payloads)).toEqual([]);
});

test.skipIf(process.platform !== 'linux')('locking, sleep and waking are told', async () => {
  await using machine = await fakeMachine(`
import time
gap = iter([0, 0, 0, 0, 3600])
real = time.clock_gettime
time.clock_gettime = lambda clock: next(gap, 3600) if clock == time.CLOCK_BOOTTIME else 0
`);
  // What logind makes `gdbus monitor` print.
  await writeFile(
    path.join(machine.path, 'gdbus'),
    `#!/bin/sh
test "$*" = "monitor --system --dest org.freedesktop.login1" || exit 2
session="/org/freedesktop/login1/session/_31: org.freedesktop.DBus.Properties.PropertiesChanged ('org.freedesktop.login1.Session'"
echo "Monitoring signals from all objects owned by org.freedesktop.login1"
echo "$session, {'IdleHint': <true>}, @as [])"
echo "$session, {'LockedHint': <true>}, @as [])"
echo "$session, {'LockedHint': <true>}, @as [])"
echo "/org/freedesktop/login1: org.freedesktop.login1.Manager.PrepareForSleep (true,)"
echo "/org/freedesktop/login1: org.freedesktop.login1.Manager.PrepareForSleep (false,)"
echo "$session, {'LockedHint': <false>}, @as [])"
exec sleep 60
`,
    { mode: 0o755 },
  );
  await using sensor = startSession({ ...machine.env, PATH: `${machine.path}:${process.env.PATH}` });
  const payloads = await sensor.dispatched(4);
  expect(payloads.map(({ event }) => event).filter((event) => event !== 'wake')).toEqual([
    'locked',
    'sleep',
    'unlocked',
  ]);
  expect(payloads).toContainEqual({ event: 'wake', slept_seconds: 3600 });
  expect(await payloadProblems('system.session', payloads)).toEqual([]);
  expect(await sensor.stop()).toBe(0);
});

test.skipIf(process.platform !== 'linux')('without logind the sensor says what is missing, and goes on', async () => {
  await using machine = await fakeMachine('');
  await using sensor = startSession({ ...machine.env, PATH: machine.path });
  await sensor.logged('locking and going to sleep are not told, only waking');
  expect(await sensor.stop()).toBe(0);
});

test('list_processes and disk_usage tell what there is', async () => {
  const listed = await act('list_processes', { name: 'python*', sort: 'cpu', count: 1 });
  expect(listed).toMatchObject({
    result: { processes: [{ name: expect.stringContaining('python'), pid: expect.any(Number) }] },
  });
  expect(await act('disk_usage', { path: '/' })).toMatchObject({
    result: { summary: expect.stringMatching(/^\d+\.\d GiB \(\d+\.\d %\) free of/), path: '/' },
  });
  expect(await act('disk_usage', { path: '/no/such' })).toMatchObject({ status: false });
});

test.skipIf(process.platform !== 'linux')(
  'open hands paths and web addresses to the desktop, and nothing else',
  async () => {
    await using folder = await tempFolder();
    const opened = path.join(folder.path, 'opened');
    await writeFile(path.join(folder.path, 'xdg-open'), `#!/bin/sh\necho "$@" > '${opened}'\n`, { mode: 0o755 });
    const env = { PATH: `${folder.path}:${process.env.PATH}` };
    expect(await act('open', { target: 'https://example.com/?a=b' }, env)).toMatchObject({ status: null });
    expect(await act('open', { target: folder.path }, env)).toMatchObject({ result: { target: folder.path } });
    for (const target of ['--help', 'vscode://run', 'javascript:alert(1)', '/no/such/file']) {
      expect(await act('open', { target }, env)).toMatchObject({ status: false });
    }
    await writeFile(path.join(folder.path, 'xdg-open'), '#!/bin/sh\nexit 3\n');
    expect(await act('open', { target: 'https://example.com' }, env)).toMatchObject({
      result: '`xdg-open` could not open https://example.com (code 3)',
    });
  },
);

/** Python runs this before anything else: what the sensor measures is what it says. */
async function fakeMachine(lines: string) {
  const folder = await tempFolder();
  await writeFile(path.join(folder.path, 'sitecustomize.py'), `import psutil\n${lines}`);
  return {
    path: folder.path,
    env: { PYTHONPATH: folder.path },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

function startResources(config: JsonObject, env: Record<string, string>) {
  const names = { pack: 'system', sensor: 'resources_sensor', className: 'ResourcesSensor', pollInterval: 0.02 };
  return startPackSensor({ python, ...names, config, env });
}

function startSession(env: Record<string, string>) {
  return startPackSensor({ python, pack: 'system', sensor: 'session_sensor', className: 'SessionSensor', env });
}

async function act(action: string, parameters: JsonObject, env: Record<string, string> = {}): Promise<JsonObject> {
  return (await runActionByHand(python, path.join(PACK, 'actions', `${action}.py`), { parameters, env })).answer;
}
