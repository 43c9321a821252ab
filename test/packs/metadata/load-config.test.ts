import { expect, test } from 'vitest';
import type { JsonObject } from '../../../main/contract/json.ts';
import type { ParameterSpecs } from '../../../main/contract/parameter-spec.ts';
import { maskLeaves, secretTexts } from '../../../main/contract/secret-values.ts';
import { loadConfig, loadConfigSchema, withDefaults } from '../../../main/packs/metadata/load-config.ts';

function schemaOf(text: string): { specs: ParameterSpecs; warnings: string[] } {
  const { value = {}, problems } = loadConfigSchema('config.schema.yaml', text);
  expect(problems.every(({ severity }) => severity === 'warning')).toBe(true);
  return { specs: value, warnings: problems.map(({ line, message }) => `${line}: ${message}`) };
}

test.each<[string, string, JsonObject, JsonObject]>([
  ['a default', 'a: {default: 1}', {}, { a: 1 }],
  ['a default in an object that is absent', 'a: {properties: {b: {default: 1}}}', {}, { a: { b: 1 } }],
  [
    'a default in a positional item',
    'a: {items: [{}, {properties: {b: {default: 1}}}]}',
    { a: [{}, {}] },
    { a: [{}, { b: 1 }] },
  ],
  [
    'a default under a pattern',
    'a: {patternProperties: {"^x": {properties: {b: {default: 1}}}}}',
    { a: { x1: {}, y: {} } },
    { a: { x1: { b: 1 }, y: {} } },
  ],
  [
    'a default of an additional key',
    'a: {additionalProperties: {properties: {b: {default: 1}}}}',
    { a: { z: {} } },
    { a: { z: { b: 1 } } },
  ],
  [
    'a default behind a reference',
    'a: {items: {$ref: "#/properties/c"}}\nc: {properties: {b: {default: 1}}}',
    { a: [{}], c: {} },
    { a: [{ b: 1 }], c: { b: 1 } },
  ],
  ['what stands beside a reference', 'a: {$ref: "#/properties/c", default: 2}\nc: {default: 1}', {}, { a: 2, c: 1 }],
  [
    'a default under a misspelt keyword',
    'a: {patternproperties: {".": {properties: {b: {default: 1}}}}}',
    { a: { x: {} } },
    { a: { x: { b: 1 } } },
  ],
  ['an expression', 'a: {default: "{{ st2kv.system.a }}"}', {}, { a: '{{ st2kv.system.a }}' }],
  [
    'nothing for a pattern that is none',
    'a: {patternProperties: {"(": {properties: {b: {default: 1}}}}}',
    { a: { x: {} } },
    { a: { x: {} } },
  ],
])('%s is filled in', (_, schema, given, expected) => {
  expect(withDefaults(schemaOf(schema).specs, given)).toEqual(expected);
});

test.each([
  [
    'a misspelt keyword',
    'a:\n  patternproperties: {x: {}}\n',
    ['2: `patternproperties` is read as `patternProperties`'],
  ],
  ['an unknown one', 'a:\n  type: string\n  filter: x\n', ['3: unknown keyword `filter`, which is ignored']],
  [
    'a reference to nothing',
    'a:\n  $ref: "#/properties/b"\n',
    ['2: `$ref: #/properties/b` leads to nothing in this file and is ignored'],
  ],
  [
    'a reference to itself',
    'a:\n  properties:\n    b: {$ref: "#/properties/a"}\n',
    ['3: `$ref: #/properties/a` leads back to itself and is ignored'],
  ],
  ['keywords of JSON Schema that are not looked at', 'a: {title: A, format: uri, oneOf: []}\n', []],
])('%s is told with its line and refuses nothing', (_, schema, expected) => {
  const { warnings, specs } = schemaOf(schema);
  expect(specs).toHaveProperty('a');
  expect(warnings.slice(0, 1)).toEqual(expected);
});

test('what is wrong behind references is told once, where it stands', () => {
  const schema =
    'a: {items: {$ref: "#/properties/c"}}\nb: {$ref: "#/properties/c"}\nc:\n  type: object\n  Properties: {}\n';
  expect(schemaOf(schema).warnings).toEqual(['5: `Properties` is read as `properties`']);
});

test('references that multiply end', () => {
  const level = (name: string, next: string) =>
    `${name}: {properties: {p: {$ref: "#/properties/${next}"}, q: {$ref: "#/properties/${next}"}}}\n`;
  const names = Array.from({ length: 30 }, (_, index) => `n${index}`);
  const { warnings } = schemaOf(
    `${names.map((name, index) => level(name, `n${index + 1}`)).join('')}n30: {type: string}\n`,
  );
  expect(warnings.some((warning) => warning.includes('too large'))).toBe(true);
});

test.each<[string, string, JsonObject, string[]]>([
  ['at the top', 'a: {secret: true}', { a: 's3cret', b: 'x' }, ['s3cret']],
  ['in quotes', 'a: {secret: "true"}', { a: 's3cret' }, ['s3cret']],
  ['a number', 'a: {type: integer, secret: true}', { a: 12345 }, ['12345']],
  [
    'in a list of objects',
    'a: {items: {properties: {p: {secret: true}}}}',
    { a: [{ p: 'one1', q: 'x' }, { p: 'two2' }] },
    ['one1', 'two2'],
  ],
  ['in a positional item', 'a: {items: [{}, {secret: true}]}', { a: ['x', 'two2'] }, ['two2']],
  ['under a pattern', 'a: {patternProperties: {"^k": {secret: true}}}', { a: { k1: 'one1', x: 'y' } }, ['one1']],
  ['in additional keys', 'a: {additionalProperties: {secret: true}}', { a: { any: 'one1' } }, ['one1']],
  [
    'all that lies in a secret',
    'a: {secret: true, type: object}',
    { a: { b: ['one1', { c: 'two2' }] } },
    ['one1', 'two2'],
  ],
  [
    'behind a reference',
    'a: {$ref: "#/properties/b"}\nb: {properties: {p: {secret: true}}}',
    { a: { p: 'one1' } },
    ['one1'],
  ],
])('a secret is found %s and masked', (_, schema, values, expected) => {
  const { specs } = schemaOf(schema);
  expect(secretTexts(specs, values)).toEqual(expected);
  const masked = JSON.stringify(maskLeaves(specs, values));
  for (const secret of expected) expect(masked).not.toContain(secret);
});

test.each<[string, string, string, { line?: number; message: string }[], string[]]>([
  [
    'a wrong type, deep down',
    'a: {items: {properties: {p: {type: integer}}}}',
    'a:\n  - p: 1\n  - q: 2\n    p: x\n',
    [{ line: 4, message: '`a[1].p` must be an integer, got "x"' }],
    [],
  ],
  [
    'a secret of the wrong type, without its value',
    'a: {type: integer, secret: true}',
    'a: hunter2\n',
    [{ line: 1, message: '`a` must be an integer, got "********"' }],
    [],
  ],
  [
    'what is required and absent',
    'a: {required: true}\nb: {}',
    'b: 1\n',
    [{ line: 1, message: 'the configuration has no `a`, which the pack requires' }],
    ['a'],
  ],
  [
    'what is required in an object that is there',
    'a: {properties: {b: {required: true}}}',
    'x: 1\na: {}\n',
    [{ line: 2, message: 'the configuration has no `a.b`, which the pack requires' }],
    ['a.b'],
  ],
  ['nothing of an object that is not there', 'a: {properties: {b: {required: true}}}', '', [], []],
  ['nothing where a default stands in', 'a: {required: true, default: 1}', '', [], []],
  [
    'nothing where an expression will give the value',
    'a: {type: integer, required: true}\nb: {properties: {c: {enum: [x]}}}',
    'a: "{{ st2kv.system.a }}"\nb: {c: "{{ st2kv.system.c }}"}\n',
    [],
    [],
  ],
])('%s is a problem with its line', (_, schema, text, expected, missing) => {
  const { value, problems } = loadConfig(schemaOf(schema).specs, 'configs/demo.yaml', text);
  expect(problems.map(({ line, message }) => ({ ...(line && { line }), message }))).toEqual(expected);
  expect(value.missing).toEqual(missing);
});
