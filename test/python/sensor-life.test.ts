import { expect, test } from 'vitest';
import { type RunningSensor, startSensor, tempPack } from '../support/python.ts';
import { until } from '../support/until.ts';

type Parts = { head?: string; base?: string; setup?: string; main?: string; cleanup?: string; more?: string };

const watch = (parts: Parts) => `
import os, signal, sys, threading, time
${parts.head ?? ''}
from st2reactor.sensor.base import PollingSensor, Sensor

class Watch(${parts.base ?? 'Sensor'}):
    def setup(self):
        ${parts.setup ?? 'pass'}
    def ${parts.base === 'PollingSensor' ? 'poll' : 'run'}(self):
        ${parts.main ?? 'print("running"); time.sleep(1000)'}
    def cleanup(self):
        ${parts.cleanup ?? 'print("cleaned up")'}
    def add_trigger(self, trigger):
        print("added", trigger["ref"])
    def update_trigger(self, trigger): pass
    def remove_trigger(self, trigger): pass
${parts.more ?? ''}
`;

async function start(parts: Parts, setup = {}, options = {}) {
  const pack = await tempPack({
    'sensors/watch.py': watch(parts),
    'actions/lib/shared.py': 'x = 1',
    'lib/whole.py': 'x = 2',
    'sensors/near.py': 'x = 3',
  });
  const sensor = await startSensor(pack.file('sensors/watch.py'), setup, options);
  return Object.assign(sensor, {
    async [Symbol.asyncDispose]() {
      sensor.kill('SIGKILL');
      await sensor.ended;
      await pack[Symbol.asyncDispose]();
    },
  });
}
const running = (sensor: RunningSensor) => until('it runs', () => sensor.lines.includes('running'));
const events = (sensor: RunningSensor) =>
  sensor.lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));

test.each(['SIGTERM', 'SIGINT'] as const)('%s runs cleanup once and ends with 0', async (signal) => {
  await using sensor = await start({});
  await running(sensor);
  sensor.kill(signal);
  expect(await sensor.ended).toBe(0);
  expect(sensor.lines).toEqual(['running', 'cleaned up']);
});

test('the end of stdin runs cleanup and ends with 0', async () => {
  await using sensor = await start({});
  await running(sensor);
  sensor.stdin.end();
  expect(await sensor.ended).toBe(0);
  expect(sensor.lines).toEqual(['running', 'cleaned up']);
});

test('the end of stdin and SIGTERM at once run cleanup once', async () => {
  await using sensor = await start({ cleanup: 'print("cleaning"); time.sleep(0.2); print("cleaned up")' });
  await running(sensor);
  sensor.stdin.end();
  sensor.kill('SIGTERM');
  expect(await sensor.ended).toBe(0);
  expect(sensor.lines).toEqual(['running', 'cleaning', 'cleaned up']);
});

test.each([
  [
    'swallows every exception',
    'print("running")\n        while True:\n            try: time.sleep(1000)\n            except: pass',
  ],
  [
    'has its own signal handler',
    'signal.signal(signal.SIGTERM, lambda *_: None); print("running")\n        while True: time.sleep(1000)',
  ],
  [
    'leaves a thread behind',
    'threading.Thread(target=time.sleep, args=(1000,)).start(); print("running"); time.sleep(1000)',
  ],
])('a sensor that %s is cleaned up and ends all the same', async (_how, main) => {
  await using sensor = await start({ main });
  await running(sensor);
  sensor.stdin.end();
  expect(await sensor.ended).toBe(0);
  expect(sensor.lines).toEqual(['running', 'cleaned up']);
});

test('a cleanup that never returns does not keep the process alive', async () => {
  await using sensor = await start({ cleanup: 'print("cleaning"); time.sleep(1000)' });
  await running(sensor);
  sensor.stdin.end();
  expect(await sensor.ended).toBe(0);
  expect(sensor.lines).toEqual(['running', 'cleaning']);
});

test('a cleanup that raises is shown and changes no exit code', async () => {
  await using sensor = await start({ cleanup: 'raise RuntimeError("not clean")' });
  await running(sensor);
  sensor.kill('SIGTERM');
  expect(await sensor.ended).toBe(0);
  expect(sensor.lines.at(-1)).toBe('RuntimeError: not clean');
});

test.each([
  ['setup', { setup: '1 / 0' }],
  ['run', { main: '1 / 0' }],
  ['poll', { main: '1 / 0', base: 'PollingSensor' }],
])('an exception in %s ends with 1, after cleanup, with a traceback of user code alone', async (_where, parts) => {
  await using sensor = await start(parts);
  expect(await sensor.ended).toBe(1);
  expect(sensor.lines[0]).toBe('Traceback (most recent call last):');
  expect(sensor.lines[1]).toMatch(/watch\.py", line \d+, in (setup|run|poll)$/);
  expect(sensor.lines).toContain('ZeroDivisionError: division by zero');
  expect(sensor.lines.at(-1)).toBe('cleaned up');
  expect(sensor.lines.join('\n')).not.toContain('main/python');
});

test('an exception in the file itself ends with 1 before there is anything to clean up', async () => {
  await using sensor = await start({ head: 'raise RuntimeError("no library")' });
  expect(await sensor.ended).toBe(1);
  expect(sensor.lines.at(-1)).toBe('RuntimeError: no library');
});

test('a crash ends the process though a thread of it goes on', async () => {
  await using sensor = await start({ main: 'threading.Thread(target=time.sleep, args=(1000,)).start(); 1 / 0' });
  expect(await sensor.ended).toBe(1);
});

test('`sys.exit` of a sensor is its exit code', async () => {
  await using sensor = await start({ main: 'sys.exit(3)' });
  expect(await sensor.ended).toBe(3);
  expect(sensor.lines).toEqual(['cleaned up']);
});

test('a sensor whose `run` returns lives as long as its threads', async () => {
  const more =
    '    def work(self):\n        time.sleep(0.2)\n        self.sensor_service.dispatch("demo.t", {"from": "thread"})\n';
  await using sensor = await start({ main: 'threading.Thread(target=self.work).start()', more });
  expect(await sensor.ended).toBe(0);
  expect(events(sensor)).toMatchObject([{ payload: { from: 'thread' } }]);
  expect(sensor.lines.at(-1)).toBe('cleaned up');
});

test('a polling sensor polls at its interval, which it may change', async () => {
  const main = [
    'seen = getattr(self, "seen", [])',
    'self.seen = [*seen, self.get_poll_interval()]',
    'self.set_poll_interval(0.01)',
    'if len(self.seen) == 3: self.sensor_service.dispatch("demo.t", {"seen": self.seen})',
  ];
  await using sensor = await start(
    { base: 'PollingSensor', main: main.join('\n        ') },
    {},
    { args: ['--poll-interval', '1'] },
  );
  const event = await until('it polled', () => events(sensor)[0]);
  expect(event.payload.seen).toEqual([1, 0.01, 0.01]);
});

test('only a polling sensor with an interval is given one', async () => {
  const more =
    '    def __init__(self, sensor_service, config=None, **more):\n        super().__init__(sensor_service=sensor_service, config=config, **more)\n        print("given", sorted(more), config)\n';
  await using plain = await start({ main: 'pass', more }, { config: { a: 1 } }, { args: ['--poll-interval', '5'] });
  expect(await plain.ended).toBe(0);
  expect(plain.lines[0]).toBe("given [] {'a': 1}");
  await using polling = await start(
    { base: 'PollingSensor', main: 'sys.exit(0)', more },
    {},
    { args: ['--poll-interval', '5'] },
  );
  expect(await polling.ended).toBe(0);
  expect(polling.lines[0]).toBe("given ['poll_interval'] {}");
});

test('the triggers of the set-up are added between setup and run', async () => {
  await using sensor = await start(
    { setup: 'print("setup")', main: 'print("run")' },
    {
      triggers: [
        { id: '1', ref: 'demo.a1', type: 'demo.t', parameters: {} },
        { id: '2', ref: 'demo.a2', type: 'demo.t', parameters: {} },
      ],
    },
  );
  await sensor.ended;
  expect(sensor.lines).toEqual(['setup', 'added demo.a1', 'added demo.a2', 'run', 'cleaned up']);
});

test('a payload of any type becomes the nearest JSON', async () => {
  const main = `self.sensor_service.dispatch(trigger='demo.t', payload={
            'bytes': b'text', 'binary': b'\\xff\\x00', 'at': datetime.datetime(2026, 1, 2, 3), 'day': datetime.date(2026, 1, 2),
            'set': {1}, 'tuple': (1, (2,)), 'decimal': decimal.Decimal('1.50'), 'nan': float('nan'), 'inf': [-float('inf')],
            'enum': Colour.RED, 'number': Number.ONE, 5: 'int key', None: 'null key', (1, 2): 'tuple key', b'b': 'bytes key',
            'object': pathlib.PurePosixPath('/x'), 'surrogate': '\\udc80', 'big': 2 ** 70,
        })`;
  const head =
    'import datetime, decimal, enum, pathlib\nclass Colour(str, enum.Enum):\n    RED = "red"\nclass Number(enum.IntEnum):\n    ONE = 1';
  await using sensor = await start({ head, main });
  expect(await sensor.ended).toBe(0);
  expect(events(sensor)[0].payload).toEqual({
    ...{ bytes: 'text', binary: '/wA=', at: '2026-01-02T03:00:00', day: '2026-01-02', set: [1], tuple: [1, [2]] },
    ...{ decimal: '1.50', nan: null, inf: [null], enum: 'red', number: 1, 5: 'int key', null: 'null key' },
    ...{ '(1, 2)': 'tuple key', b: 'bytes key', object: '/x', surrogate: '\udc80', big: 2 ** 70 },
  });
});

test('what cannot be an event is said, and raises nothing', async () => {
  const main = [
    'class Rude:',
    '    def __str__(self): raise ValueError("no")',
    'loop = {}; loop["self"] = loop',
    'service = self.sensor_service',
    'service.dispatch("nodot", {}); service.dispatch(None); service.dispatch("demo.list", [1])',
    'service.dispatch("demo.rude", {"r": Rude()}); service.dispatch("demo.loop", loop); service.dispatch("demo.null")',
    'service.dispatch_with_context("demo.context", {}, {"trace_tag": "tag"})',
  ];
  await using sensor = await start({ main: main.join('\n        ') });
  expect(await sensor.ended).toBe(0);
  const said = sensor.lines.filter((line) => line.startsWith('stormlet: '));
  expect(said).toEqual([
    'stormlet: an event is dropped: `nodot` is no trigger reference (`pack.name`)',
    'stormlet: an event is dropped: `None` is no trigger reference (`pack.name`)',
    'stormlet: the payload of `demo.list` is a list, it has to be a dict or None',
  ]);
  expect(events(sensor).map((event) => event.trigger)).toEqual([
    'demo.list',
    'demo.rude',
    'demo.loop',
    'demo.null',
    'demo.context',
  ]);
  expect(events(sensor)[1].payload).toEqual({ r: '<Rude that cannot be printed: ValueError>' });
  expect(events(sensor)[4].trace_tag).toBe('tag');
});

test('a sensor imports its neighbours and the shared folders of its pack, logs to stderr, and finds stdin empty', async () => {
  const main = [
    'self.sensor_service.get_logger(name="poll").info("hello %s", "you")',
    'print([near.x, shared.x, whole.x], repr(sys.stdin.read()), [os.path.basename(a) for a in sys.argv])',
  ];
  await using sensor = await start({ head: 'import near, shared, whole', main: main.join('\n        ') });
  expect(await sensor.ended).toBe(0);
  expect(sensor.lines).toContain("[3, 1, 2] '' ['watch.py']");
  expect(sensor.lines).toContainEqual(expect.stringMatching(/ INFO \[SensorWrapper\.demo\.Watch\.poll\] hello you$/));
});
