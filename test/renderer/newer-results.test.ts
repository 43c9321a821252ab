import { expect, test } from 'vitest';
import { RuleDefinition } from '../../main/contract/packs.ts';
import type { RuleTest, RuleTestResult } from '../../main/contract/rule-tests.ts';
import { concerns, holds, type TestPages, withNewer } from '../../renderer/pages/rules/newer-results.ts';

function rule(parameters: object): RuleDefinition {
  return RuleDefinition.parse({
    ref: 'default.mine',
    pack: 'default',
    name: 'mine',
    description: '',
    enabled: true,
    type: 'standard',
    trigger: { type: 'core.st2.IntervalTimer', parameters },
    criteria: {},
    action: { ref: 'core.noop', parameters: {} },
    tags: [],
    origin: 'user',
    file: '/x.yaml',
  });
}

const results = (...ids: string[]): RuleTestResult[] =>
  ids.map((id) => ({ event: { id, trigger: 'a.b', payload: {}, receivedAt: id }, matched: true, criteria: [] }));
const page = (parameters: object, ...ids: string[]): RuleTest => ({
  problems: [],
  rule: rule(parameters),
  results: results(...ids),
});
const data: TestPages = { pages: [page({}, 'c', 'b'), { ...page({}, 'a'), next: 'a' }], pageParams: ['', 'b'] };

test('events that came stand before those that were read, each once, and older ones are read on from where they were', () => {
  const merged = withNewer(data, page({}, 'e', 'd', 'c'));
  expect(merged?.pages.map((each) => each.results.map(({ event }) => event?.id))).toEqual([
    ['e', 'd', 'c', 'b'],
    ['a'],
  ]);
  expect(merged?.pages.at(-1)?.next).toBe('a');
  expect(holds(data, 'a')).toBe(true);
});

test('where more came than were asked for, or would ever be looked at, the test is made anew', () => {
  expect(withNewer(data, { ...page({}, 'e'), next: 'e' })).toBeUndefined();
  const many = Array.from({ length: 5000 }, (_, index) => `many ${index}`);
  expect(withNewer(data, page({}, ...many))).toBeUndefined();
});

test('an event concerns a rule by its trigger type, and where that has parameters by its pack', () => {
  const asked = (parameters: object, trigger: string) =>
    concerns({ pages: [page(parameters)], pageParams: [''] }, { trigger });
  expect(asked({}, 'core.st2.IntervalTimer')).toBe(true);
  expect(asked({}, 'core.6f0c')).toBe(false);
  expect(asked({ delta: 1 }, 'core.6f0c')).toBe(true);
  expect(asked({ delta: 1 }, 'aws.6f0c')).toBe(false);
  expect(concerns({ pages: [{ problems: [], results: [] }], pageParams: [''] }, { trigger: 'a.b' })).toBe(false);
});
