import { expect, test } from 'vitest';
import { parseDataFile } from '../../../main/kit/yaml-file.ts';
import { needsPython2 } from '../../../main/packs/metadata/check-compatibility.ts';
import { loadManifest } from '../../../main/packs/metadata/load-manifest.ts';

function load(text: string) {
  const { value } = parseDataFile('pack.yaml', text);
  if (!value) throw new Error('the test has broken YAML');
  return loadManifest(value);
}

test('the ref is `ref`, else the name', () => {
  expect(load('name: My Pack\nref: my_pack\n').value?.ref).toBe('my_pack');
  expect(load('name: my_pack\n').value?.ref).toBe('my_pack');
});

test('unknown keys, a null author and a version without quotes are taken as they come', () => {
  const { value, problems } = load('name: a\nversion: 0.1\nauthor: null\nemail: null\nsystem: {x: 1}\n');
  expect(value).toMatchObject({ version: '0.1', author: '' });
  expect(problems).toEqual([]);
});

test.each([
  ['no name', 'version: 1.0.0\n', 1, /has no `name`/],
  ['a name that is a map', 'description: x\nname: {a: 1}\n', 2, /has no `name`/],
  ['a list instead of a map', '- name: a\n', 1, /must be a map/],
  ['an empty file', '', 1, /must be a map/],
  ['a name that is no ref', 'version: 1.0.0\nname: My-Pack\n', 2, /only a-z, 0-9 and _, got `My-Pack`/],
  ['a bad ref', 'name: a\n\nref: a.b\n', 3, /got `a\.b`/],
])('%s is refused with its line', (_, text, line, message) => {
  const { value, problems } = load(text);
  expect(value).toBeUndefined();
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatchObject({ severity: 'error', file: 'pack.yaml', line });
  expect(problems[0]?.message).toMatch(message);
});

test('a field that cannot be used is a warning and does not stop the pack', () => {
  const { value, problems } = load('name: a\nkeywords: {not: a list}\n');
  expect(value?.keywords).toEqual([]);
  expect(problems).toMatchObject([{ severity: 'warning', line: 2 }]);
});

test.each([
  ["['2']", true],
  ["['2.7']", true],
  ["['2', '3']", false],
  ['[2]', true],
  ['[]', false],
  ['null', false],
])('python_versions %s means Python 2 only: %s', (versions, expected) => {
  const { value } = load(`name: a\npython_versions: ${versions}\n`);
  expect(value && needsPython2(value)).toBe(expected);
});
