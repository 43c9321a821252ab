import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import mqtt from 'mqtt';
import mqttPacket, { type Packet } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { isCompleted } from '../../main/contract/executions.ts';
import type { JsonObject } from '../../main/contract/json.ts';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { apiClient } from '../support/api-client.ts';
import { RawClient } from '../support/raw-client.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { FIXTURE_PACKS, startTestEngine, type TestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

const RULE = 'default.again' as ResourceRef;
/** Short, so that what is looked at for ten seconds takes one. */
const SILENT = { notifications: { onSuccess: false, onFailure: false } };
const QUICK = { triggers: { loopRuns: 5, loopSeconds: 1 }, ...SILENT };

test.skipIf(process.platform === 'win32')(
  'a rule whose action publishes on the topic that it listens to is stopped, which is told, and goes on when it is switched on',
  async () => {
    await using home = await tempFolder();
    let url = '';
    {
      await using engine = await startTestEngine({ home: home.path, settings: QUICK });
      url = (await engine.client.bus.createKey({ name: 'door', topics: ['home/#'] })).url;
      await addRule(engine, 'core.local', { cmd: await publishing(url, home.path) });
      // Several go round, so that it is quick enough on a slow machine.
      using device = await RawClient.connect(url, 'device');
      for (let id = 1; id <= 8; id += 1) device.publish('home/door', 'open', { id });
      await until('the rule is stopped', async () => (await rule(engine)).state === 'broken');
      expect((await rule(engine)).enabled).toBe(false);
      expect((await rule(engine)).problems).toMatchObject([
        { severity: 'error', code: 'rule/loop', hint: expect.stringContaining('stormlet rule enable default.again') },
      ]);
      expect(engine.notices).toMatchObject([{ level: 'failure', title: 'The rule default.again was stopped' }]);
      expect(engine.log.filter((line) => line.includes('a rule was stopped'))).toHaveLength(1);
      await until('all has ended', async () => (await runs(engine)).every(({ status }) => isCompleted(status)));
      device.publish('home/door', 'open', { id: 9 });
      await device.answered('puback', 9);
    }
    await using engine = await startTestEngine({ home: home.path, settings: QUICK });
    expect((await rule(engine)).state).toBe('broken');
    expect((await engine.client.rules.setEnabled({ ref: RULE, enabled: true })).state).toBe('active');
  },
);

test('a rule whose action sends its own trigger is stopped by what is known of the cause', async () => {
  await using engine = await startTestEngine({ settings: { triggers: { loopRuns: 30, loopSeconds: 60 }, ...SILENT } });
  await sendAgain(engine);
  await until('the rule is stopped', async () => (await rule(engine)).state === 'broken');
  expect((await runs(engine)).length).toBeLessThan(60);
});

test('a row of events that executions send on purpose has an end where rules are not looked at', async () => {
  await using engine = await startTestEngine({ settings: { triggers: { loopRuns: 0, maxSent: 12 }, ...SILENT } });
  await sendAgain(engine);
  const refused = await until('the row has its end', async () => {
    const { items } = await engine.client.triggers.page({ status: ['refused'] });
    return items[0];
  });
  expect(refused).toMatchObject({ cause: { sent: 13 }, problem: { code: 'trigger/loop' } });
  expect((await rule(engine)).state).toBe('active');
});

test('a storm and a steady stream from outside stop no rule, and each of their events has its action', async () => {
  await using engine = await startTestEngine({ settings: QUICK });
  await addRule(engine, 'core.noop', {});
  const { url } = await engine.client.bus.createKey({ name: 'door', topics: ['home/#'] });
  using device = await RawClient.connect(url, 'device');
  let sent = 0;
  const publish = () => device.publish('home/door', 'open', { id: ++sent });
  while (sent < 300) publish();
  await device.answered('puback', sent);
  // As long as it takes to be looked at, and then it ends in the middle of that.
  while (!engine.log.some((line) => line.includes('runs on and on'))) {
    publish();
    await setTimeout(20);
  }
  await device.answered('puback', sent);
  await until('each has its action', async () => {
    const all = await runs(engine);
    return all.length === sent && all.every(({ status }) => status === 'succeeded');
  });
  expect((await rule(engine)).state).toBe('active');
  expect(engine.notices.filter(({ source }) => source === 'engine')).toEqual([]);
});

test('a program that sends the next event when it hears the result of the last one goes on as long as it likes', async () => {
  await using engine = await startTestEngine({ settings: QUICK });
  await engine.install(path.join(FIXTURE_PACKS, 'storm'));
  await addRule(engine, 'core.noop', {}, { trigger: 'storm.event' as ResourceRef });
  const { url } = await engine.client.bus.url({});
  const program = await mqtt.connectAsync(url, { reconnectPeriod: 0 });
  let results = 0;
  const next = () =>
    program.publish('stormlet/triggers/storm/event', '{"payload": {"kind": "next", "path": "/"}}', { qos: 1 });
  program.on('message', () => {
    results += 1;
    next();
  });
  await program.subscribeAsync('stormlet/executions/core/noop/succeeded');
  const begun = Date.now();
  next();
  // Longer than it takes to be looked at.
  await until('it has gone on', () => results > 50 && Date.now() - begun > 2000);
  await program.endAsync(true);
  expect((await rule(engine)).state).toBe('active');
  expect(engine.log.filter((line) => line.includes('runs on and on'))).toEqual([]);
});

test('so does one that posts to a webhook when it has read what came of the last post', async () => {
  await using engine = await startTestEngine({ settings: QUICK });
  const on = { trigger: 'core.st2.webhook' as ResourceRef, triggerParameters: { url: 'next' } };
  await addRule(engine, 'core.noop', {}, on);
  const api = await apiClient(engine);
  const begun = Date.now();
  // Longer than it takes to be looked at.
  for (let sent = 1; sent <= 10 || Date.now() - begun < 2000; sent += 1) {
    await api.post('/v1/webhooks/next', { n: sent });
    await until('it has its result', async () => {
      const { headers } = await api.get(`/v1/executions?rule=${RULE}&status=succeeded&limit=1`);
      return Number(headers.get('x-total-count')) >= sent;
    });
  }
  expect((await rule(engine)).state).toBe('active');
  expect(engine.log.filter((line) => line.includes('runs on and on'))).toEqual([]);
});

/** A rule that sends its own trigger, and the first event of it. */
async function sendAgain(engine: TestEngine): Promise<void> {
  await engine.install(path.join(FIXTURE_PACKS, 'storm'));
  const sent = { trigger: 'storm.event', payload: { kind: 'again', path: '/' } };
  await addRule(engine, 'core.inject_trigger', sent, { trigger: 'storm.event' as ResourceRef });
  await engine.run('core.inject_trigger', sent);
}

/** A shell's own way of publishing at QoS 1: all that has to be said, and the eight bytes that are answered. */
async function publishing(address: string, folder: string): Promise<string> {
  const { hostname, port, username, password } = new URL(address);
  const file = path.join(folder, 'packets');
  const login = { username, password: Buffer.from(password) };
  const connect = { cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: true, clientId: '', keepalive: 0 };
  const publish = {
    cmd: 'publish',
    topic: 'home/door',
    payload: 'open',
    qos: 1,
    messageId: 1,
    dup: false,
    retain: false,
  };
  const packets = [{ ...connect, ...login } as Packet, publish as Packet].map((packet) => mqttPacket.generate(packet));
  await writeFile(file, Buffer.concat(packets));
  return `bash -c 'exec 3<>/dev/tcp/${hostname}/${port}; cat "${file}" >&3; head -c 8 <&3 >/dev/null'`;
}

const TOPIC = { trigger: 'core.mqtt' as ResourceRef, triggerParameters: { topic: 'home/#' } };

async function addRule(
  engine: TestEngine,
  action: string,
  parameters: JsonObject,
  on: { trigger: ResourceRef; triggerParameters?: JsonObject } = TOPIC,
): Promise<void> {
  await engine.client.rules.create({ name: 'again', criteria: {}, action: action as ResourceRef, parameters, ...on });
}

async function rule(engine: TestEngine) {
  return engine.client.rules.get({ ref: RULE });
}

async function runs(engine: TestEngine) {
  return (await engine.client.executions.page({ rule: RULE, limit: 500 })).items;
}
