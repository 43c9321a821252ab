import mqtt from 'mqtt';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../main/contract/json.ts';
import { startSensor, tempPack } from '../support/python.ts';
import { startTestBroker, type TestBroker } from '../support/test-broker.ts';
import { until } from '../support/until.ts';

const TOPIC = 'stormlet/sensors/demo/Watch/triggers';
const SENSOR = `
import time
from st2reactor.sensor.base import Sensor

class Watch(Sensor):
    def setup(self): print('set up', flush=True)
    def run(self):
        print('runs', flush=True)
        while True: time.sleep(1)
    def cleanup(self): pass
    def add_trigger(self, trigger):
        if trigger['parameters'].get('bad'): raise ValueError('no such thing')
        print('add', trigger['id'], trigger['parameters'], flush=True)
    def update_trigger(self, trigger): print('update', trigger['id'], trigger['parameters'], flush=True)
    def remove_trigger(self, trigger): print('remove', trigger['id'], flush=True)
`;
const trigger = (id: string, parameters: JsonObject): JsonObject => ({
  id,
  ref: `demo.${id}`,
  type: 'demo.t',
  parameters,
});

test('a sensor is told of each trigger that comes, changes or goes, and of none twice', async () => {
  await using broker = await startTestBroker();
  await using pack = await tempPack({ 'sensors/watch.py': SENSOR });
  await using sensor = await startSensor(pack.file('sensors/watch.py'), {
    bus: { host: '127.0.0.1', port: broker.port },
    listen_to: TOPIC,
    triggers: [trigger('a', { n: 1 })],
  });
  await until('it runs', () => sensor.lines.includes('runs'));
  await retain(broker, [trigger('a', { n: 1 }), trigger('b', { n: 2 })]);
  await until('the second is added', () => sensor.lines.includes("add b {'n': 2}"));
  await retain(broker, [trigger('b', { n: 3 }), trigger('c', { bad: 1 }), trigger('d', { n: 4 })]);
  await until('the last is added', () => sensor.lines.includes("add d {'n': 4}"));
  expect(sensor.lines.filter((line) => /^(set up|runs|add|update|remove)/.test(line))).toEqual([
    ...['set up', "add a {'n': 1}", 'runs', "add b {'n': 2}"],
    ...['remove a', "update b {'n': 3}", "add d {'n': 4}"],
  ]);
  await until('what went wrong is printed', () => sensor.lines.includes('ValueError: no such thing'));
});

test('a sensor hears what there is when the broker is back after an outage', async () => {
  const before = await startTestBroker();
  await using pack = await tempPack({ 'sensors/watch.py': SENSOR });
  await using sensor = await startSensor(pack.file('sensors/watch.py'), {
    bus: { host: '127.0.0.1', port: before.port },
    listen_to: TOPIC,
    triggers: [trigger('a', { n: 1 })],
  });
  await until('it listens', () => before.clients.some((id) => id.endsWith(':listener')));
  await before[Symbol.asyncDispose]();
  await using after = await startTestBroker({ port: before.port });
  await retain(after, [trigger('b', { n: 2 })]);
  await until('it heard', () => sensor.lines.includes("add b {'n': 2}"));
  expect(sensor.lines).toContain('remove a');
});

async function retain(broker: TestBroker, triggers: readonly object[]): Promise<void> {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, { reconnectPeriod: 0 });
  await client.publishAsync(TOPIC, JSON.stringify(triggers), { qos: 1, retain: true });
  await client.endAsync();
}
