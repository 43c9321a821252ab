import mqtt from 'mqtt';
import { expect, test } from 'vitest';
import { startBroker, type TopicMessage, type TriggerMessage } from '../../main/bus/broker.ts';
import { Credentials, type Identity, mayPublish, maySubscribe } from '../../main/bus/credentials.ts';
import type { PackRef, ResourceRef } from '../../main/contract/refs.ts';
import { silentLog } from '../../main/kit/log.ts';
import { until } from '../support/until.ts';

const anAction: Identity = { kind: 'action', execution: 'e1', pack: 'demo' as PackRef };
const demoSensor: Identity = { kind: 'sensor', sensor: 'demo.Ticker' as ResourceRef, pack: 'demo' as PackRef };

test('a trigger message reaches the engine with the name of its publisher', async () => {
  await using bus = await startBus();
  const client = await bus.connect(demoSensor);
  await client.publishAsync('stormlet/triggers/demo/tick', '{"payload":{"n":1}}', { qos: 1 });
  expect(bus.messages.map(({ trigger, body, source }) => [trigger, body.toString(), source])).toEqual([
    ['demo.tick', '{"payload":{"n":1}}', 'sensor:demo.Ticker'],
  ]);
});

test('what a sensor reports of itself reaches the engine under its name', async () => {
  await using bus = await startBus();
  const client = await bus.connect(demoSensor);
  await client.publishAsync('stormlet/sensors/demo/Ticker/report', '{"run":1}', { qos: 1 });
  expect(bus.reports).toEqual([['demo.Ticker', '{"run":1}']]);
  expect(bus.messages).toEqual([]);
});

test('a publish is acknowledged only after the message is recorded', async () => {
  const gate = Promise.withResolvers<void>();
  await using bus = await startBus(() => gate.promise);
  const client = await bus.connect(demoSensor);
  let acknowledged = false;
  const published = client.publishAsync('stormlet/triggers/demo/tick', '{}', { qos: 1 }).then(() => {
    acknowledged = true;
  });
  await until('the message arrived', () => bus.messages.length === 1);
  // A second client's whole round trip leaves the broker ample turns to send an early PUBACK.
  const other = await bus.connect({ kind: 'operator' });
  await other.subscribeAsync('anything');
  expect(acknowledged).toBe(false);
  gate.resolve();
  await published;
  expect(acknowledged).toBe(true);
});

test('a message that could not be recorded is not acknowledged and comes again', async () => {
  let attempts = 0;
  await using bus = await startBus(async () => {
    attempts += 1;
    if (attempts === 1) throw new Error('disk full');
  });
  const client = await bus.connect(demoSensor);
  await client.publishAsync('stormlet/triggers/demo/tick', '{"id":"x","payload":{}}', { qos: 1 });
  expect(attempts).toBe(2);
  expect(new Set(bus.messages.map((message) => message.body.toString())).size).toBe(1);
});

test('what is published beside the app’s own topics is acknowledged in the same way, and heard by others', async () => {
  let attempts = 0;
  await using bus = await startBus(undefined, async () => {
    attempts += 1;
    if (attempts === 1) throw new Error('disk full');
  });
  const client = await bus.connect({ kind: 'operator' }, { clientId: 'phone' });
  await client.publishAsync('home/light', 'on', { qos: 1, retain: true });
  expect(attempts).toBe(2);
  const { body, delivery, ...rest } = bus.others[1] ?? { body: undefined };
  expect(String(body)).toBe('on');
  expect(rest).toEqual({ topic: 'home/light', qos: 1, retained: true, client: 'phone', user: 'operator' });
  // It came in another connection the second time.
  const before = bus.others[0]?.delivery;
  expect(delivery?.packet).toBe(before?.packet);
  expect(delivery?.publisher.connection).not.toBe(before?.publisher.connection);
});

test('a client without credentials, or with wrong ones, is refused', async () => {
  await using bus = await startBus();
  await expect(mqtt.connectAsync(bus.url, { reconnectPeriod: 0 })).rejects.toThrow(/Not authorized|Bad username/i);
  const wrong = { reconnectPeriod: 0, username: 'operator', password: 'guess' };
  await expect(mqtt.connectAsync(bus.url, wrong)).rejects.toThrow(/Not authorized|Bad username/i);
});

test('a sensor that publishes outside its pack is cut off and nothing is recorded', async () => {
  await using bus = await startBus();
  const client = await bus.connect(demoSensor, { reconnectPeriod: 0 });
  const closed = new Promise<void>((resolve) => client.once('close', resolve));
  client.publish('stormlet/triggers/other/tick', '{}', { qos: 1 });
  await closed;
  expect(bus.messages).toEqual([]);
});

test('announcements reach who may listen, and a retained one whoever comes later', async () => {
  await using bus = await startBus();
  const listener = await bus.connect({ kind: 'operator' });
  const heard: string[] = [];
  listener.on('message', (topic, payload) => heard.push(`${topic} ${payload}`));
  await listener.subscribeAsync('stormlet/#');
  bus.broker.announce('stormlet/notifications', { title: 'hello' });
  bus.broker.announce('stormlet/sensors/demo/Ticker', { state: 'running' }, { retain: true });
  await until('both were heard', () => heard.length === 2);
  const late = await bus.connect({ kind: 'operator' }, { clientId: 'late' });
  late.on('message', (topic) => heard.push(`late ${topic}`));
  await late.subscribeAsync('stormlet/#');
  await until('the retained one was heard', () => heard.includes('late stormlet/sensors/demo/Ticker'));
  expect(heard).not.toContain('late stormlet/notifications');
});

test('a port that is taken is named, with what to do', async () => {
  await using bus = await startBus();
  const deps = {
    port: bus.broker.port,
    credentials: new Credentials(),
    log: silentLog,
    onTriggerMessage: async () => {},
    onTopicMessage: async () => {},
    onAlive: () => {},
    onLeft: () => {},
    onReleased: () => {},
    onSensorReport: () => {},
    onDatastoreCall: async () => ({}),
  };
  await expect(startBroker(deps)).rejects.toMatchObject({
    code: 'bus/port-taken',
    hint: expect.stringContaining('bus.port'),
  });
});

test('a new credential of one process ends the old one', () => {
  const credentials = new Credentials();
  const first = credentials.issue(demoSensor);
  const second = credentials.issue(demoSensor);
  expect(credentials.check(first.username, first.password)).toBeUndefined();
  expect(credentials.check(second.username, second.password)).toEqual(demoSensor);
  credentials.revoke(demoSensor);
  expect(credentials.check(second.username, second.password)).toBeUndefined();
});

test.each<[Identity, string, boolean]>([
  [demoSensor, 'stormlet/triggers/demo/tick', true],
  [demoSensor, 'stormlet/datastore/demo/me/request', true],
  [demoSensor, 'stormlet/datastore/demo/other/request', false],
  [demoSensor, 'stormlet/datastore/other/me/request', false],
  [anAction, 'stormlet/datastore/demo/me/request', true],
  [anAction, 'stormlet/datastore/demo/me/response', false],
  [anAction, 'stormlet/triggers/demo/tick', false],
  [demoSensor, 'stormlet/triggers/demonic/tick', false],
  [demoSensor, 'stormlet/sensors/demo/Ticker/report', true],
  [demoSensor, 'stormlet/sensors/demo/Other/report', false],
  [demoSensor, 'stormlet/sensors/demo/Ticker', false],
  [demoSensor, 'stormlet/executions/demo/x/succeeded', false],
  [demoSensor, 'home/light', false],
  [{ kind: 'operator' }, 'stormlet/triggers/any/tick', true],
  [{ kind: 'operator' }, 'stormlet/notifications', false],
  [{ kind: 'operator' }, 'home/light', true],
  [{ kind: 'operator' }, '$SYS/x', false],
  [{ kind: 'key', name: 'k', topics: ['home/+'] }, 'home/light', true],
  [{ kind: 'key', name: 'k', topics: ['home/+'] }, 'home/light/1', false],
  [{ kind: 'key', name: 'k', topics: ['#'] }, 'stormlet/triggers/demo/tick', false],
  [{ kind: 'key', name: 'k', topics: ['#'] }, '$SYS/x', false],
])('%o publishing to %s: %s', (identity, topic, allowed) => {
  expect(mayPublish(identity, topic, 'me')).toBe(allowed);
});

test('only the person may subscribe, and a sensor to what is said to it', () => {
  const topics = ['#', 'stormlet/sensors/demo/Ticker/triggers', 'stormlet/sensors/demo/Other/triggers'];
  expect(topics.map((topic) => maySubscribe({ kind: 'operator' }, topic, 'me'))).toEqual([true, true, true]);
  expect(topics.map((topic) => maySubscribe(demoSensor, topic, 'me'))).toEqual([false, true, false]);
  const key: Identity = { kind: 'key', name: 'k', topics: ['#'] };
  const asked = ['home/#', 'home', '#', '+/sensors/#', 'stormlet/notifications', '$SYS/#'];
  expect(asked.map((topic) => maySubscribe(key, topic, 'me'))).toEqual([true, true, false, false, false, false]);
});

async function startBus(
  onTriggerMessage: (message: TriggerMessage) => Promise<void> = async () => {},
  onTopicMessage: (message: TopicMessage) => Promise<void> = async () => {},
) {
  const credentials = new Credentials();
  const messages: TriggerMessage[] = [];
  const others: TopicMessage[] = [];
  const reports: [ResourceRef, string][] = [];
  const clients: mqtt.MqttClient[] = [];
  const broker = await startBroker({
    port: 0,
    credentials,
    log: silentLog,
    onTriggerMessage: (message) => {
      messages.push(message);
      return onTriggerMessage(message);
    },
    onTopicMessage: async (message) => {
      others.push(message);
      await onTopicMessage(message);
    },
    onAlive: () => {},
    onLeft: () => {},
    onReleased: () => {},
    onSensorReport: (sensor, body) => reports.push([sensor, body.toString()]),
    onDatastoreCall: async (caller, body) => ({ caller, asked: body.toString() }),
  });
  return {
    broker,
    messages,
    others,
    reports,
    url: broker.url,
    async connect(identity: Identity, options: mqtt.IClientOptions = {}) {
      const client = await mqtt.connectAsync(broker.url, {
        reconnectPeriod: 20,
        ...credentials.share(identity),
        ...options,
      });
      clients.push(client);
      return client;
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.end(true);
      await broker[Symbol.asyncDispose]();
    },
  };
}
