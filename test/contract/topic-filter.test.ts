import { expect, test } from 'vitest';
import { covers, isTopicFilter } from '../../main/contract/topic-filter.ts';

test.each([
  ['home/light', 'home/light', true],
  ['home/light', 'home/light/1', false],
  ['home/light/1', 'home/light', false],
  ['home/+', 'home/light', true],
  ['home/+', 'home', false],
  ['home/+', 'home/', true],
  ['+/light', 'home/light', true],
  ['home/#', 'home', true],
  ['home/#', 'home/a/b', true],
  ['home/#', 'homes/a', false],
  ['#', '/', true],
  ['home/#', 'home/+/x', true],
  ['home/+', 'home/#', false],
  ['home/+/x', 'home/+/x', true],
  ['home/a', 'home/+', false],
  ['+/+', '#', false],
  ['home/#', 'home/#', true],
])('%s covers %s: %s', (filter, other, expected) => {
  expect(covers(filter, other)).toBe(expected);
});

test.each(['', 'a/#/b', 'a#', 'a/b+', '$SYS/#', 'a\0'])('%j is no topic filter', (text) => {
  expect(isTopicFilter(text)).toBe(false);
});

test.each(['#', '+', '/', 'a/+/b/#', 'küche/licht'])('%j is a topic filter', (text) => {
  expect(isTopicFilter(text)).toBe(true);
});
