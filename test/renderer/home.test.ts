import { expect, test } from 'vitest';
import type { Execution } from '../../main/contract/executions.ts';
import { ResourceRef } from '../../main/contract/refs.ts';
import { concernsOf } from '../../renderer/pages/home/attention.ts';
import { answerTo, areListening, type Tour, tourSteps } from '../../renderer/pages/home/first-run.ts';
import { waitingExecution } from './fake-inquiries.ts';
import { brokenPack, corePack, examplesPack, failedPack, ruleOf } from './fake-packs.ts';
import { fakePolicies } from './fake-policies.ts';
import { fakeSensors } from './fake-status.ts';

const NOTHING = {
  packs: [],
  sensors: [],
  rules: [],
  ruleProblems: [],
  policies: [],
  policyProblems: [],
  inquiries: [],
};

function execution(id: string, changes: Partial<Execution>): Execution {
  return {
    id,
    action: ResourceRef.parse('packs.install'),
    runner: 'built-in',
    status: 'succeeded',
    parameters: {},
    context: { source: 'window' },
    createdAt: '2026-01-01T00:00:00.000Z',
    steps: [],
    ...changes,
  };
}

test('an engine where all is well has no concerns', () => {
  expect(concernsOf({ ...NOTHING, packs: [corePack()] })).toEqual([]);
});

test('what is broken comes before what merely waits, each with its reason', () => {
  const waiting = { ...failedPack(), virtualenv: { state: 'missing' as const } };
  const concerns = concernsOf({ ...NOTHING, packs: [waiting, brokenPack()], sensors: fakeSensors(examplesPack()) });
  expect(concerns.map(({ tone, title }) => `${tone}: ${title}`)).toEqual([
    "bad: Pack weather can't be used",
    'bad: Sensor examples.LoadSensor was given up',
    'warn: Pack jira is not ready',
  ]);
  expect(concerns[0]?.why).toContain('version');
});

test('a pack that is being built or was switched off is no concern', () => {
  const building = { ...failedPack(), virtualenv: { state: 'building' as const } };
  const disabled = { ...brokenPack(), state: 'disabled' as const };
  expect(concernsOf({ ...NOTHING, packs: [building, disabled] })).toEqual([]);
});

test('a question that waits for an answer is told with what it asks', () => {
  const { id, action, context, createdAt: askedAt } = waitingExecution('q', 0);
  const schema = { properties: { go: { type: 'boolean', description: 'Shall it go on?' } } };
  const inquiry = { id, action, context, askedAt, schema, route: '', users: [], roles: [], ttl: 0 };
  expect(concernsOf({ ...NOTHING, inquiries: [inquiry] })).toMatchObject([
    { tone: 'warn', title: 'core.ask waits for your answer', why: 'Shall it go on?', place: 'inquiries' },
  ]);
});

test('a broken policy is told, since it bounds nothing', () => {
  const concerns = concernsOf({ ...NOTHING, policies: fakePolicies() });
  expect(concerns).toMatchObject([{ tone: 'bad', title: 'Policy few_requests does nothing', place: 'policies' }]);
});

test('a broken rule and a rule file that cannot be read are both told', () => {
  const rule = { ...ruleOf('default.x', 'a.b', 'c.d', {}), state: 'broken' as const, problems: [] };
  const problem = {
    severity: 'error',
    code: 'rule/unreadable',
    message: 'no YAML',
    file: '/r/x.yaml',
    line: 2,
  } as const;
  expect(concernsOf({ ...NOTHING, rules: [rule], ruleProblems: [problem] }).map(({ place }) => place)).toEqual([
    { rule: 'default.x' },
    'rules',
  ]);
});

const [folder, load] = fakeSensors(examplesPack());
if (!folder || !load) throw new Error('the example pack has no sensors');

test('the tour waits for sensors that are starting, not for one that was given up', () => {
  const install = execution('1', {});
  expect(areListening({ install, sensors: [] })).toBe(false);
  expect(areListening({ install, sensors: [folder, { ...load, state: 'starting' }] })).toBe(false);
  expect(areListening({ install, sensors: [folder, load] })).toBe(true);
  expect(areListening({ install: { ...install, status: 'running' }, sensors: [folder] })).toBe(false);
});

test('the answer is what a rule of the example pack ran after the drop, not before', () => {
  const rule = ResourceRef.parse('examples.greet_new_file');
  const drop = execution('drop', { createdAt: '2026-01-01T00:00:05.000Z' });
  const before = execution('before', { context: { source: 'rule', rule }, createdAt: '2026-01-01T00:00:04.000Z' });
  const after = execution('after', { context: { source: 'rule', rule }, createdAt: '2026-01-01T00:00:06.000Z' });
  const later = execution('later', { context: { source: 'rule', rule }, createdAt: '2026-01-01T00:00:07.000Z' });
  expect(answerTo(drop, [later, after, drop, before])?.id).toBe('after');
  expect(answerTo(undefined, [after])).toBeUndefined();
});

test('each step of the tour follows from the one before', () => {
  const states = (tour: Partial<Tour>) => {
    const nothing: Tour = { install: undefined, drop: undefined, sensors: [], answer: undefined, notice: undefined };
    return tourSteps({ ...nothing, ...tour }).map(({ state }) => state);
  };
  const done = execution('1', {});
  expect(states({})).toEqual(['skipped', 'skipped', 'skipped', 'skipped', 'skipped']);
  expect(states({ install: done })).toEqual(['done', 'running', 'skipped', 'skipped', 'skipped']);
  expect(states({ install: { ...done, status: 'failed' } })[0]).toBe('failed');
  expect(states({ install: done, sensors: [folder], drop: done })).toEqual([
    'done',
    'done',
    'done',
    'running',
    'skipped',
  ]);
  expect(states({ install: done, sensors: [folder], drop: done, answer: done })[4]).toBe('running');
});

test('a virtualenv that the app builds again by itself, and one whose requirements changed, are told with the reason', () => {
  const why = 'Python 3.11.7 is gone from this machine';
  const again = { ...failedPack(), virtualenv: { state: 'building' as const, why } };
  expect(concernsOf({ ...NOTHING, packs: [again] })).toMatchObject([{ title: 'Pack jira is being built again', why }]);
  const virtualenv = { state: 'outdated' as const, why: 'requirements.txt changed' };
  const changed = { ...failedPack(), state: 'ready' as const, virtualenv };
  expect(concernsOf({ ...NOTHING, packs: [changed] })).toMatchObject([{ tone: 'warn', why: virtualenv.why }]);
  const failed = { ...changed, virtualenv: { ...virtualenv, output: 'ERROR: no such package' } };
  expect(concernsOf({ ...NOTHING, packs: [failed] })).toMatchObject([{ tone: 'bad' }]);
});
