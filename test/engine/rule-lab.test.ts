import path from 'node:path';
import { expect, test } from 'vitest';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { FIXTURE_PACKS, startTestEngine, type TestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

const RULE = `# What is noted of the storm.
name: note_big
enabled: false
trigger:
  type: storm.event
criteria:
  trigger.kind:
    type: equals
    pattern: file
  trigger.path:
    type: startswith
    pattern: "{{ '/' ~ 'home' }}"
action:
  ref: core.echo
  parameters:
    message: "{{ trigger.path | upper }}"
`;

test('a rule that is not saved is tried on the history: criterion by criterion, with what its action would have got', async () => {
  await using engine = await startTestEngine();
  await engine.install(path.join(FIXTURE_PACKS, 'storm'));
  await emit(engine, { kind: 'file', path: '/home/a' });
  await emit(engine, { kind: 'file', path: '/tmp/b' });
  await emit(engine, { kind: 'link', path: '/home/c' });

  const { problems, results, next } = await engine.client.rules.test({ yaml: RULE });
  expect(problems).toEqual([]);
  expect(next).toBeUndefined();
  expect(results.map(({ matched }) => matched)).toEqual([false, false, true]);
  const [link, tmp, home] = results;
  expect(link?.criteria).toMatchObject([
    { key: 'trigger.kind', operator: 'equals', holds: false, seen: 'link', expected: 'file' },
    { key: 'trigger.path', holds: true },
  ]);
  expect(tmp?.criteria[1]).toMatchObject({ holds: false, seen: '/tmp/b', expected: '/home' });
  expect(home?.parameters).toMatchObject({ message: '/HOME/A' });
  expect((await engine.client.executions.page({ action: 'core.echo' as ResourceRef })).items).toEqual([]);

  const older = await engine.client.rules.test({ yaml: RULE, limit: 2 });
  expect(older.results).toHaveLength(2);
  const last = await engine.client.rules.test({ yaml: RULE, limit: 2, before: older.next ?? '' });
  expect(last.results.map(({ event }) => event?.payload)).toEqual([{ kind: 'file', path: '/home/a' }]);
});

test('an event of one’s own is tried without being one', async () => {
  await using engine = await startTestEngine();
  await engine.install(path.join(FIXTURE_PACKS, 'storm'));
  const tried = await engine.client.rules.test({ yaml: RULE, payload: { kind: 'file', path: '/home/x' } });
  expect(tried.results).toMatchObject([{ matched: true, parameters: { message: '/HOME/X' } }]);
  expect(tried.results[0]).not.toHaveProperty('event');
  const empty = await engine.client.rules.test({ yaml: RULE, payload: {} });
  expect(empty.results[0]?.criteria.map(({ holds }) => holds)).toEqual([false, false]);
  expect((await engine.client.triggers.page({ trigger: 'storm.event' })).items).toEqual([]);
});

test('a saved rule is added from its text, and a changed one is set against what it did then', async () => {
  await using engine = await startTestEngine();
  await engine.install(path.join(FIXTURE_PACKS, 'storm'));
  const { ref, yaml } = await engine.client.rules.add({ yaml: RULE.replace('enabled: false', 'enabled: true') });
  expect(yaml).toContain('# What is noted of the storm.');
  await emit(engine, { kind: 'file', path: '/home/a' });
  await emit(engine, { kind: 'link', path: '/home/c' });
  const changed = await engine.client.rules.test({ yaml: yaml.replace('pattern: file', 'pattern: link'), ref });
  expect(changed.results.map(({ matched, matchedThen }) => [matched, matchedThen])).toEqual([
    [true, false],
    [false, true],
  ]);
  await expect(engine.client.rules.add({ yaml: RULE })).rejects.toMatchObject({ code: 'rule/name-taken' });
});

test('what is wrong with a text is told with its line, before it is saved', async () => {
  await using engine = await startTestEngine();
  const { check, test: tryRule } = engine.client.rules;
  expect((await check({ yaml: 'name: x\ntrigger: [' })).problems[0]).toMatchObject({ severity: 'error', line: 2 });
  const unknown = await check({ yaml: RULE });
  expect(unknown.problems).toMatchObject([{ code: 'rule/trigger-unknown', line: 5 }]);
  expect(unknown.rule?.name).toBe('note_big');
  expect(await tryRule({ yaml: 'name: x' })).toMatchObject({ results: [] });
});

async function emit(engine: TestEngine, payload: { kind: string; path: string }): Promise<void> {
  const { id } = await engine.client.triggers.emit({ trigger: 'storm.event' as ResourceRef, payload });
  await until('it is judged', async () => (await engine.client.triggers.get({ id })).status === 'processed');
}
