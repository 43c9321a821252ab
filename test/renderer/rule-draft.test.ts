import { expect, test } from 'vitest';
import type { Json } from '../../main/contract/json.ts';
import { type CriterionDraft, type FormOperator, newCriterion } from '../../renderer/pages/rules/criteria-draft.ts';
import { knownFields, payloadFields } from '../../renderer/pages/rules/payload-fields.ts';
import {
  EMPTY_DRAFT,
  type RuleDraft,
  readRule,
  suggestedName,
  withAction,
  withTrigger,
} from '../../renderer/pages/rules/rule-draft.ts';
import { action, triggerType } from './fake-packs.ts';

const FILE = triggerType('examples.file_created', 'A file appeared.', {
  path: 'string',
  size: 'integer',
  hidden: 'boolean',
});
const GREET = action('examples.greet', 'Greets.', {
  path: { type: 'string', required: true },
  times: { type: 'integer', default: 1 },
});

const WORLD = { type: FILE, action: GREET, fields: payloadFields(FILE.payloadSchema) };

function draft(criteria: Partial<CriterionDraft>[], changes: Partial<RuleDraft> = {}): RuleDraft {
  const rows = criteria.map((row, index) => ({ ...newCriterion([]), ...row, key: index }));
  const begun = withAction(withTrigger(EMPTY_DRAFT, FILE), GREET);
  return {
    ...begun,
    name: 'greet',
    parameters: { ...begun.parameters, path: '{{ trigger.path }}' },
    criteria: rows,
    ...changes,
  };
}

function patternOf(path: string, operator: FormOperator, value: string): Json | undefined {
  const { values: rule, faults } = readRule(draft([{ path, operator, value }]), WORLD);
  expect(faults).toEqual({});
  return Object.values(rule.criteria ?? {})[0]?.pattern;
}

test('a whole form becomes a rule, with defaults left to the action', () => {
  const { values: rule } = readRule(draft([{ path: 'trigger.size', operator: 'lessthan', value: '10' }]), WORLD);
  expect(rule).toEqual({
    name: 'greet',
    description: '',
    trigger: 'examples.file_created',
    triggerParameters: {},
    criteria: { 'trigger.size': { type: 'lessthan', pattern: 10 } },
    action: 'examples.greet',
    parameters: { path: '{{ trigger.path }}' },
    labels: [],
  });
});

test.each<[string, FormOperator, string, Json | undefined]>([
  ['trigger.size', 'equals', '42', 42],
  ['trigger.path', 'equals', '42', '42'],
  ['trigger.path', 'equals', '', ''],
  ['trigger.hidden', 'equals', 'true', true],
  ['trigger.unknown', 'equals', '42', 42],
  ['trigger.unknown', 'equals', '"42"', '42'],
  ['trigger.unknown', 'equals', 'a: b: c', 'a: b: c'],
  ['trigger.size', 'equals', '{{ st2kv.system.limit }}', '{{ st2kv.system.limit }}'],
  ['trigger.path', 'matchregex', '^42$', '^42$'],
  ['trigger.path', 'inside', 'a, b', ['a', 'b']],
  ['trigger.size', 'inside', '1, 2', [1, 2]],
  ['trigger.size', 'inside', '[1, 2]', [1, 2]],
  ['trigger.path', 'timediff_lt', '60', 60],
  ['trigger.path', 'exists', 'left over from another operator', true],
])('the condition `%s %s %s` compares with %j', (path, operator, value, pattern) => {
  expect(patternOf(path, operator, value)).toEqual(pattern);
});

test('a number field that is compared with a word is refused at its own row', () => {
  const { values: rule, faults } = readRule(draft([{ path: 'size', operator: 'lessthan', value: 'many' }]), WORLD);
  expect(rule.criteria).toEqual({});
  expect(faults).toEqual({ 'criteria.0': 'a number is needed' });
});

test('the `trigger.` of a path may be left out', () => {
  const { values: rule } = readRule(draft([{ path: 'size', operator: 'exists' }]), WORLD);
  expect(Object.keys(rule.criteria ?? {})).toEqual(['trigger.size']);
});

test('two conditions on one field are both kept', () => {
  const both = draft([
    { path: 'trigger.size', operator: 'greaterthan', value: '1' },
    { path: 'trigger.size', operator: 'lessthan', value: '9' },
  ]);
  expect(readRule(both, WORLD).values.criteria).toEqual({
    'trigger.size': { type: 'greaterthan', pattern: 1 },
    'trigger.size#2': { type: 'lessthan', pattern: 9 },
  });
});

test('an empty form names every field that is needed', () => {
  expect(Object.keys(readRule(EMPTY_DRAFT, { type: undefined, action: undefined, fields: [] }).faults)).toEqual([
    'name',
    'trigger',
    'action',
  ]);
});

test('a parameter of the action that is missing is told by its name', () => {
  const { faults } = readRule(draft([], { parameters: {} }), WORLD);
  expect(faults).toEqual({ 'parameters.path': 'a value is needed' });
});

test('a name that no file could have is refused in the words of the contract', () => {
  expect(readRule(draft([], { name: 'a/b' }), WORLD).faults.name).toMatch(/letters, digits/);
});

test('a name is suggested from what follows what', () => {
  expect(suggestedName('examples.file_created', 'core.http')).toBe('file_created_http');
  expect(suggestedName('', 'core.http')).toBe('');
});

test('the fields of a nested payload are offered by their paths', () => {
  const schema = {
    type: 'object',
    properties: { body: { type: 'object', properties: { id: { type: 'integer' } } }, 'odd name': { type: 'string' } },
  };
  expect(payloadFields(schema)).toEqual([
    { path: 'trigger.body', type: 'object' },
    { path: 'trigger.body.id', type: 'integer' },
  ]);
});

test('fields that only real events had are offered with what they were', () => {
  const schema = { properties: { size: { type: 'integer' }, path: { type: 'string' } } };
  expect(knownFields(schema, [{ size: 7, owner: { name: 'ada' } }, { size: 9 }])).toEqual([
    { path: 'trigger.size', type: 'integer', sample: '7' },
    { path: 'trigger.path', type: 'string' },
    { path: 'trigger.owner', type: 'object', sample: '{"name":"ada"}' },
    { path: 'trigger.owner.name', type: 'string', sample: 'ada' },
  ]);
});
