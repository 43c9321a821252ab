import { expect, test } from 'vitest';
import { criteriaDrafts, readCriteria } from '../../renderer/pages/rules/criteria-draft.ts';
import { ruleCompletions } from '../../renderer/pages/rules/rule-completions.ts';
import { changeRuleText, NEW_RULE_TEXT, readRuleText } from '../../renderer/pages/rules/rule-text.ts';
import { action, triggerType } from './fake-packs.ts';

const TEXT = `# Says hello.
name: greet # short
enabled: true

trigger:
  type: examples.file_created
criteria:
  # Only small ones.
  trigger.size:
    type: lt
    pattern: 100 # bytes
  trigger.names:
    type: search
    condition: any
    pattern:
      item.name:
        type: equals
        pattern: ada
action:
  ref: core.echo
  parameters:
    message: "{{ trigger.path }}"
context: kept
`;

function values(text: string) {
  const read = readRuleText(text);
  if (!read) throw new Error('the text cannot be read');
  return read;
}

test('what the form changes is changed in the text, and no comment or unknown key is lost', () => {
  const before = values(TEXT);
  const { 'trigger.size': _, ...search } = before.criteria;
  const criteria = { ...search, 'trigger.path': { type: 'startswith', pattern: '/home' } };
  const changed = changeRuleText(TEXT, before, {
    ...before,
    name: 'greet_all',
    criteria,
    parameters: { message: 'hello' },
    labels: ['home'],
  });
  expect(changed).toBe(`# Says hello.
name: greet_all # short
enabled: true

trigger:
  type: examples.file_created
criteria:
  # Only small ones.
  trigger.names:
    type: search
    condition: any
    pattern:
      item.name:
        type: equals
        pattern: ada
  trigger.path:
    type: startswith
    pattern: /home
action:
  ref: core.echo
  parameters:
    message: "hello"
context: kept
tags:
  - home
`);
});

test('a form that says nothing new leaves the text as it is', () => {
  const before = values(TEXT);
  expect(changeRuleText(TEXT, before, before)).toBe(TEXT);
});

test('a new rule is filled in from the top, in blocks', () => {
  const before = values(NEW_RULE_TEXT);
  const text = changeRuleText(NEW_RULE_TEXT, before, {
    ...before,
    name: 'x',
    trigger: 'a.b',
    criteria: { 'trigger.n': { type: 'equals', pattern: 1 } },
    action: 'c.d',
    parameters: { list: [1, 2] },
  });
  expect(text).toContain('criteria:\n  trigger.n:\n    type: equals\n    pattern: 1\n');
  expect(text).toContain('  parameters:\n    list:\n      - 1\n      - 2\n');
  expect(values(text)).toMatchObject({ name: 'x', trigger: 'a.b', action: 'c.d' });
});

test('a text that is no YAML has no form', () => {
  expect(readRuleText('a: [')).toBeUndefined();
  expect(readRuleText('- a\n- b\n')).toBeUndefined();
  expect(readRuleText('')).toMatchObject({ name: '' });
});

test('conditions that nobody touched stay to the letter: short names, searches, texts that look like numbers', () => {
  const criteria = {
    ...values(TEXT).criteria,
    'trigger.a#2': { type: 'eq', pattern: '42' },
    'trigger.b': { type: 'exists', pattern: 'yes' },
  };
  const drafts = criteriaDrafts(criteria, []);
  expect(drafts.map(({ path, operator, value }) => [path, operator, value])).toEqual([
    ['trigger.size', 'lessthan', '100'],
    ['trigger.names', 'search', ''],
    ['trigger.a', 'equals', '"42"'],
    ['trigger.b', 'exists', ''],
  ]);
  expect(readCriteria(drafts, [])).toEqual({ values: criteria, faults: {} });
  const [first, ...others] = drafts;
  if (!first) throw new Error('there is no condition');
  const changed = readCriteria([{ ...first, value: '200' }, ...others], []);
  expect(changed.values['trigger.size']).toEqual({ type: 'lessthan', pattern: 200 });
});

const FILE = triggerType('examples.file_created', 'A file appeared.', { path: 'string' });
const ECHO = action('core.echo', 'Says it.', { message: { type: 'string', description: 'What to say.' } });
const WORDS = { types: [FILE], actions: [ECHO], fields: [{ path: 'trigger.path', type: 'string', sample: '/tmp/x' }] };

test.each([
  ['at the top', '', '', 'trigger: '],
  ['a trigger', 'trigger:\n  type: ', '', 'examples.file_created'],
  ['an action', 'action:\n  ref: co', '', 'core.echo'],
  ['a field of events', 'criteria:\n  tr', '', 'trigger.path:'],
  ['an operator', 'criteria:\n  trigger.path:\n    type: ', '', 'startswith'],
  ['a parameter of the action', 'action:\n  parameters:\n    ', '\n  ref: core.echo\n', 'message: '],
  ['a field in a template', 'action:\n  parameters:\n    message: "{{ ', ' }}"', 'trigger.path'],
])('the editor offers %s', (_, before, after, offered) => {
  expect(ruleCompletions(before, after, WORDS).map(({ text }) => text)).toContain(offered);
});
