import { expect, test } from 'vitest';
import type { JsonObject } from '../../main/contract/json.ts';
import { editYaml } from '../../main/kit/yaml-edit.ts';
import { parseDataFile } from '../../main/kit/yaml-file.ts';
import { Random } from '../support/random.ts';

const TEXT = `---
# The service.
url:   'http://one'   # where it listens

connection:
    host: localhost
    # Standard.
    port: 5432
servers:
- {host: a, port: 1}
- host: b
flags: [x, y]
note: |
  two
  lines
`;
const DATA: JsonObject = {
  url: 'http://one',
  connection: { host: 'localhost', port: 5432 },
  servers: [{ host: 'a', port: 1 }, { host: 'b' }],
  flags: ['x', 'y'],
  note: 'two\nlines\n',
};

test.each<[string, JsonObject, [string, string][]]>([
  ['nothing', {}, []],
  ['a text', { url: 'http://two' }, [["'http://one'", '"http://two"']]],
  ['a nested number', { connection: { host: 'localhost', port: 1 } }, [['port: 5432', 'port: 1']]],
  ['a value in a flow map', { servers: [{ host: 'c, d', port: 1 }, { host: 'b' }] }, [['host: a', 'host: "c, d"']]],
  ['an item of a list', { flags: ['x', 'z'] }, [['[x, y]', '[x, z]']]],
  [
    'a new nested key',
    { connection: { host: 'localhost', port: 5432, tls: true } },
    [['    port: 5432\n', '    port: 5432\n    tls: true\n']],
  ],
  ['a new key at the top', { more: { a: [1] } }, [['  lines\n', '  lines\nmore:\n  a:\n    - 1\n']]],
])('setting %s changes no other character', (_, patch, replaced) => {
  const expected = replaced.reduce((text, [from, to]) => text.replace(from, to), TEXT);
  expect(editYaml(TEXT, { ...DATA, ...patch })).toBe(expected);
});

test('a removed key takes its lines with it and leaves the others', () => {
  const { url: _, note: __, ...rest } = DATA;
  const edited = editYaml(TEXT, rest);
  expect(edited).not.toMatch(/http:|two/);
  expect(edited).toContain('    # Standard.\n    port: 5432\nservers:\n- {host: a, port: 1}\n');
});

test.each([
  ['', 'a: 1\n'],
  ['# mine\n', '# mine\na: 1\n'],
  ['---\n', '---\na: 1\n'],
  ['{}\n', undefined],
  ['b: &x {c: 1}\na: *x\n', undefined],
  ['a: 2', 'a: 1'],
])('%j becomes what is wanted', (text, expected) => {
  const edited = editYaml(text, { a: 1 });
  if (expected !== undefined) expect(edited).toBe(expected);
  expect(parseDataFile('x', edited).value?.value).toEqual({ a: 1 });
});

test('whatever is wanted is what the text then says', () => {
  const random = new Random(11);
  const value = (depth: number): unknown => {
    const kind = depth === 0 ? 0 : random.below(3);
    if (kind === 0)
      return random.pick([
        'x',
        'a: b',
        '# no',
        '',
        null,
        true,
        3,
        -1.5,
        'yes',
        'two\nlines',
        '{{ x }}',
        "it's",
        '"',
        '- a',
        '12',
        '[a',
        '\t',
      ]);
    const size = random.below(3);
    if (kind === 1) return Array.from({ length: size }, () => value(depth - 1));
    return Object.fromEntries(
      Array.from({ length: size }, () => [random.pick(['a', 'b', 'c d', 'true', 'é']), value(depth - 1)]),
    );
  };
  for (let round = 0; round < 500; round += 1) {
    const wanted = {
      ...(random.chance(0.5) ? DATA : {}),
      [random.pick(['url', 'connection', 'flags', 'new', 'note'])]: value(3),
    } as JsonObject;
    expect(parseDataFile('x', editYaml(TEXT, wanted)).value?.value).toEqual(wanted);
  }
});
