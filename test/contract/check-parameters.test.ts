import { expect, test } from 'vitest';
import { checkValue, resolveParameters, sameJson } from '../../main/contract/check-parameters.ts';
import type { Json } from '../../main/contract/json.ts';
import { ParameterSpec, type ParameterSpecs } from '../../main/contract/parameter-spec.ts';
import { maskSecrets, secretTexts } from '../../main/contract/secret-values.ts';

test.each<[string, ParameterSpec, Json, RegExp | undefined]>([
  ['an integer', { type: 'integer' }, 5, undefined],
  ['an integer written with a fraction of zero', { type: 'integer' }, 5.0, undefined],
  ['a fraction for an integer', { type: 'integer' }, 5.5, /must be an integer, got 5.5/],
  ['a boolean for a number', { type: 'number' }, true, /must be a number, got true/],
  ['a number for a string', { type: 'string' }, 5, /must be a string, got 5/],
  ['a value of the enum', { enum: ['a', 'b'] }, 'a', undefined],
  ['a value outside the enum', { enum: ['a', 'b'] }, 'c', /must be one of "a", "b", got "c"/],
  ['one of several types', { type: ['string', 'null'] }, null, undefined],
  ['a number under the minimum', { type: 'integer', minimum: 1 }, 0, /at least 1, got 0/],
  ['a number over the maximum', { type: 'integer', maximum: 1 }, 2, /at most 1, got 2/],
  ['too short a text', { type: 'string', minLength: 2 }, 'x', /at least 2 characters/],
  ['too few items', { type: 'array', minItems: 2 }, [1], /at least 2 items/],
  ['an item of the wrong type', { type: 'array', items: { type: 'string' } }, ['x', 1], /`p\[1\]` must be a string/],
  ['items by position', { type: 'array', items: [{ type: 'string' }, { type: 'integer' }] }, ['x', 'y'], /`p\[1\]`/],
  ['a nested key', { type: 'object', properties: { a: { type: 'integer' } } }, { a: 'x' }, /`p.a` must be an integer/],
  ['draft 3 required', { properties: { a: { required: true } } }, {}, /`p.a` is required/],
  ['draft 4 required', { required: ['a'], properties: { a: {} } }, {}, /`p.a` is required/],
  ['null for a key that is not required', { properties: { a: { type: 'integer' } } }, { a: null }, undefined],
  ['an extra key', { properties: { a: {} } }, { b: 1 }, undefined],
  [
    'an extra key where none may be',
    { properties: { a: {} }, additionalProperties: false },
    { b: 1 },
    /unknown key: `p.b`/,
  ],
  ['a key named like a built-in', { properties: {}, additionalProperties: false }, { constructor: 1 }, /unknown key/],
])('%s', (_, spec, value, message) => {
  const problems = checkValue(value, spec, 'p').map((problem) => problem.message);
  if (message) expect(problems.join()).toMatch(message);
  else expect(problems).toEqual([]);
});

test('every parameter is there afterwards: given, by default or null', () => {
  const specs: ParameterSpecs = { a: { type: 'integer' }, b: { default: [1] }, c: {} };
  expect(resolveParameters(specs, { a: 1 })).toEqual({ values: { a: 1, b: [1], c: null }, problems: [] });
});

test('an immutable parameter takes its default, and giving the very default is no fault', () => {
  const specs: ParameterSpecs = { a: { immutable: true, default: { x: [1] } } };
  expect(resolveParameters(specs, { a: { x: [1] } })).toEqual({ values: { a: { x: [1] } }, problems: [] });
  expect(resolveParameters(specs, { a: 2 }).problems).toHaveLength(1);
});

test('a parameter named like a built-in of JavaScript is an ordinary name', () => {
  expect(resolveParameters({}, { toString: 1 }).problems[0]?.message).toBe('unknown parameter: `toString`');
  expect(resolveParameters({ constructor: { type: 'string' } } as ParameterSpecs, {}).values).toEqual({
    constructor: null,
  });
});

test('secrets are masked at every depth, and their texts are known for what is printed', () => {
  const specs: ParameterSpecs = {
    token: { type: 'string', secret: true },
    login: { type: 'object', properties: { user: {}, password: { secret: true } } },
  };
  const values = { token: 't0ken', login: { user: 'me', password: 'pa55' } };
  expect(maskSecrets(specs, values)).toEqual({ token: '********', login: { user: 'me', password: '********' } });
  expect(secretTexts(specs, values)).toEqual(['t0ken', 'pa55']);
  expect(maskSecrets(specs, { token: null })).toEqual({ token: null });
});

test('keywords that no one knows are dropped and refuse nothing', () => {
  const parsed = ParameterSpec.parse({ type: 'string', required: true, patternproperties: { x: 1 }, filter: true });
  expect(parsed).toEqual({ type: 'string', required: true });
});

test.each<[Json, Json, boolean]>([
  [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
  [{ a: 1 }, { a: 1, b: null }, false],
  [[1, 2], [2, 1], false],
  [[1], { 0: 1 }, false],
  [null, {}, false],
])('%j and %j are the same: %s', (a, b, same) => {
  expect(sameJson(a, b)).toBe(same);
});
