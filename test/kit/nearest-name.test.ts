import { expect, test } from 'vitest';
import { nearestName, nearestNames } from '../../main/kit/nearest-name.ts';

test('the nearest name is the one that the fewest slips lead to, a swap of neighbours being one', () => {
  expect(nearestName('cvs', ['acos', 'aws', 'csv'])).toBe('csv');
  expect(nearestName('githob', ['gitlab', 'github'])).toBe('github');
  expect(nearestName('nonsense', ['aws', 'github'])).toBeUndefined();
});

test('several come with the nearest first, each once, and no more than were asked for', () => {
  expect(nearestNames('cvs', ['acos', 'csv', 'aws', 'csv'], 2)).toEqual(['csv', 'acos']);
  expect(nearestNames('x', [], 3)).toEqual([]);
});
