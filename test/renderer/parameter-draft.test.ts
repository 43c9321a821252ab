import { expect, test } from 'vitest';
import type { Json } from '../../main/contract/json.ts';
import type { ParameterSpec, ParameterSpecs } from '../../main/contract/parameter-spec.ts';
import { fieldKind, orderedParameters } from '../../renderer/ui/field-kind.ts';
import { textOf } from '../../renderer/ui/field-text.ts';
import { draftOf, readDraft } from '../../renderer/ui/parameter-draft.ts';

const PLAIN = { expressions: false };
const RULE = { expressions: true };

function readOne(spec: ParameterSpec, text: string, options = PLAIN) {
  return readDraft({ it: spec }, { it: text }, options);
}

test.each<[ParameterSpec, string, Json]>([
  [{ type: 'string' }, ' kept as typed ', ' kept as typed '],
  [{ type: 'string' }, '42', '42'],
  [{ type: 'integer' }, ' -7 ', -7],
  [{ type: 'number' }, '0.5', 0.5],
  [{ type: 'boolean' }, 'false', false],
  [{ enum: [1, 2, 'auto'] }, '2', 2],
  [{ enum: [1, 2, 'auto'] }, 'auto', 'auto'],
  [{ type: 'array' }, 'a b\n\nc', ['a b', 'c']],
  [{ type: 'array', items: { type: 'integer' } }, '200\n201', [200, 201]],
  [{ type: 'array' }, '[1, two]', [1, 'two']],
  [{ type: 'array' }, '- a: 1\n- b', [{ a: 1 }, 'b']],
  [{ type: 'array' }, '-la', ['-la']],
  [{ type: 'object' }, 'a: 1\nb: [x]', { a: 1, b: ['x'] }],
  [{ type: 'object' }, '{"a": null}', { a: null }],
  [{ type: ['string', 'object'] }, 'word', 'word'],
  [{ type: ['string', 'null'] }, '42', '42'],
  [{}, '42', '42'],
  [{ type: 'string', secret: true }, 'hunter2', 'hunter2'],
])('a field of %j reads %j as %j', (spec, text, value) => {
  expect(readOne(spec, text)).toEqual({ values: { it: value }, faults: {} });
});

test.each<[ParameterSpec, string, RegExp]>([
  [{ type: 'integer' }, '1.5', /whole number/],
  [{ type: 'integer', minimum: 1 }, '0', /at least 1/],
  [{ type: 'number' }, 'much', /number/],
  [{ enum: ['a', 'b'] }, 'c', /not one of/],
  [{ type: 'array', items: { type: 'integer' } }, '1\ntwo', /`two`.*whole number/],
  [{ type: 'object' }, '[1]', /object/],
  [{ type: 'object' }, '{', /not readable/],
  [{ type: 'string', required: true }, '', /needed/],
  [{ type: 'string', minLength: 3 }, 'ab', /at least 3/],
])('a field of %j refuses %j', (spec, text, fault) => {
  const read = readOne(spec, text);
  expect(read.values).toEqual({});
  expect(read.faults.it).toMatch(fault);
});

test('what equals its default is not sent, what was changed from it is', () => {
  const specs: ParameterSpecs = { a: { type: 'integer', default: 5 }, b: { type: 'array', default: ['x'] } };
  expect(readDraft(specs, draftOf(specs), PLAIN)).toEqual({ values: {}, faults: {} });
  expect(readDraft(specs, { ...draftOf(specs), a: '6' }, PLAIN).values).toEqual({ a: 6 });
});

test('a cleared text overrides its default with an empty text, any other cleared field with null', () => {
  expect(readOne({ type: 'string', default: 'x' }, '').values).toEqual({ it: '' });
  expect(readOne({ type: 'integer', default: 5 }, '').values).toEqual({ it: null });
});

test('an immutable parameter is neither sent nor taken from an earlier execution', () => {
  const specs: ParameterSpecs = { it: { type: 'boolean', default: false, immutable: true } };
  expect(draftOf(specs, { it: true })).toEqual({ it: 'false' });
  expect(readDraft(specs, { it: 'true' }, PLAIN).values).toEqual({});
});

test('the mask of a secret is never sent back as its value', () => {
  const specs: ParameterSpecs = { it: { type: 'string', secret: true } };
  expect(readDraft(specs, draftOf(specs, { it: '********' }), PLAIN).values).toEqual({});
});

test('an expression passes in a rule whatever the type, and is plain text when an action is run', () => {
  expect(readOne({ type: 'integer' }, '{{ trigger.size }}', RULE).values).toEqual({ it: '{{ trigger.size }}' });
  expect(readOne({ type: 'integer' }, '{{ trigger.size }}').faults.it).toMatch(/whole number/);
  expect(readOne({ type: 'string' }, '{{ x }}').values).toEqual({ it: '{{ x }}' });
});

test.each<[ParameterSpec, Json]>([
  [{ type: 'array' }, ['a', 'b c']],
  [{ type: 'array' }, ['- a', ' b', '']],
  [{ type: 'array' }, [{ a: 1 }, null, 'x']],
  [{ type: 'array', items: { type: 'integer' } }, [200, 201]],
  [{ type: 'array', items: { type: 'integer' } }, [-1, 2]],
  [{ type: 'array', items: { type: 'boolean' } }, [true, false]],
  [{ type: 'object' }, { a: { b: ['c'] }, 'k: ': '# no comment' }],
  [{ type: ['string', 'object'] }, '42'],
  [{ type: ['string', 'object'] }, { a: 1 }],
  [{ enum: [null, true, 'true '] }, 'true '],
  [{ type: 'number' }, 1e21],
])('a field of %j shows %j so that it reads back the same', (spec, value) => {
  expect(readOne(spec, textOf(value, spec)).values).toEqual({ it: value });
});

test('fields come by position, required ones first and immutable ones last', () => {
  const order = orderedParameters({
    b: { position: 1 },
    z: { required: true },
    a: {},
    fixed: { immutable: true, position: 0 },
    first: { position: 0 },
  });
  expect(order.map(([name]) => name)).toEqual(['z', 'first', 'b', 'a', 'fixed']);
});

test('a secret is a password field whatever else it is', () => {
  expect(fieldKind({ type: 'object', secret: true })).toBe('secret');
});
