import { expect, test } from 'vitest';
import type { Json } from '../../main/contract/json.ts';
import type { Criterion } from '../../main/contract/packs.ts';
import { compileRule } from '../../main/rules/compile-rule.ts';
import { expandVerdicts } from '../../main/rules/expand-verdicts.ts';
import { matchRules } from '../../main/rules/match-rules.ts';
import { compileRuleSet, judgeRules } from '../../main/rules/rule-set.ts';
import { Random } from '../support/random.ts';
import { matchContext, testRule } from '../support/rules.ts';

const at = matchContext();

test('many rules judged together have the verdicts that each has alone', async () => {
  const random = new Random(7);
  const rules = Array.from({ length: 120 }, (_, index) =>
    compileRule(testRule({ name: `r${index}`, enabled: index % 17 !== 0, criteria: someCriteria(random) })),
  );
  const set = compileRuleSet(rules);
  // Otherwise the look-up was not tested.
  expect(set.byText.length).toBeGreaterThan(0);
  let matched = 0;
  for (let event = 0; event < 200; event++) {
    const payload = somePayload(random);
    const kept = JSON.parse(JSON.stringify(await judgeRules(set, payload, at)));
    const together = expandVerdicts(kept, payload);
    const alone = await Promise.all(rules.map(async (rule) => (await matchRules([rule], { payload }, at))[0]));
    expect(together).toEqual(alone);
    matched += together.filter((verdict) => verdict.matched).length;
  }
  expect(matched).toBeGreaterThan(100);
});

test('of rules that want another text nothing is kept but the set that all events share', () => {
  const wanted = Array.from({ length: 1000 }, (_, n) => ({ 'trigger.kind': { type: 'eq', pattern: `kind ${n}` } }));
  const set = compileRuleSet(wanted.map((criteria, n) => compileRule(testRule({ name: `r${n}`, criteria }))));
  const kept = judgeRules(set, { kind: 'kind 500' }, at);
  expect(kept).toEqual({ rules: set.kept, stops: [], told: [{ rule: 'demo.r500', matched: true }] });
  const again = judgeRules(set, { kind: 'none' }, at);
  expect(again).toEqual({ rules: set.kept, stops: [], told: [] });
});

test('a verdict that was reached is told as it was then, though the rule was changed since', async () => {
  const rule = testRule({ criteria: { 'trigger.n': { type: 'gt', pattern: 5 } } });
  const kept = await judgeRules(compileRuleSet([compileRule(rule)]), { n: 3 }, at);
  expect(expandVerdicts(kept, { n: 3 })).toEqual([
    { rule: 'demo.rule', matched: false, stoppedAt: 'trigger.n', seen: 3, expected: 5 },
  ]);
});

test('a text to be equal to keeps Python’s typing: a number is no text', () => {
  const rule = compileRule(testRule({ criteria: { 'trigger.a': { type: 'equals', pattern: '1' } } }));
  expect(judgeRules(compileRuleSet([rule]), { a: 1 }, at)).toMatchObject({ told: [] });
  expect(judgeRules(compileRuleSet([rule]), { a: '1' }, at)).toMatchObject({ told: [{ matched: true }] });
});

const TEXTS = ['a', 'b', 'c', '1', ''];

function someCriteria(random: Random): Record<string, Criterion> {
  const choices: [string, Criterion][] = [
    ['trigger.a', { type: 'eq', pattern: random.pick(TEXTS) }],
    ['trigger.a#two', { type: 'equals', pattern: random.pick(TEXTS) }],
    ['trigger.b', { type: 'gt', pattern: 2 }],
    ['trigger.b', { type: 'lt', pattern: 'x' }],
    ['trigger.c[0]', { type: 'equals', pattern: random.pick(TEXTS) }],
    ['trigger.a', { type: 'contains', pattern: '{{ trigger.b }}' }],
    ['trigger.d', { type: 'nexists', pattern: true }],
  ];
  return Object.fromEntries(Array.from({ length: random.below(4) }, () => random.pick(choices)));
}

function somePayload(random: Random): Json {
  const values: Json[] = [...TEXTS, 1, 3, null, true, ['a'], [], { x: 1 }];
  const names = ['a', 'b', 'c', 'd'].filter(() => random.below(3) > 0);
  return Object.fromEntries(names.map((name) => [name, random.pick(values)]));
}
