import path from 'node:path';
import { expect, test } from 'vitest';
import { parseDataFile, readDataFile, setInYaml } from '../../main/kit/yaml-file.ts';
import { tempFolder } from '../support/temp-folder.ts';

test.each([
  ['merge keys are merged', 'a: &x\n  k: 1\nb:\n  <<: *x\n  z: 2\n', { a: { k: 1 }, b: { k: 1, z: 2 } }],
  ['a parameter named `y` keeps its name and value', 'y: yes\n', { y: 'yes' }],
  ['of a repeated key the last value counts', 'a: 1\na: 2\n', { a: 2 }],
  ['a date stays the text it is', 'd: 2001-01-01\n', { d: '2001-01-01' }],
  ['JSON with tabs is read', '{\n\t"a": [1,\n\t\t{"b": null}]\n}', { a: [1, { b: null }] }],
  ['an empty file is null', '', null],
])('%s', (_, text, value) => {
  const { value: data, problems } = parseDataFile('f.yaml', text);
  expect(problems).toEqual([]);
  expect(data?.value).toEqual(value);
});

test('a value is found by its line, from 1, through lists and aliases', () => {
  const text = ['a: &x', '  k: 1', 'list:', '  - one', '  - two: 2', '    three: 3', 'b: *x', ''].join('\n');
  const line = (...at: (string | number)[]) => parseDataFile('f.yaml', text).value?.lineOf(at);
  expect([line('a'), line('a', 'k'), line('list', 1, 'three'), line('b'), line('b', 'k')]).toEqual([1, 2, 6, 7, 2]);
});

test('what is not there has the line of what is nearest above it', () => {
  const data = parseDataFile('f.yaml', '# comment\nname: x\naction:\n  ref: y\n').value;
  expect(data?.lineOf(['action', 'parameters', 'z'])).toBe(3);
  expect(data?.lineOf(['nothing'])).toBe(2);
});

test('every mistake of a broken file is told with its line', () => {
  const { value, problems } = parseDataFile('f.yaml', 'name: x\nfoo: [1,\nbar: "abc\n');
  expect(value).toBeUndefined();
  expect(problems.map(({ file, line, code }) => [file, line, code])).toEqual([
    ['f.yaml', 3, 'file/not-yaml'],
    ['f.yaml', 4, 'file/not-yaml'],
  ]);
});

test('aliases that multiply without end are refused instead of filling memory', () => {
  const levels = Array.from({ length: 12 }, (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`);
  const { value, problems } = parseDataFile('bomb.yaml', ['l0: &l0 [x]', ...levels].join('\n'));
  expect(value).toBeUndefined();
  expect(problems[0]?.message).toMatch(/^not valid YAML: Excessive alias count/);
});

test('a file that is not there is a problem, not an exception', async () => {
  await using folder = await tempFolder();
  const { problems } = await readDataFile(path.join(folder.path, 'gone.yaml'));
  expect(problems[0]).toMatchObject({ code: 'file/unreadable', file: path.join(folder.path, 'gone.yaml') });
});

test.each([
  [
    'an existing value is replaced and nothing else',
    '# top\nenabled:   false  # why\nlist:\n- a\n',
    '# top\nenabled:   true  # why\nlist:\n- a\n',
  ],
  [
    'a missing key goes in front, below the heading comment',
    '# top\n\nname: x # c\n',
    '# top\n\nenabled: true\nname: x # c\n',
  ],
  ['a key without a value gets one', 'name: x\nenabled:\nother: 1\n', 'name: x\nenabled: true\nother: 1\n'],
  ['JSON stays JSON', '{"name": "x"}', '{"enabled": true, "name": "x"}'],
])('setting a key: %s', (_, text, expected) => {
  expect(setInYaml(text, 'enabled', true)).toBe(expected);
});
