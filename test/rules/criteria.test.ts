import { describe, expect, it } from 'vitest';
import type { Json } from '../../main/contract/json.ts';
import { CRITERIA_OPERATORS } from '../../main/contract/rules.ts';
import { operatorOf } from '../../main/rules/criteria.ts';
import { matchContext } from '../support/rules.ts';

type Case = readonly [value: Json, pattern: Json];
type Expected = { readonly holds: readonly Case[]; readonly not: readonly Case[]; readonly refuses?: readonly Case[] };

/** `refuses` are the comparisons that Python raises for; everywhere a null pattern holds for nothing, unless noted. */
const OPERATORS: Readonly<Record<string, Expected>> = {
  equals: {
    holds: [
      [1, 1],
      [1, true],
      [0, false],
      ['a', 'a'],
      [
        [1, 'x'],
        [true, 'x'],
      ],
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
    ],
    not: [
      ['True', true],
      ['2', 2],
      ['a', 'A'],
      [
        [1, 2],
        [2, 1],
      ],
      [{ a: 1 }, { a: 1, b: 2 }],
      [null, null],
      [null, 0],
    ],
  },
  nequals: {
    holds: [
      ['a', 'b'],
      ['1', 1],
      [5, null],
    ],
    not: [
      [1, true],
      ['a', 'a'],
      [null, null],
    ],
  },
  iequals: {
    holds: [
      ['ABC', 'abc'],
      ['É', 'é'],
    ],
    not: [
      ['a', 'b'],
      ['a', null],
    ],
    refuses: [
      [1, '1'],
      ['1', 1],
      [null, 'a'],
    ],
  },
  contains: {
    holds: [
      ['abc', 'b'],
      [[1, 2], 2],
      [[true], 1],
      [{ key: 0 }, 'key'],
    ],
    not: [
      ['abc', 'B'],
      [[1, 2], '2'],
      [{ key: 'x' }, 'x'],
      ['abc', null],
      [{ 1: 'x' }, 1],
    ],
    refuses: [
      ['1', 1],
      [5, 5],
      [null, 'a'],
      [{ a: 1 }, ['a']],
    ],
  },
  icontains: {
    holds: [['ABC', 'b']],
    not: [
      ['ABC', 'x'],
      ['a', null],
    ],
    refuses: [
      [['B'], 'b'],
      [null, 'a'],
    ],
  },
  ncontains: {
    holds: [
      ['abc', 'x'],
      [[1], 2],
    ],
    not: [
      ['abc', 'a'],
      ['abc', null],
    ],
    refuses: [
      [null, 'a'],
      ['1', 1],
    ],
  },
  incontains: {
    holds: [['ABC', 'x']],
    not: [
      ['ABC', 'b'],
      ['a', null],
    ],
    refuses: [[1, 'a']],
  },
  startswith: {
    holds: [
      ['abc', 'ab'],
      ['a', ''],
    ],
    not: [
      ['abc', 'AB'],
      ['a', null],
    ],
    refuses: [
      [1, '1'],
      ['1', 1],
    ],
  },
  istartswith: {
    holds: [['ABc', 'ab']],
    not: [
      ['abc', 'bc'],
      ['a', null],
    ],
    refuses: [[null, 'a']],
  },
  endswith: {
    holds: [['abc', 'bc']],
    not: [
      ['abc', 'BC'],
      ['a', null],
    ],
    refuses: [[['a'], 'a']],
  },
  iendswith: {
    holds: [['aBC', 'bc']],
    not: [
      ['abc', 'ab'],
      ['a', null],
    ],
    refuses: [['a', 1]],
  },
  lessthan: {
    holds: [
      [1, 2],
      [1.5, 2],
      [false, 1],
      ['a', 'b'],
      ['B', 'a'],
      ['\uffee', '😀'],
      [
        [1, 2],
        [1, 3],
      ],
      [[1], [1, 0]],
    ],
    not: [
      [2, 1],
      [1, 1],
      ['b', 'a'],
      [1, null],
      [
        [1, 3],
        [1, 2],
      ],
    ],
    refuses: [
      ['1', 2],
      [1, '2'],
      [null, 1],
      [{}, {}],
      [[1], ['a']],
    ],
  },
  greaterthan: {
    holds: [
      [2, 1],
      ['b', 'a'],
    ],
    not: [
      [1, 2],
      [1, 1],
      [2, null],
    ],
    refuses: [
      ['2', 1],
      [null, 1],
    ],
  },
  matchwildcard: {
    holds: [
      ['file.txt', '*.txt'],
      ['a\nb', 'a?b'],
      ['b', '[a-c]'],
      ['d', '[!a-c]'],
      ['[x', '[x'],
      ['', '*'],
    ],
    not: [
      ['file.txt', '*.TXT'],
      ['a.b', 'a'],
      ['xtxt', '*.txt'],
      ['a', null],
    ],
    refuses: [
      [1, '1'],
      ['a', 1],
    ],
  },
  matchregex: {
    holds: [
      ['abc', 'ab'],
      ['a\nb', 'a.b'],
      ['v1', 'v\\d$'],
      ['aa', '(a)\\1'],
      ['ab', 'a(?=b)'],
      ['é1', '\\w\\d'],
    ],
    not: [
      ['abc', 'bc'],
      ['ABC', 'abc'],
      ['a', null],
    ],
    refuses: [
      [1, '1'],
      [null, 'a'],
    ],
  },
  regex: {
    holds: [
      ['abc', 'bc'],
      ['a\n', 'a$'],
      ['x 5', '\\b5'],
      ['ab', '(?<=a)b'],
      ['ABC', '(?i)abc'],
    ],
    not: [
      ['a\nb', 'a.b'],
      ['abc', '^b'],
      ['a', null],
      ['ac', 'a(?!c)'],
    ],
    refuses: [[1, '1']],
  },
  iregex: {
    holds: [
      ['ABC', 'bc'],
      ['É', 'é'],
    ],
    not: [
      ['ABC', 'x'],
      ['a', null],
    ],
    refuses: [[['a'], 'a']],
  },
  timediff_lt: {
    holds: [
      ['2026-01-01T11:59:30Z', 60],
      ['2026-01-01 11:59:30', '60'],
      ['2026-01-01T13:59:30+02:00', 60],
    ],
    not: [
      ['2026-01-01T11:00:00Z', 60],
      ['2026-01-01T11:59:30Z', null],
    ],
    refuses: [
      ['yesterday', 60],
      [null, 60],
      ['2026-01-01', 'a minute'],
      ['foo 5', 1],
    ],
  },
  timediff_gt: {
    holds: [
      ['2026-01-01T11:00:00Z', 60],
      ['Thu, 01 Jan 2026 11:00:00 GMT', 60],
      ['Jan 1 2026 11:00', 60],
      ['20260101T1100', 60],
    ],
    not: [
      ['2026-01-01T11:59:30Z', 60],
      ['2026-01-01', null],
      ['2026-02-01', 60],
    ],
    refuses: [
      ['2026-13-01', 60],
      [[], 60],
    ],
  },
  exists: {
    holds: [
      [0, null],
      ['', true],
      [false, 'x'],
    ],
    not: [[null, true]],
  },
  nexists: {
    holds: [[null, null]],
    not: [
      [0, true],
      ['', null],
    ],
  },
  inside: {
    holds: [
      ['b', 'abc'],
      [1, [true]],
      ['key', { key: 1 }],
    ],
    not: [
      ['x', 'abc'],
      ['1', [1]],
      ['a', null],
    ],
    refuses: [
      [1, 'a1'],
      ['a', 5],
    ],
  },
  ninside: {
    holds: [['x', ['a']]],
    not: [
      ['a', ['a']],
      ['a', null],
    ],
    refuses: [[null, 'abc']],
  },
};
const SHORT = {
  eq: 'equals',
  neq: 'nequals',
  ieq: 'iequals',
  lt: 'lessthan',
  gt: 'greaterthan',
  td_lt: 'timediff_lt',
  td_gt: 'timediff_gt',
  in: 'inside',
  nin: 'ninside',
};

describe('criteria operators', () => {
  const at = matchContext({ now: Date.parse('2026-01-01T12:00:00Z') });
  const ask = async (name: string, [value, pattern]: Case) => operatorOf(name)?.(pattern)(value, at);

  it.each(Object.entries(OPERATORS))(
    '%s holds, does not hold and refuses where Python does',
    async (name, { holds, not, refuses = [] }) => {
      for (const [expected, cases] of [
        [true, holds],
        [false, not],
      ] as const) {
        for (const each of cases) expect(await ask(name, each), JSON.stringify(each)).toBe(expected);
      }
      for (const each of refuses) await expect(ask(name, each), JSON.stringify(each)).rejects.toThrow(/./);
    },
  );

  it('all have a row here, and the contract lists them all', () => {
    expect([...Object.keys(OPERATORS), 'search'].sort()).toEqual(Object.keys(CRITERIA_OPERATORS).sort());
  });

  it('have StackStorm’s short names', () => {
    for (const [short, long] of Object.entries(SHORT)) expect(operatorOf(short), short).toBe(operatorOf(long));
  });

  it('are told apart by case, and `constructor` is none of them', () => {
    expect([operatorOf('Equals'), operatorOf('constructor'), operatorOf('toString')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it.each(['(', 'a)', '[b', 'x**'])('refuses the regular expression %s', async (pattern) => {
    await expect(ask('regex', ['x', pattern])).rejects.toThrow(/./);
  });

  it('answers a pattern that backtracks for ever at once', async () => {
    expect(await ask('regex', [`${'a'.repeat(5000)}!`, '^(a+)+$'])).toBe(false);
  });
});
