import { describe, expect, it } from 'vitest';
import type { Json } from '../../main/contract/json.ts';
import type { Criterion, RuleDefinition } from '../../main/contract/packs.ts';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { compileRule } from '../../main/rules/compile-rule.ts';
import { matchRules } from '../../main/rules/match-rules.ts';
import { indexRules } from '../../main/rules/rule-index.ts';
import { matchContext, testRule } from '../support/rules.ts';

const at = matchContext({ keys: { 'system:limit': '7', 'system:team.name': 'ops', 'system:token': 'enc:hunter2' } });

function match(rules: readonly RuleDefinition[], payload: Json) {
  return matchRules(rules.map(compileRule), { payload }, at);
}

async function matchOne(criteria: Record<string, Criterion>, payload: Json) {
  const [verdict] = await match([testRule({ criteria })], payload);
  return verdict;
}

describe('matching', () => {
  it('answers at once, with all criteria joined by and', () => {
    const criteria = { 'trigger.a': { type: 'equals', pattern: 1 }, 'trigger.b': { type: 'gt', pattern: 2 } };
    expect(match([testRule({ criteria })], { a: 1, b: 3 })).toEqual([{ rule: 'demo.rule', matched: true }]);
    expect(match([testRule({ criteria })], { a: 1, b: 2 })).toEqual([
      { rule: 'demo.rule', matched: false, stoppedAt: 'trigger.b', seen: 2, expected: 2 },
    ]);
  });

  it('takes a rule without criteria for every event, also one without a payload', () => {
    expect(match([testRule()], {})).toEqual([{ rule: 'demo.rule', matched: true }]);
  });

  it('never matches criteria against an empty payload', () => {
    const rule = testRule({ criteria: { 'trigger.a': { type: 'nexists', pattern: true } } });
    for (const payload of [{}, null]) {
      expect(match([rule], payload)).toEqual([
        { rule: 'demo.rule', matched: false, stoppedAt: 'trigger.a', seen: null },
      ]);
    }
    expect(match([rule], { b: 1 })).toMatchObject([{ matched: true }]);
  });

  it('never matches a disabled rule', () => {
    expect(match([testRule({ enabled: false })], { a: 1 })).toEqual([{ rule: 'demo.rule', matched: false }]);
  });

  it('tests one field twice by what comes after #', async () => {
    const criteria = { 'trigger.n#1': { type: 'gt', pattern: 1 }, 'trigger.n#2': { type: 'lt', pattern: 5 } };
    expect(await matchOne(criteria, { n: 3 })).toMatchObject({ matched: true });
    expect(await matchOne(criteria, { n: 9 })).toMatchObject({ matched: false, stoppedAt: 'trigger.n#2' });
  });

  it('takes a comparison that Python refuses as no match, with its reason', async () => {
    expect(await matchOne({ 'trigger.n': { type: 'lessthan', pattern: 5 } }, { n: '3' })).toEqual({
      rule: 'demo.rule',
      matched: false,
      stoppedAt: 'trigger.n',
      seen: '3',
      expected: 5,
      fault: {
        code: 'rule/criterion-failed',
        kind: 'user',
        message: 'the criterion `trigger.n` (lessthan) failed: a text and a number have no order',
        details: { criterion: 'trigger.n', operator: 'lessthan' },
      },
    });
  });

  it('keeps what a verdict quotes short', async () => {
    const verdict = await matchOne({ 'trigger.t': { type: 'equals', pattern: 'x' } }, { t: 'y'.repeat(5000) });
    expect(verdict?.seen).toBe(`${'y'.repeat(500)}…`);
  });
});

describe('a pattern that is a template', () => {
  it('keeps the type of a single expression, answered at once', () => {
    const rule = testRule({ criteria: { 'trigger.a': { type: 'equals', pattern: '{{ trigger.b }}' } } });
    expect(match([rule], { a: 5, b: 5 })).toMatchObject([{ matched: true }]);
    expect(match([rule], { a: '5', b: 5 })).toMatchObject([{ matched: false, seen: '5', expected: 5 }]);
    expect(match([rule], { a: [1, null], b: [1, null] })).toMatchObject([{ matched: true }]);
  });

  it('is text where it is more than one expression', async () => {
    const criteria = { 'trigger.a': { type: 'equals', pattern: 'v{{ trigger.b }}' } };
    expect(await matchOne(criteria, { a: 'v5', b: 5 })).toMatchObject({ matched: true });
  });

  it('may use filters and the datastore', async () => {
    const upper = { 'trigger.a': { type: 'equals', pattern: '{{ trigger.b | upper }}' } };
    expect(await matchOne(upper, { a: 'X', b: 'x' })).toMatchObject({ matched: true });
    const key = { 'trigger.a': { type: 'equals', pattern: '{{ st2kv.system.limit }}' } };
    expect(await matchOne(key, { a: '7' })).toMatchObject({ matched: true });
    const number = { 'trigger.a': { type: 'equals', pattern: '{{ system.limit | int }}' } };
    expect(await matchOne(number, { a: 7 })).toMatchObject({ matched: true });
  });

  it('is compared with a secret, and does not show it', async () => {
    const pattern = 'Bearer {{ st2kv.system.token | decrypt_kv }}';
    const criteria = { 'trigger.auth': { type: 'equals', pattern } };
    expect(await matchOne(criteria, { auth: 'Bearer hunter2' })).toMatchObject({ matched: true });
    expect(await matchOne(criteria, { auth: 'Bearer x' })).toMatchObject({ matched: false, expected: pattern });
  });

  it('is not needed for a key of the datastore', async () => {
    const criteria = { 'system.team.name': { type: 'equals', pattern: 'ops' } };
    expect(await matchOne(criteria, { a: 1 })).toMatchObject({ matched: true });
  });

  it('that cannot be rendered is no match, with its reason', async () => {
    const verdict = await matchOne({ 'trigger.a': { type: 'equals', pattern: '{{ nothing.at_all }}' } }, { a: 1 });
    expect(verdict).toMatchObject({
      matched: false,
      stoppedAt: 'trigger.a',
      seen: 1,
      expected: '{{ nothing.at_all }}',
    });
    expect(verdict?.fault?.message).toContain("'nothing' is undefined");
  });

  it('loses the newline at its end, as Jinja takes it away from every text', async () => {
    expect(await matchOne({ 'trigger.a': { type: 'equals', pattern: 'x\n' } }, { a: 'x' })).toMatchObject({
      matched: true,
    });
  });

  it('lets the other rules have their verdicts while it waits for Python', async () => {
    const slow = testRule({
      name: 'slow',
      criteria: { 'trigger.a': { type: 'eq', pattern: '{{ (trigger.a + 0) }}' } },
    });
    expect(await match([slow, testRule({ name: 'quick' })], { a: 1 })).toEqual([
      { rule: 'demo.slow', matched: true },
      { rule: 'demo.quick', matched: true },
    ]);
  });
});

describe('search', () => {
  const field = (name: string, value: Json): Json => ({ field: name, value });
  const pattern: Json = {
    'item.field': { type: 'equals', pattern: 'status' },
    'item.value#1': { type: 'startswith', pattern: 'a' },
  };
  const search = (condition: 'any' | 'all' | 'any2any' | 'all2any', list: Json) =>
    matchOne({ 'trigger.list': { type: 'search', condition, pattern } }, { list });
  const both = field('status', 'approved');
  const one = field('status', 'refused');
  const none = field('other', 'refused');

  it.each([
    ['any', [none, both], true],
    ['any', [one, none], false],
    ['all', [both, both], true],
    ['all', [both, one], false],
    ['all', [], true],
    ['any', [], false],
    ['any2any', [none, one], true],
    ['any2any', [none], false],
    ['all2any', [one, both], true],
    ['all2any', [one, none], false],
  ] as const)('%s of %j is %s', async (condition, list, matched) => {
    expect(await search(condition, [...list])).toMatchObject({ matched });
  });

  it('takes a map for a list of itself, and needs a list otherwise', async () => {
    expect(await search('all', both)).toMatchObject({ matched: true });
    expect((await search('all', 5))?.fault?.message).toContain('only a list can be searched, got a number');
    expect((await search('all', null))?.fault?.message).toContain('got null');
  });

  it('goes on past an element that cannot be compared', async () => {
    const odd = field('status', 5);
    expect(await search('any', [odd, both])).toMatchObject({ matched: true });
    expect((await search('any', [odd]))?.fault?.message).toContain('it compares texts, got a number');
  });

  it('renders its patterns with the element', async () => {
    const criteria = {
      'trigger.list': {
        type: 'search',
        condition: 'any' as const,
        pattern: { 'item.a': { type: 'eq', pattern: '{{ item.b }}' } },
      },
    };
    expect(
      await matchOne(criteria, {
        list: [
          { a: 1, b: 2 },
          { a: 3, b: 3 },
        ],
      }),
    ).toMatchObject({ matched: true });
    expect(await matchOne(criteria, { list: [{ a: 1, b: 2 }] })).toMatchObject({ matched: false });
  });
});

describe('backstop rules', () => {
  const backstop = testRule({ name: 'backstop', type: 'backstop' });
  const picky = testRule({ name: 'picky', criteria: { 'trigger.a': { type: 'equals', pattern: 1 } } });

  it('match only when no other rule did', () => {
    expect(match([backstop, picky], { a: 1 })).toMatchObject([
      { rule: 'demo.picky', matched: true },
      { rule: 'demo.backstop', matched: false },
    ]);
    expect(match([backstop, picky], { a: 2 })).toMatchObject([
      { rule: 'demo.picky', matched: false },
      { rule: 'demo.backstop', matched: true },
    ]);
  });

  it('wait for a rule that needs Python', async () => {
    const slow = testRule({
      name: 'slow',
      criteria: { 'trigger.a': { type: 'eq', pattern: '{{ (trigger.a + 0) }}' } },
    });
    expect(await match([slow, backstop], { a: 1 })).toMatchObject([{ matched: true }, { matched: false }]);
  });

  it('have criteria like any other', () => {
    expect(match([{ ...picky, type: 'backstop' }], { a: 2 })).toMatchObject([
      { matched: false, stoppedAt: 'trigger.a' },
    ]);
  });
});

describe('the index of rules', () => {
  it('holds the enabled and unbroken rules by trigger type', () => {
    const other = { type: 'demo.other' as ResourceRef, parameters: {} };
    const index = indexRules(
      [
        testRule({ name: 'a' }),
        testRule({ name: 'b', trigger: other }),
        testRule({ name: 'c' }),
        testRule({ name: 'off', enabled: false }),
        testRule({ name: 'broken', criteria: { 'trigger.a': { type: 'regex', pattern: '(' } } }),
      ].map(compileRule),
    );
    const names = (trigger: string) => index.get(trigger)?.rules.map((rule) => rule.definition.name);
    expect([names('demo.event'), names('demo.other'), names('demo.none')]).toEqual([['a', 'c'], ['b'], undefined]);
  });
});

describe('a criterion that can never be used', () => {
  it.each([
    ['trigger.a', { type: 'no_such', pattern: 1 }, 'unknown operator: `no_such`'],
    ['trigger.a', { type: 'regex', pattern: '(' }, 'missing closing )'],
    ['trigger..a', { type: 'equals', pattern: 1 }, 'cannot be read'],
    ['trigger.a', { type: 'search', pattern: {} }, '`search` needs a `condition`'],
    ['trigger.a', { type: 'search', condition: 'any' as const, pattern: [] }, 'is a map of criteria, got a list'],
    ['trigger.a', { type: 'timediff_lt', pattern: 'soon' }, 'the pattern is a number of seconds'],
    ['trigger.a', { type: 'matchwildcard', pattern: 5 }, 'it compares texts, got a number'],
  ])('is a problem of its rule: %s %j', (key, criterion, reason) => {
    const { problems } = compileRule(testRule({ criteria: { [key]: criterion } }));
    expect(problems).toMatchObject([
      { severity: 'error', code: 'rule/criterion-refused', file: '/packs/demo/rules/rule.yaml' },
    ]);
    expect(problems[0]?.message).toContain(reason);
  });

  it('is warned of when its key lacks `trigger.`, and kept', () => {
    const rule = compileRule(testRule({ criteria: { host: { type: 'nexists', pattern: true } } }));
    expect(rule.problems).toMatchObject([{ severity: 'warning', hint: 'write `trigger.host`' }]);
    expect(matchRules([rule], { payload: { host: 'x' } }, at)).toMatchObject([{ matched: true }]);
  });
});
