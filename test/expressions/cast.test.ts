import { describe, expect, it } from 'vitest';
import type { Json } from '../../main/contract/json.ts';
import type { ParameterType } from '../../main/contract/parameter-spec.ts';
import { castParameter, NONE_MARK } from '../../main/expressions/cast.ts';

const CASTS: Readonly<Record<string, { gives: readonly [Json, Json][]; refuses: readonly Json[] }>> = {
  string: {
    gives: [
      ['5', '5'],
      ['', ''],
      [NONE_MARK, null],
      [null, null],
    ],
    refuses: [5, true, ['a'], { a: 1 }],
  },
  integer: {
    gives: [
      ['12', 12],
      [' -7 ', -7],
      ['+1', 1],
      ['1_000', 1000],
      [3.9, 3],
      [-3.9, -3],
      [true, 1],
      [null, null],
    ],
    refuses: ['1.5', '', 'abc', '0x10', '1e3', '1__0', [], {}, NONE_MARK, '12345678901234567890'],
  },
  number: {
    gives: [
      ['1.5', 1.5],
      ['1e3', 1000],
      ['.5', 0.5],
      ['5.', 5],
      [' 2 ', 2],
      [2, 2],
      [false, 0],
      [null, null],
    ],
    refuses: ['', 'abc', 'inf', 'nan', '0x10', '1e999', [], NONE_MARK],
  },
  boolean: {
    gives: [
      ['true', true],
      ['False', false],
      ['TRUE', true],
      ['1', 1],
      ['none', null],
      [true, true],
      [0, 0],
      [NONE_MARK, null],
    ],
    refuses: ['yes', 'no', '', 'on'],
  },
  array: {
    gives: [
      ['[1, "a", null]', [1, 'a', null]],
      ["['a', None, True, 1.5]", ['a', null, true, 1.5]],
      ['(1, 2)', [1, 2]],
      ['1, 2', [1, 2]],
      ['5', 5],
      [[1], [1]],
      [NONE_MARK, null],
    ],
    refuses: ['a, b', '', '[1', '{1, 2}', "[b'x']", '[1j]', 'open("x")', '[x for x in y]', "f'x'"],
  },
  object: {
    gives: [
      ['{"a": {"b": []}}', { a: { b: [] } }],
      ["{'a': 'it\\'s', 2: None}", { a: "it's", 2: null }],
      [{ a: 1 }, { a: 1 }],
    ],
    refuses: ["{'a'}", "{'a': }", 'null null', "{'a': 1"],
  },
};

describe('casting a rendered value', () => {
  describe.each(Object.entries(CASTS))('to %s', (type, { gives, refuses }) => {
    const cast = (value: Json) => castParameter('p', value, { type: type as ParameterType });

    it.each(gives)('%j gives %j', (value, expected) => {
      expect(cast(value)).toEqual(expected);
    });

    it.each(refuses)('%j is refused', (value) => {
      expect(() => cast(value)).toThrow(/^`p` cannot be made an? /);
    });
  });

  it('leaves a value alone where no single type is declared', () => {
    expect(castParameter('p', '5', undefined)).toBe('5');
    expect(castParameter('p', '5', {})).toBe('5');
    expect(castParameter('p', '5', { type: ['integer', 'string'] })).toBe('5');
    expect(castParameter('p', '5', { type: 'any' })).toBe('5');
  });

  it('goes by the one type beside null', () => {
    expect(castParameter('p', '5', { type: ['integer', 'null'] })).toBe(5);
  });

  it('does not show a secret that does not fit', () => {
    expect(() => castParameter('token', 'hunter2', { type: 'integer', secret: true })).toThrow(
      /^`token` cannot be made an integer: it is a secret that does not fit$/,
    );
  });
});
