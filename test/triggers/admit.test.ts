import { expect, test } from 'vitest';
import type { TriggerType } from '../../main/contract/packs.ts';
import type { PackRef, ResourceRef } from '../../main/contract/refs.ts';
import { admit, knowTrigger, MAX_MESSAGE_BYTES } from '../../main/triggers/admit.ts';

const type: TriggerType = {
  ref: 'demo.tick' as ResourceRef,
  pack: 'demo' as PackRef,
  name: 'tick',
  description: '',
  payloadSchema: {
    type: 'object',
    properties: { n: { type: 'integer', required: true }, label: { type: 'string' } },
  },
  file: '/packs/demo/sensors/tick.yaml',
};

test('a sensor message becomes a pending instance with the id, time and tag of its sender', () => {
  const sent = { id: 'abc', payload: { n: 1 }, trace_tag: 'order-7', occurred_at: '2026-01-02T03:04:05+01:00' };
  expect(arrive(JSON.stringify(sent))).toEqual({
    id: 'abc',
    trigger: 'demo.tick',
    payload: { n: 1 },
    traceTag: 'order-7',
    occurredAt: '2026-01-02T02:04:05.000Z',
    receivedAt: '2026-06-01T00:00:00.000Z',
    source: 'sensor:demo.Ticker',
    status: 'pending',
  });
});

test('a bare object is the payload itself', () => {
  expect(arrive('{"n": 5}')).toMatchObject({ id: 'new-id', payload: { n: 5 }, status: 'pending' });
});

test('null passes for what is not required, and extra keys pass', () => {
  expect(arrive('{"n": 5, "label": null, "more": [1]}').status).toBe('pending');
});

test.each([
  ['not JSON', '{"n": ', 'trigger/not-json', /not JSON/],
  ['an array', '[1, 2]', 'trigger/not-an-object', /must be a JSON object, got an array/],
  ['a number', '5', 'trigger/not-an-object', /must be a JSON object, got 5/],
  ['a payload that is no object', '{"payload": 5}', 'trigger/message-invalid', /`payload`/],
  [
    'a value of the wrong type',
    '{"n": "five"}',
    'trigger/payload-invalid',
    /`payload.n` must be an integer, got "five"/,
  ],
  ['a required key that is missing', '{}', 'trigger/payload-invalid', /`payload.n` is required/],
  ['a body that nests too deep', `{"n": ${'['.repeat(200)}`, 'trigger/payload-too-deep', /deeper than 100/],
  ['an oversized body', `"${'x'.repeat(MAX_MESSAGE_BYTES)}"`, 'trigger/payload-too-large', /bytes, the limit is/],
])('%s is kept as refused, with the reason', (_, body, code, message) => {
  const instance = arrive(body);
  expect(instance.status).toBe('refused');
  expect(instance.problem).toMatchObject({ code, message: expect.stringMatching(message), hint: expect.any(String) });
});

test('a trigger that no pack declares is refused with its name', () => {
  const arrival = {
    trigger: 'demo.tock',
    body: Buffer.from('{}'),
    source: 'cli',
    receivedAt: '2026-06-01T00:00:00.000Z',
  };
  expect(admit(arrival, undefined, () => 'id').problem?.message).toContain('`demo.tock`');
});

test('a schema that cannot be used checks nothing', () => {
  const sloppy = { ...type, payloadSchema: { type: 'objct' } };
  const arrival = {
    trigger: 'demo.tick',
    body: Buffer.from('{}'),
    source: 'cli',
    receivedAt: '2026-06-01T00:00:00.000Z',
  };
  expect(admit(arrival, knowTrigger(sloppy), () => 'id').status).toBe('pending');
});

function arrive(body: string) {
  const receivedAt = '2026-06-01T00:00:00.000Z';
  const arrival = { trigger: 'demo.tick', body: Buffer.from(body), source: 'sensor:demo.Ticker', receivedAt };
  return admit(arrival, knowTrigger(type), () => 'new-id');
}
