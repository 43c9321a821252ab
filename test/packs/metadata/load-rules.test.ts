import { expect, test } from 'vitest';
import { PackRef } from '../../../main/contract/refs.ts';
import { CRITERIA_OPERATORS } from '../../../main/contract/rules.ts';
import { loadRule } from '../../../main/packs/metadata/load-rules.ts';

const load = (text: string) => loadRule(PackRef.parse('demo'), 'pack', 'rules/r.yaml', text);
const RULE = 'name: r\nenabled: true\ntrigger:\n  type: demo.seen\naction:\n  ref: core.echo\n';

test('a rule knows the lines of its trigger and its action', () => {
  const rule = load(RULE).value?.rule;
  expect(rule?.lines).toEqual({ trigger: 4, action: 6 });
  expect(rule?.problems).toEqual([]);
});

test('a rule is off unless it says otherwise', () => {
  expect(load(RULE.replace('enabled: true\n', '')).value?.rule.definition.enabled).toBe(false);
});

test.each([...Object.keys(CRITERIA_OPERATORS), 'eq', 'neq', 'ieq', 'lt', 'gt', 'td_lt', 'td_gt', 'in', 'nin'])(
  'the operator `%s` is known',
  (operator) => {
    const { value, problems } = load(`${RULE}criteria:\n  trigger.a:\n    type: ${operator}\n    pattern: x\n`);
    expect(problems).toEqual([]);
    expect(value?.rule.definition.criteria).toEqual({ 'trigger.a': { type: operator, pattern: 'x' } });
  },
);

test.each([
  [
    'an unknown operator',
    `${RULE}criteria:\n  trigger.a:\n    type: bigger\n    pattern: 1\n`,
    9,
    /unknown operator: `bigger`/,
  ],
  [
    'an operator in capitals',
    `${RULE}criteria:\n  trigger.a:\n    type: Equals\n    pattern: 1\n`,
    9,
    /unknown operator/,
  ],
  ['a criterion without a pattern', `${RULE}criteria:\n  trigger.a:\n    type: equals\n`, 8, /has no `pattern`/],
  ['even `exists` without a pattern', `${RULE}criteria:\n  trigger.a:\n    type: exists\n`, 8, /has no `pattern`/],
  ['a criterion that is no map', `${RULE}criteria:\n  trigger.a: 5\n`, 8, /needs a `type` and a `pattern`/],
  ['criteria that are a list', `${RULE}criteria:\n  - x\n`, 7, /`criteria` must be a map/],
  ['an unknown key', `${RULE}when: now\n`, 7, /unknown key: `when`/],
  ['another pack', `${RULE}pack: other\n`, 7, /`pack` is `other`, but the file belongs to `demo`/],
  ['an unknown type', `${RULE}type: {ref: sometimes}\n`, 7, /standard or backstop/],
  ['parameters that are a list', `${RULE}  parameters: [1]\n`, 7, /`action\.parameters` must be a map/],
  ['`enabled` that is a word', RULE.replace('true', 'often'), 2, /true or false, got `often`/],
])('%s is refused, with the rule still listed', (_, text, line, message) => {
  const { value, problems } = load(text);
  expect(value?.rule.definition.ref).toBe('demo.r');
  expect(value?.rule.problems).toEqual(problems);
  expect(problems).toMatchObject([{ severity: 'error', file: 'rules/r.yaml', line }]);
  expect(problems[0]?.message).toMatch(message);
});

test.each([
  ['no name', RULE.replace('name: r\n', ''), /`name` is missing/],
  ['no trigger', 'name: r\naction: {ref: a.b}\n', /`trigger` is missing/],
  ['a trigger without a type', 'name: r\ntrigger: {}\naction: {ref: a.b}\n', /`trigger\.type` is missing/],
  ['a trigger without a pack', RULE.replace('demo.seen', 'seen'), /is written `pack\.name`, got `seen`/],
  ['no action', 'name: r\ntrigger: {type: a.b}\n', /`action` is missing/],
  ['an action that is a text', 'name: r\ntrigger: {type: a.b}\naction: core.echo\n', /`action` must be a map/],
])('with %s there is no rule, only a problem', (_, text, message) => {
  const { value, problems } = load(text);
  expect(value).toBeUndefined();
  expect(problems).toHaveLength(1);
  expect(problems[0]?.message).toMatch(message);
});

test('`type` and StackStorm tags are understood', () => {
  const { value } = load(
    `${RULE}type: {ref: backstop, parameters: {}}\ntags: [{name: team, value: ops}]\ncontext: {}\n`,
  );
  expect(value?.rule.definition).toMatchObject({ type: 'backstop', tags: ['team=ops'] });
});
