import { expect, test } from 'vitest';
import { Hearers } from '../../main/bus/hearers.ts';

const TOPIC = 'stormlet/executions/core/noop/succeeded';

test('nobody hears what nobody has subscribed to', () => {
  const hearers = new Hearers<string>();
  expect(hearers.anyOf(TOPIC)).toBe(false);
  hearers.grants('one', 'stormlet/executions/core/noop/failed');
  expect(hearers.anyOf(TOPIC)).toBe(false);
});

test('a client hears some of what a filter takes in by a narrower filter, and by a wider one', () => {
  const hearers = new Hearers<string>();
  hearers.grants('narrow', TOPIC);
  hearers.grants('wide', '#');
  hearers.grants('other', 'stormlet/sensors/#');
  const all = 'stormlet/executions/#';
  expect(['narrow', 'wide', 'other', 'nobody'].map((client) => hearers.hears(client, all))).toEqual([
    ...[true, true, false, false],
  ]);
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
