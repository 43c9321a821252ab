import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { SensorMessage, triggerOfTopic } from '../../main/contract/topics.ts';
import { runWrapper, startSensor, tempPack } from '../support/python.ts';
import { startTestBroker } from '../support/test-broker.ts';
import { until } from '../support/until.ts';

/** A sensor whose `run` is given; it has `say(...)` for a line and waits for a file by `wait_for`. */
const watch = (run: string, head = '') => `${head}
import os, time
from st2reactor.sensor.base import Sensor

HERE = os.path.dirname(os.path.abspath(__file__))

def wait_for(name, sleep=time.sleep):
    while not os.path.exists(os.path.join(HERE, name)):
        sleep(0.01)

class Watch(Sensor):
    def setup(self): pass
    def run(self):
        ${run}
    def cleanup(self): print('cleaned up')
    def add_trigger(self, trigger): pass
    def update_trigger(self, trigger): pass
    def remove_trigger(self, trigger): pass
`;
const numbers = (received: readonly { body: { [key: string]: unknown } }[]) =>
  received.map(({ body }) => (body.payload as { n: number }).n);

test('a sensor publishes with the credentials of its set-up, and its topic is the trigger', async () => {
  const seen: (string | undefined)[] = [];
  await using broker = await startTestBroker({
    authenticate: (client, username, password, done) => {
      seen.push(client.id, username, password?.toString());
      done(null, password?.toString() === 'geheim-ü');
    },
  });
  const names = ['demo.plain', 'demo.with.dots', "demo.a/b +#%ü'()*!~"];
  const body = names.map((name) => `self.sensor_service.dispatch(${JSON.stringify(name)}, {"n": 1}, trace_tag="t")`);
  await using pack = await tempPack({ 'sensors/watch.py': watch(body.join('\n        ')) });
  const bus = {
    host: '127.0.0.1',
    port: broker.port,
    username: 'sensor:demo.Watch',
    password: 'geheim-ü',
    client_id: 'c1',
  };
  await using sensor = await startSensor(pack.file('sensors/watch.py'), { bus });
  expect(await sensor.ended).toBe(0);
  expect(seen).toEqual(['c1', 'sensor:demo.Watch', 'geheim-ü']);
  expect(broker.received.map(({ topic }) => triggerOfTopic(topic))).toEqual(names);
  expect(broker.received[2]?.topic).toBe(`stormlet/triggers/demo/${encodeURIComponent(names[2]?.slice(5) ?? '')}`);
  expect(SensorMessage.parse(broker.received[0]?.body)).toMatchObject({ payload: { n: 1 }, trace_tag: 't' });
  expect(sensor.lines).toEqual(['cleaned up']);
});

test('a payload of megabytes goes through whole', async () => {
  await using broker = await startTestBroker();
  const run =
    'self.sensor_service.dispatch("demo.t", {"n": "ä" * 2_000_000}); self.sensor_service.dispatch("demo.t", {"n": 2})';
  await using pack = await tempPack({ 'sensors/watch.py': watch(run) });
  await using sensor = await startSensor(pack.file('sensors/watch.py'), {
    bus: { host: '127.0.0.1', port: broker.port },
  });
  expect(await sensor.ended).toBe(0);
  expect(broker.received.map(({ body }) => body.payload)).toEqual([{ n: 'ä'.repeat(2_000_000) }, { n: 2 }]);
});

test('the bus can be given by hand as a URL', async () => {
  await using broker = await startTestBroker({
    authenticate: (_client, username, password, done) => done(null, `${username}|${password}` === 'a:b|p@ss'),
  });
  await using pack = await tempPack({ 'sensors/watch.py': watch('self.sensor_service.dispatch("demo.t", {"n": 1})') });
  const args = ['--pack', 'demo', '--file-path', pack.file('sensors/watch.py'), '--class-name', 'Watch'];
  const end = await runWrapper('sensor_wrapper.py', [
    ...args,
    '--bus-url',
    `mqtt://a%3Ab:p%40ss@127.0.0.1:${broker.port}`,
  ]);
  expect(end).toMatchObject({ exitCode: 0, stdout: 'cleaned up\n', stderr: '' });
  expect(numbers(broker.received)).toEqual([1]);
});

test('events of an outage are kept, and sent in order when the broker is back, without another dispatch', async () => {
  const run = [
    'self.sensor_service.dispatch("demo.t", {"n": 0})',
    'print("first", flush=True); wait_for("down")',
    'for n in range(1, 501): self.sensor_service.dispatch("demo.t", {"n": n})',
    'print("dispatched", flush=True); wait_for("never")',
  ];
  await using pack = await tempPack({ 'sensors/watch.py': watch(run.join('\n        ')) });
  const before = await startTestBroker();
  const bus = { host: '127.0.0.1', port: before.port };
  await using sensor = await startSensor(pack.file('sensors/watch.py'), { bus });
  await until('the first event came', () => before.received.length === 1);
  await before[Symbol.asyncDispose]();
  await writeFile(pack.file('sensors/down'), '');
  await until('all are dispatched', () => sensor.lines.includes('dispatched'));
  await using after = await startTestBroker({ port: before.port });
  await until('all events came', () => after.received.length >= 500);
  expect(numbers(after.received)).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
  expect(sensor.lines).toContainEqual(
    expect.stringMatching(/^stormlet: the bus at 127\.0\.0\.1:\d+ is gone \(.*\): events are kept until it is back$/),
  );
  await until('it says that the bus is back', () =>
    sensor.lines.includes('stormlet: the bus is back: 500 kept events were sent'),
  );
});

test('an event that was not acknowledged is sent again with its id', async () => {
  let refuse = true;
  const ids: unknown[] = [];
  await using broker = await startTestBroker({
    authorizePublish: (_client, packet, done) => {
      ids.push(JSON.parse(packet.payload.toString()).id);
      done(refuse ? new Error('the disk is full') : null);
      refuse = false;
    },
  });
  await using pack = await tempPack({
    'sensors/watch.py': watch('self.sensor_service.dispatch("demo.t", {"n": 1}); wait_for("never")'),
  });
  await using sensor = await startSensor(pack.file('sensors/watch.py'), {
    bus: { host: '127.0.0.1', port: broker.port },
  });
  await until('it was taken', () => broker.received.length === 1);
  expect(ids).toHaveLength(2);
  expect(ids[1]).toBe(ids[0]);
  expect(sensor.lines[0]).toContain('is gone (it closed the connection)');
});

test("an event that the broker refuses, another pack's, is dropped with a word and holds up no other", async () => {
  await using broker = await startTestBroker({
    authorizePublish: (_client, packet, done) => done(packet.topic.includes('/other/') ? new Error('no') : null),
  });
  const run = [
    'for trigger, n in (("demo.t", 1), ("other.t", 2), ("demo.t", 3)): self.sensor_service.dispatch(trigger, {"n": n})',
    'wait_for("never")',
  ];
  await using pack = await tempPack({ 'sensors/watch.py': watch(run.join('\n        ')) });
  await using sensor = await startSensor(pack.file('sensors/watch.py'), {
    bus: { host: '127.0.0.1', port: broker.port },
  });
  await until('the third came', () => numbers(broker.received).includes(3));
  expect(numbers(broker.received)).toEqual([1, 3]);
  expect(sensor.lines).toContain(
    'stormlet: the broker closes the connection on `stormlet/triggers/other/t`: that event is dropped',
  );
});

test('past its bound the buffer takes no more and says what was dropped', async () => {
  const run = [
    'for n in range(10050): self.sensor_service.dispatch("demo.t", {"n": n})',
    'print("dispatched", flush=True); wait_for("never")',
  ];
  await using pack = await tempPack({ 'sensors/watch.py': watch(run.join('\n        ')) });
  const { port, ...gone } = await startTestBroker();
  await gone[Symbol.asyncDispose]();
  const report = { topic: 'stormlet/sensors/demo/Watch/report', run: 1 };
  await using sensor = await startSensor(pack.file('sensors/watch.py'), { bus: { host: '127.0.0.1', port }, report });
  await until('all are dispatched', () => sensor.lines.includes('dispatched'));
  expect(sensor.lines).toContain('stormlet: 10000 events wait for the bus: newer ones are dropped until it is back');
  await using broker = await startTestBroker({ port });
  await until('it is back', () =>
    sensor.lines.includes('stormlet: the bus is back: 10000 kept events were sent, 50 were dropped'),
  );
  const events = broker.received.filter(({ topic }) => topic !== report.topic);
  expect(numbers(events)).toEqual(Array.from({ length: 10_000 }, (_, index) => index));
  await until('it reports what was dropped', () => broker.received.at(-1)?.body.dropped === 50);
});

test('a sensor that ends while the broker is gone says what is lost', async () => {
  const { port, ...gone } = await startTestBroker();
  await gone[Symbol.asyncDispose]();
  await using pack = await tempPack({ 'sensors/watch.py': watch('self.sensor_service.dispatch("demo.t", {})') });
  await using sensor = await startSensor(pack.file('sensors/watch.py'), { bus: { host: '127.0.0.1', port } });
  expect(await sensor.ended).toBe(0);
  expect(sensor.lines).toContain('stormlet: 1 events could not be sent and are lost');
});

test('a wrong password is said once, and the sensor lives on', async () => {
  await using broker = await startTestBroker({ authenticate: (_client, _name, _password, done) => done(null, false) });
  await using pack = await tempPack({ 'sensors/watch.py': watch('print("alive", flush=True); wait_for("never")') });
  await using sensor = await startSensor(pack.file('sensors/watch.py'), {
    bus: { host: '127.0.0.1', port: broker.port },
  });
  await until('it runs', () => sensor.lines.includes('alive'));
  expect(sensor.lines[0]).toMatch(
    /^stormlet: the bus at .* cannot be reached \((bad user name or password|not authorized)\)/,
  );
});

test('threads dispatch at once and nothing is lost or doubled', async () => {
  const run = [
    'def work(start):',
    '    for n in range(start, start + 100): self.sensor_service.dispatch("demo.t", {"n": n})',
    'for start in range(0, 800, 100): threading.Thread(target=work, args=(start,)).start()',
  ];
  await using broker = await startTestBroker();
  await using pack = await tempPack({ 'sensors/watch.py': watch(run.join('\n        '), 'import threading') });
  await using sensor = await startSensor(pack.file('sensors/watch.py'), {
    bus: { host: '127.0.0.1', port: broker.port },
  });
  expect(await sensor.ended).toBe(0);
  expect(numbers(broker.received).sort((a, b) => a - b)).toEqual(Array.from({ length: 800 }, (_, index) => index));
  expect(new Set(broker.received.map(({ body }) => body.id)).size).toBe(800);
});

test('a forked child of a sensor dispatches on a connection of its own', async () => {
  const run = [
    'self.sensor_service.dispatch("demo.t", {"n": 1})',
    'child = os.fork()',
    'if child == 0:',
    '    self.sensor_service.dispatch("demo.t", {"n": 2}); os._exit(0)',
    'os.waitpid(child, 0); self.sensor_service.dispatch("demo.t", {"n": 3})',
  ];
  await using broker = await startTestBroker();
  await using pack = await tempPack({ 'sensors/watch.py': watch(run.join('\n        ')) });
  await using sensor = await startSensor(pack.file('sensors/watch.py'), {
    bus: { host: '127.0.0.1', port: broker.port, client_id: 'c' },
  });
  expect(await sensor.ended).toBe(0);
  expect(numbers(broker.received)).toEqual([1, 2, 3]);
  expect(broker.clients).toEqual(['c', expect.stringMatching(/^c-\d+$/)]);
});

test('a sensor that patches the standard library, as eventlet does, still publishes, survives an outage and ends', async () => {
  const patch = `
import _thread, select, socket, threading, time, os
real_sleep = time.sleep

def refuse(*args, **keywords):
    raise RuntimeError('patched away')

def patch():
    for module, names in (
        (socket, ('socket', 'create_connection', 'getaddrinfo')), (select, ('select', 'poll', 'epoll')),
        (threading, ('Thread', 'Lock', 'RLock', 'Event', 'Condition')), (time, ('sleep',)),
        (_thread, ('allocate_lock', 'start_new_thread', 'get_ident')), (os, ('read', 'write', 'fork', 'waitpid')),
    ):
        for name in names:
            if hasattr(module, name):
                setattr(module, name, refuse)
`;
  const run = [
    'patch(); self.sensor_service.dispatch("demo.t", {"n": 1})',
    'wait_for("down", real_sleep); self.sensor_service.dispatch("demo.t", {"n": 2})',
    'wait_for("never", real_sleep)',
  ];
  const before = await startTestBroker();
  await using pack = await tempPack({ 'sensors/watch.py': watch(run.join('\n        '), patch) });
  await using sensor = await startSensor(pack.file('sensors/watch.py'), {
    bus: { host: '127.0.0.1', port: before.port },
  });
  await until('the first came', () => before.received.length === 1);
  await before[Symbol.asyncDispose]();
  await writeFile(pack.file('sensors/down'), '');
  await until('it saw that the bus is gone', () => sensor.lines.some((line) => line.includes('is gone')));
  await using after = await startTestBroker({ port: before.port });
  await until('the second came', () => after.received.length === 1);
  sensor.stdin.end();
  expect(await sensor.ended).toBe(0);
  expect(sensor.lines).toContain('cleaned up');
});
