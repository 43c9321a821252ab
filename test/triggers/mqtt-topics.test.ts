import { expect, test } from 'vitest';
import type { JsonObject } from '../../main/contract/json.ts';
import type { PackRef, ResourceRef } from '../../main/contract/refs.ts';
import type { Trigger, TriggerInstance } from '../../main/contract/triggers.ts';
import { newId } from '../../main/kit/new-id.ts';
import { MAX_MESSAGE_BYTES, type OwnEvent } from '../../main/triggers/admit.ts';
import { MQTT, mqttFault, receiveMqtt } from '../../main/triggers/mqtt-topics.ts';

test('a message is an event of each trigger whose filter and credential fit', async () => {
  const triggers = [
    trigger({ topic: 'home/+/temperature' }),
    trigger({ topic: 'home/#', credential: 'kitchen' }),
    trigger({ topic: 'home/#', credential: 'garage' }),
    trigger({ topic: 'other' }),
  ];
  const events = await publish(triggers, 'home/kitchen/temperature', '{"celsius": 21.5}');
  const payload = {
    topic: 'home/kitchen/temperature',
    payload: { celsius: 21.5 },
    encoding: 'json',
    qos: 1,
    retained: false,
    client: 'esp-1',
    user: 'kitchen',
  };
  expect(events).toMatchObject([
    { trigger: triggers[0]?.ref, payload, source: 'kitchen' },
    { trigger: triggers[1]?.ref, payload },
  ]);
  expect(events).toHaveLength(2);
});

test.each<[string, Buffer | string, unknown, string]>([
  ['a number', '21.5', 21.5, 'json'],
  ['a word', 'on', 'on', 'text'],
  ['nothing', '', '', 'text'],
  ['bytes', Buffer.from([0xff, 0xfe]), '//4=', 'base64'],
  ['brackets without end', '['.repeat(500), '['.repeat(500), 'text'],
])('%s arrives as what it is', async (_, body, payload, encoding) => {
  const [event] = await publish([trigger({ topic: '#' })], 'a', body);
  expect(event?.payload).toMatchObject({ payload, encoding });
});

test('a message that is too large is seen, without its content, and meets no rule', async () => {
  const [event] = await publish([trigger({ topic: '#' })], 'a', Buffer.alloc(MAX_MESSAGE_BYTES + 1, 'x'));
  expect(event).toMatchObject({ payload: { payload: null }, refusal: { code: 'trigger/payload-too-large' } });
});

test('a message that cannot be recorded is not acknowledged', async () => {
  const deps = { triggers: () => [trigger({ topic: '#' })], submit: () => Promise.reject(new Error('disk full')) };
  const message = { topic: 'a', body: Buffer.from(''), qos: 1, retained: false, client: 'c', user: 'u' };
  await expect(receiveMqtt(deps, message)).rejects.toThrow('disk full');
});

test('a rule on the app’s own topics, or on what is no topic, is told so', () => {
  expect(mqttFault({ topic: 'home/#/x' })?.fault).toContain('no topic filter');
  expect(mqttFault({ topic: 'stormlet/executions/#' })?.fault).toContain('the app');
  expect(mqttFault({ topic: '#' })).toBeUndefined();
});

test('a message that comes again makes the same event of each trigger', async () => {
  const receipt = newId();
  const triggers = [trigger({ topic: 'a' }), trigger({ topic: '#' })];
  const ids = async () => (await publish(triggers, 'a', '', () => receipt)).map(({ id }) => id);
  const first = await ids();
  expect(new Set(first).size).toBe(2);
  expect(await ids()).toEqual(first);
  for (const id of first) expect(id?.slice(0, 15)).toBe(receipt.slice(0, 15));
});

async function publish(
  triggers: Trigger[],
  topic: string,
  body: Buffer | string,
  receipt?: () => string,
): Promise<OwnEvent[]> {
  const events: OwnEvent[] = [];
  const submit = async (event: OwnEvent) => {
    events.push(event);
    return {} as TriggerInstance;
  };
  const from = { client: 'esp-1', user: 'kitchen', ...(receipt && { receipt }) };
  const message = { topic, body: Buffer.from(body), qos: 1, retained: false, ...from };
  await receiveMqtt({ triggers: () => triggers, submit }, message);
  return events;
}

function trigger(parameters: JsonObject): Trigger {
  const name = JSON.stringify(parameters);
  const ref = `core.${name}` as ResourceRef;
  return { id: name, uid: name, ref, name, pack: 'core' as PackRef, type: MQTT as ResourceRef, parameters };
}
