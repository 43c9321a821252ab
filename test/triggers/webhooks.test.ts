import { expect, test } from 'vitest';
import type { JsonObject } from '../../main/contract/json.ts';
import type { PackRef, ResourceRef } from '../../main/contract/refs.ts';
import type { Trigger, TriggerInstance } from '../../main/contract/triggers.ts';
import type { OwnEvent } from '../../main/triggers/admit.ts';
import { WEBHOOK, Webhooks } from '../../main/triggers/webhooks.ts';

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

test('what is posted becomes an event of each trigger on that URL, whatever slashes are around it', async () => {
  const { webhooks, events } = stage(['git/push', '/git/push/', 'other']);
  const body = { ref: 'main' };
  const reply = await post(webhooks, 'git/push/', body, { ...JSON_TYPE, 'x-github-event': 'push' });
  expect(reply).toMatchObject({ status: 202, body, instances: [{ trigger: 'core.0' }, { trigger: 'core.1' }] });
  expect(events).toEqual(
    ['core.0', 'core.1'].map((trigger) => ({
      trigger,
      source: 'webhook',
      traceTag: expect.stringMatching(/^webhook-git\/push-/),
      payload: {
        headers: { 'Content-Type': JSON_TYPE['content-type'], 'X-Github-Event': 'push' },
        headers_lower: { 'content-type': JSON_TYPE['content-type'], 'x-github-event': 'push' },
        body,
      },
    })),
  );
});

test('credentials and cookies stay out of the event, and a trace tag becomes its tag', async () => {
  const { webhooks, events } = stage(['a']);
  const secret = {
    'st2-api-key': 'k',
    'x-auth-token': 't',
    cookie: 'c',
    authorization: 'b',
    'st2-trace-tag': 'order-7',
  };
  await post(webhooks, 'a', {}, { ...JSON_TYPE, ...secret });
  expect(events[0]).toMatchObject({ traceTag: 'order-7', payload: { headers_lower: JSON_TYPE } });
  expect(Object.keys((events[0]?.payload.headers ?? {}) as JsonObject)).toEqual(['Content-Type']);
});

test('a form is a map of lists, and a body without a type is JSON', async () => {
  const { webhooks, events } = stage(['a']);
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const request = { url: 'a', headers: form, body: Buffer.from('a=1&b=%C3%A9+x&a=2&c=') };
  expect(await webhooks.receive(request)).toMatchObject({ status: 202 });
  expect(await webhooks.receive({ url: 'a', headers: {}, body: Buffer.from('[1]') })).toMatchObject({ status: 202 });
  expect(await webhooks.receive({ url: 'a', headers: {}, body: Buffer.alloc(0) })).toMatchObject({ status: 202 });
  expect(events.map(({ payload }) => payload.body)).toEqual([{ a: ['1', '2'], b: ['é x'] }, [1], {}]);
});

test('a URL that no rule has is unknown, before its body is looked at', async () => {
  const { webhooks, events } = stage(['a']);
  const reply = await webhooks.receive({ url: 'A', headers: JSON_TYPE, body: Buffer.from('nonsense') });
  expect(reply).toMatchObject({
    status: 404,
    problem: { code: 'webhook/unknown', hint: expect.stringContaining('`url: A`') },
  });
  expect(events).toEqual([]);
});

test.each([
  ['too large', Buffer.alloc(2000, ' '), JSON_TYPE, 413, 'webhook/too-large'],
  ['nested too deep', Buffer.alloc(1000, '['), JSON_TYPE, 400, 'webhook/too-deep'],
  ['no JSON', Buffer.from('{"a"'), JSON_TYPE, 400, 'webhook/not-json'],
  ['a mere number', Buffer.from('5'), JSON_TYPE, 400, 'webhook/not-an-object'],
  ['of another type', Buffer.from('<a/>'), { 'content-type': 'text/xml' }, 415, 'webhook/unknown-type'],
])('a body that is %s is refused, and nothing is recorded', async (_, body, headers, status, code) => {
  const { webhooks, events } = stage(['a']);
  expect(await webhooks.receive({ url: 'a', headers, body })).toMatchObject({ status, problem: { code } });
  expect(events).toEqual([]);
});

test('the webhook `st2` takes a trigger and its payload, and tells why one was refused', async () => {
  const { webhooks, events } = stage([]);
  const sent = { trigger: 'demo.tick', payload: { n: 1 } };
  expect(await post(webhooks, 'st2', sent)).toMatchObject({ status: 202, body: sent });
  expect(await post(webhooks, 'st2/', { trigger: 'demo.tick', payload: null })).toMatchObject({ status: 202 });
  expect(events.map(({ trigger, payload }) => [trigger, payload])).toEqual([
    ['demo.tick', { n: 1 }],
    ['demo.tick', {}],
  ]);
  expect(await post(webhooks, 'st2', { trigger: 'demo.unknown' })).toMatchObject({
    status: 400,
    problem: { code: 'trigger/unknown-type' },
  });
  for (const body of [[], {}, { trigger: 5 }, { trigger: 'demo.tick', payload: 'text' }]) {
    expect(await post(webhooks, 'st2', body as JsonObject)).toMatchObject({ status: 400 });
  }
});

test('what an action posts carries the row of events that led to it', async () => {
  const { webhooks, events } = stage(['a']);
  await webhooks.receive({ url: 'a', headers: {}, body: Buffer.from('{}'), execution: 'e-1' });
  const body = Buffer.from('{"trigger": "demo.tick"}');
  await webhooks.receive({ url: 'st2', headers: {}, body, execution: 'e-1' });
  expect(events.map(({ cause }) => cause)).toEqual([
    { execution: 'e-1', depth: 2 },
    { execution: 'e-1', depth: 2 },
  ]);
});

test('an event that cannot be written is not acknowledged', async () => {
  const webhooks = new Webhooks({
    triggers: () => [webhook('a', 0)],
    submit: () => Promise.reject(new Error('disk full')),
    causeFor: () => undefined,
    maxBodyBytes: () => 1000,
  });
  await expect(post(webhooks, 'a', {})).rejects.toThrow('disk full');
});

function post(webhooks: Webhooks, url: string, body: JsonObject, headers: Record<string, string> = JSON_TYPE) {
  return webhooks.receive({ url, headers, body: Buffer.from(JSON.stringify(body)) });
}

function stage(urls: readonly string[]) {
  const events: OwnEvent[] = [];
  const webhooks = new Webhooks({
    triggers: () => urls.map(webhook),
    submit: async (event) => {
      events.push(event);
      return recorded(event);
    },
    causeFor: (execution) => (execution === undefined ? undefined : { execution, depth: 2 }),
    maxBodyBytes: () => 1500,
  });
  return { webhooks, events };
}

function webhook(url: string, index: number): Trigger {
  const ref = `core.${index}` as ResourceRef;
  const named = { id: ref, uid: ref, ref, name: String(index), pack: 'core' as PackRef };
  return { ...named, type: WEBHOOK as ResourceRef, parameters: { url } };
}

function recorded({ trigger, payload, source }: OwnEvent): TriggerInstance {
  const at = '2026-01-01T00:00:00.000Z';
  const instance = { id: trigger, trigger, payload, source, occurredAt: at, receivedAt: at };
  if (trigger !== 'demo.unknown') return { ...instance, status: 'pending' };
  return {
    ...instance,
    status: 'refused',
    problem: { severity: 'error', code: 'trigger/unknown-type', message: 'unknown' },
  };
}
