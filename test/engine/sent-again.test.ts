import { expect, test } from 'vitest';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { startHeadlessApp } from '../support/headless-app.ts';
import { RawClient } from '../support/raw-client.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { startTestEngine, type TestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

const TOPIC = 'home/door';
const DUP = { dup: true } as const;

test.each([
  [1, 'puback', false],
  [1, 'puback', true],
  [2, 'pubrec', false],
  [2, 'pubrec', true],
] as const)(
  'what a device sends again at QoS %i, since its %s was lost, is one event (clean session: %s)',
  async (qos, answer, clean) => {
    await using engine = await startTestEngine();
    const url = await listen(engine);
    {
      using device = await RawClient.connect(url, 'door', clean);
      device.stopReading();
      device.publish(TOPIC, 'open', { id: 7, qos });
      await until('it is recorded', async () => (await events(engine)).length === 1);
    }
    using device = await RawClient.connect(url, 'door', clean);
    device.publish(TOPIC, 'open', { id: 7, qos, ...DUP });
    device.publish(TOPIC, 'open', { id: 7, qos, ...DUP });
    await device.answered(answer, 2);
    expect(await events(engine)).toHaveLength(1);
    if (qos === 2) {
      device.send({ cmd: 'pubrel', messageId: 7 });
      await device.answered('pubcomp');
    }
    // The same again, but as a message of its own.
    device.publish(TOPIC, 'open', { id: 7, qos });
    await device.answered(answer, 3);
    expect(await events(engine)).toHaveLength(2);
  },
);

test('another message under an identifier that was used is another event, also when it comes for the second time', async () => {
  await using engine = await startTestEngine();
  const url = await listen(engine);
  using device = await RawClient.connect(url, 'door');
  device.publish(TOPIC, 'open', { id: 7 });
  device.publish(TOPIC, 'closed', { id: 7, ...DUP });
  device.publish(TOPIC, 'open', { id: 8, ...DUP });
  await device.answered('puback', 3);
  using other = await RawClient.connect(url, 'other');
  other.publish(TOPIC, 'open', { id: 7, ...DUP });
  await other.answered('puback');
  expect(await events(engine)).toHaveLength(4);
});

test('an identifier at QoS 2 that its client has released stands for a new message', async () => {
  await using engine = await startTestEngine();
  const url = await listen(engine);
  {
    using device = await RawClient.connect(url, 'door');
    device.publish(TOPIC, 'open', { id: 7, qos: 2 });
    await device.answered('pubrec');
    device.publish(TOPIC, 'open', { id: 7, qos: 2 });
    await device.answered('pubrec', 2);
    expect(await events(engine)).toHaveLength(1);
    device.send({ cmd: 'pubrel', messageId: 7 });
    await device.answered('pubcomp');
  }
  using device = await RawClient.connect(url, 'door');
  // It was lost on its first way.
  device.publish(TOPIC, 'open', { id: 7, qos: 2, ...DUP });
  await device.answered('pubrec');
  expect(await events(engine)).toHaveLength(2);
});

test('a client that took its leave, and one without a name, send nothing again', async () => {
  await using engine = await startTestEngine();
  const url = await listen(engine);
  for (const again of [{}, DUP]) {
    using device = await RawClient.connect(url, 'door');
    device.publish(TOPIC, 'open', { id: 7, ...again });
    await device.answered('puback');
    device.send({ cmd: 'disconnect' });
    await device.closed;
    using nameless = await RawClient.connect(url, '', true);
    nameless.publish(TOPIC, 'open', { id: 7, ...again });
    await nameless.answered('puback');
  }
  expect(await events(engine)).toHaveLength(4);
});

test('a message on a trigger’s own topic that brings no id is one event as well', async () => {
  await using engine = await startTestEngine();
  const { url } = await engine.client.bus.url({});
  const topic = 'stormlet/triggers/examples/sample_event';
  for (const again of [{}, DUP]) {
    using device = await RawClient.connect(url, 'script');
    device.publish(topic, '{"payload": {"message": "hello"}}', { id: 1, ...again });
    await device.answered('puback');
  }
  expect(await events(engine)).toHaveLength(1);
});

test('a kill -9 of the app between the event and its acknowledgement makes no second event', async () => {
  await using home = await tempFolder();
  let password = '';
  {
    await using app = await startHeadlessApp(home.path);
    password = (await app.client.bus.createKey({ name: 'door', topics: ['home/#'] })).password;
    await app.client.rules.create(RULE);
    const url = await urlOf(app.client, password);
    using device = await RawClient.connect(url, 'door');
    device.stopReading();
    device.publish(TOPIC, 'open', { id: 7 });
    await until('it is recorded', async () => (await events(app)).length === 1);
    await app.kill();
  }
  await using app = await startHeadlessApp(home.path);
  using device = await RawClient.connect(await urlOf(app.client, password), 'door');
  device.publish(TOPIC, 'open', { id: 7, ...DUP });
  device.publish(TOPIC, 'closed', { id: 8 });
  await device.answered('puback', 2);
  expect(await events(app)).toHaveLength(2);
});

const RULE = {
  name: 'on_topic',
  trigger: 'core.mqtt' as ResourceRef,
  criteria: {},
  action: 'core.noop' as ResourceRef,
  parameters: {},
  triggerParameters: { topic: 'home/#' },
};

/** Where a device connects that a rule listens to. */
async function listen(engine: TestEngine): Promise<string> {
  await engine.client.rules.create(RULE);
  return (await engine.client.bus.createKey({ name: 'door', topics: ['home/#'] })).url;
}

async function urlOf(client: TestEngine['client'], password: string): Promise<string> {
  const url = new URL((await client.bus.url({})).url);
  url.username = 'door';
  url.password = password;
  return url.href;
}

async function events({ client }: Pick<TestEngine, 'client'>) {
  return (await client.triggers.page({})).items;
}
