import { expect, test } from 'vitest';
import { absoluteSource } from '../../main/headless/commands/pack.ts';
import { parseValues } from '../../main/headless/parse-values.ts';

test.each([
  ['string', '12', '12'],
  ['string', 'a=b', 'a=b'],
  ['string', '', ''],
  ['integer', '-12', -12],
  ['number', '1.5', 1.5],
  ['boolean', 'true', true],
  ['boolean', 'No', false],
  ['array', 'a,b', ['a', 'b']],
  ['array', '["a", 1]', ['a', 1]],
  ['array', '', []],
  ['object', '{"a": {"b": null}}', { a: { b: null } }],
  ['any', '12', 12],
  ['any', 'text', 'text'],
  [['integer', 'string'], '12', 12],
  [['integer', 'string'], 'x', 'x'],
  ['constructor', 'x', 'x'],
] as const)('a value of type %j is read from `%s` as %j', (type, text, value) => {
  expect(parseValues([`key=${text}`], undefined, { key: { type: type as 'string' } })).toEqual({ key: value });
});

test.each([
  ['integer', '1.5'],
  ['integer', ''],
  ['number', 'x'],
  ['boolean', 'maybe'],
  ['array', '[1'],
  ['object', 'a'],
] as const)('`%s` cannot be read from `%s`', (type, text) => {
  expect(() => parseValues([`key=${text}`], undefined, { key: { type } })).toThrow(
    `\`key\` must be ${type}, got \`${text}\``,
  );
});

test('a name that nobody declared passes as text, for the app to refuse', () => {
  expect(parseValues(['toString=1', 'x=2'], undefined, {})).toEqual({ toString: '1', x: '2' });
});

test('words go on top of the JSON object', () => {
  expect(parseValues(['a=2'], '{"a": 1, "b": [3]}', { a: { type: 'integer' } })).toEqual({ a: 2, b: [3] });
});

test.each(['=x', 'word', ''])('`%s` is no `key=value`', (word) => {
  expect(() => parseValues([word], undefined, {})).toThrow('no `key=value`');
});

test('a source that names no file of this machine stays as it is', () => {
  for (const source of ['hello', 'owner/repo', 'https://example.org/x.git', 'git@example.org:a/b.git'])
    expect(absoluteSource('/folder', source)).toBe(source);
  expect(absoluteSource('/folder', './hello')).toBe('/folder/hello');
  expect(absoluteSource('/folder', '.')).toBe('/folder');
});
