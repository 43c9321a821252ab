import { expect, test } from 'vitest';
import { Hearers } from '../../main/bus/hearers.ts';

const TOPIC = 'stormlet/executions/core/noop/succeeded';

test('nobody hears what nobody has subscribed to', () => {
  const hearers = new Hearers<string>();
  expect(hearers.anyOf(TOPIC)).toBe(false);
  hearers.grants('one', 'stormlet/executions/core/noop/failed');
  expect(hearers.anyOf(TOPIC)).toBe(false);
});

test('somebody hears it from the subscription on, by any filter that takes it in, until the last of them has left', () => {
  const hearers = new Hearers<string>();
  expect(hearers.anyOf(TOPIC)).toBe(false);
  hearers.grants('one', 'stormlet/#');
  hearers.grants('one', 'other');
  hearers.grants('two', 'stormlet/executions/+/+/succeeded');
  expect(hearers.anyOf(TOPIC)).toBe(true);
  hearers.left('one');
  expect(hearers.anyOf(TOPIC)).toBe(true);
  hearers.left('two');
  expect(hearers.anyOf(TOPIC)).toBe(false);
});
