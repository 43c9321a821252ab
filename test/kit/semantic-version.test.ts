import { expect, test } from 'vitest';
import { compareVersions, isInRange, isVersion } from '../../main/kit/semantic-version.ts';

test('versions are ordered by their numbers, and a pre-release is before its release', () => {
  const ordered = ['0.9', '1.0.0-alpha', '1.0.0-beta.2', '1.0.0-beta.10', '1.0.0', 'v1.2', '1.10.0', '2'];
  expect([...ordered].reverse().sort(compareVersions)).toEqual(ordered);
  expect(compareVersions('1.0', 'v1.0.0+build')).toBe(0);
});

test.each(['1.2.0', 'v1', '1.2', '1.0.0-rc.1'])('`%s` is a version', (text) => expect(isVersion(text)).toBe(true));
test.each(['main', '', '1.2.3.4', 'v', '1.x'])('`%s` is none', (text) => expect(isVersion(text)).toBe(false));

test.each([
  ['>=3.0.0, <4', true],
  ['>=3.0.0,<3.9.0', false],
  ['>= 1.6.0, < 1.8.0', false],
  ['>3.8', true],
  ['==3.9.0', true],
  ['=3.9', true],
  ['!=3.9.0', false],
  ['<=3.9.0', true],
  ['all', true],
  ['3.9.0', undefined],
  ['>=three', undefined],
  ['>=3.0.0,', undefined],
  ['', undefined],
])('3.9.0 in `%s`: %s', (range, expected) => expect(isInRange('3.9.0', range)).toBe(expected));
