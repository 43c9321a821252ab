import { execa } from 'execa';
import mqtt from 'mqtt';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../main/contract/json.ts';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { needs } from '../support/needs.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { startTestEngine, type TestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

const publisher = needs('mosquitto_pub');

test('what a device publishes with a key of its own runs the rules on that topic', async () => {
  await using engine = await startTestEngine();
  await addRule(engine, { topic: 'home/+/temperature' });
  const key = await engine.client.bus.createKey({ name: 'kitchen', topics: ['home/kitchen/#'] });
  expect(await engine.client.bus.keys()).toEqual([
    { name: 'kitchen', topics: ['home/kitchen/#'], createdAt: expect.any(String) },
  ]);
  await using device = await connect(key.url);
  await device.client.publishAsync('home/kitchen/temperature', '21.5', { qos: 1, retain: true });
  // It was acknowledged, so it is in the history.
  const [instance] = (await engine.client.triggers.page({})).items;
  expect(instance).toMatchObject({
    source: 'kitchen',
    payload: {
      topic: 'home/kitchen/temperature',
      payload: 21.5,
      encoding: 'json',
      qos: 1,
      retained: true,
      client: device.client.options.clientId,
      user: 'kitchen',
    },
  });
  const [execution] = await until('its rule ran', async () => {
    const { items } = await engine.client.executions.page({ status: ['succeeded'] });
    return items.length > 0 && items;
  });
  expect(execution?.parameters).toMatchObject({ message: 'home/kitchen/temperature is 21.5' });
});

test('a key may use its own topics and no others, and ends when it is deleted', async () => {
  await using engine = await startTestEngine();
  const key = await engine.client.bus.createKey({ name: 'garage', topics: ['garage/#'] });
  await using device = await connect(key.url);
  const heard: string[] = [];
  device.client.on('message', (topic) => heard.push(topic));
  const granted = async (filter: string) => (await device.client.subscribeAsync(filter, { qos: 1 }))[0]?.qos;
  expect(await granted('garage/door')).toBe(1);
  for (const filter of ['#', 'stormlet/#', 'home/+'])
    await expect(granted(filter)).rejects.toThrow(/Unspecified error/);
  await device.client.publishAsync('garage/door', 'open', { qos: 1 });
  await until('it hears itself', () => heard.includes('garage/door'));
  const closed = new Promise((resolve) => device.client.once('close', () => resolve('closed')));
  device.client.publish('stormlet/triggers/core/st2.webhook', '{}', { qos: 1 });
  expect(await closed).toBe('closed');
  await using again = await connect(key.url);
  const ended = new Promise((resolve) => again.client.once('close', () => resolve('ended')));
  await engine.client.bus.deleteKey({ name: 'garage' });
  expect(await ended).toBe('ended');
  await expect(connect(key.url)).rejects.toThrow(/Not authorized|Bad username/i);
});

test('a key lasts over a restart, and its password is nowhere on disk', async () => {
  await using home = await tempFolder();
  let password = '';
  {
    await using engine = await startTestEngine({ home: home.path });
    ({ password } = await engine.client.bus.createKey({ name: 'lamp', topics: ['lamp'] }));
    await expect(engine.client.bus.createKey({ name: 'lamp', topics: ['x'] })).rejects.toMatchObject({
      code: 'bus/key-exists',
    });
  }
  await using engine = await startTestEngine({ home: home.path });
  const url = new URL((await engine.client.bus.url({})).url);
  url.username = 'lamp';
  url.password = password;
  await using device = await connect(url.href);
  await device.client.publishAsync('lamp', 'on', { qos: 1 });
  const found = await execa('grep', ['-rlF', password, home.path], { reject: false });
  expect(found.stdout).toBe('');
});

test.each(['stormlet/#', '$SYS/#', 'a/#/b', ''])('a key cannot be made for %j', async (topic) => {
  await using engine = await startTestEngine();
  await expect(engine.client.bus.createKey({ name: 'any', topics: [topic] })).rejects.toThrow(/topic/);
});

test.skipIf(publisher.skip)(`mosquitto_pub is understood as well${publisher.reason}`, async () => {
  await using engine = await startTestEngine();
  await addRule(engine, { topic: 'home/#', credential: 'shell' });
  const { password, url } = await engine.client.bus.createKey({ name: 'shell', topics: ['home/#'] });
  const { hostname, port } = new URL(url);
  const login = ['-h', hostname, '-p', port, '-u', 'shell', '-P', password];
  await execa(publisher.path ?? '', [...login, '-q', '1', '-t', 'home/door', '-m', 'open']);
  const [instance] = (await engine.client.triggers.page({})).items;
  expect(instance?.payload).toMatchObject({ topic: 'home/door', payload: 'open', encoding: 'text', user: 'shell' });
});

async function addRule(engine: TestEngine, triggerParameters: JsonObject): Promise<void> {
  await engine.client.rules.create({
    name: 'on_topic',
    trigger: 'core.mqtt' as ResourceRef,
    criteria: {},
    action: 'core.echo' as ResourceRef,
    parameters: { message: '{{ trigger.topic }} is {{ trigger.payload }}' },
    triggerParameters,
  });
}

async function connect(url: string) {
  const client = await mqtt.connectAsync(url, { reconnectPeriod: 0 });
  return { client, [Symbol.asyncDispose]: () => client.endAsync(true) };
}
