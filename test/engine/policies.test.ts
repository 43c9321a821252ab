import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { FIXTURE_PACKS, startTestEngine, type TestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

const WAIT = 'patient.wait_for' as ResourceRef;
const ref = (text: string) => ({ ref: text as ResourceRef });

test('a pack’s retry policy tries again what fails, and each attempt is in the history', async () => {
  await using engine = await startPatient();
  const file = path.join(engine.home, 'attempts');
  const first = await engine.run('patient.attempt', { file, attempts: 3 });
  expect(first.status).toBe('failed');
  const all = await until('the third attempt has ended', async () => {
    const { items } = await engine.client.executions.page({ action: 'patient.attempt' as ResourceRef });
    return items.length === 3 && items.every(({ endedAt }) => endedAt) && items.reverse();
  });
  expect(all.map(({ status }) => status)).toEqual(['failed', 'failed', 'succeeded']);
  expect(all[2]?.context.policies?.retry).toEqual({ policy: 'patient.attempt_again', count: 2, of: all[1]?.id });
  expect(await readFile(file, 'utf8')).toBe('x\nx\nx\n');
  // Of all tries one is told: the first that succeeds, or the last.
  const again = await engine.run('patient.attempt', { file: `${file}2`, attempts: 9 });
  const told = () => engine.notices.filter(({ title }) => title.startsWith('patient.attempt '));
  await until('both are told', () => told().length === 2);
  expect(told().map(({ title, level }) => [title, level])).toEqual([
    ['patient.attempt succeeded at try 3', 'success'],
    ['patient.attempt failed at try 3', 'failure'],
  ]);
  expect(engine.notices.some(({ execution }) => execution === again.id)).toBe(false);
});

test('policies are listed with their problems, and a pack’s own is switched without touching its file', async () => {
  await using engine = await startPatient();
  const { policies } = engine.client;
  const broken = (await policies.list()).find((policy) => policy.ref === 'patient.broken');
  expect(broken).toMatchObject({ state: 'broken', problems: [{ severity: 'error', line: 6 }] });
  expect(await policies.setEnabled({ ...ref('patient.one_wait'), enabled: true })).toMatchObject({ state: 'active' });
  expect((await policies.get(ref('patient.one_wait'))).yaml).toContain('enabled: false');

  const [first, second] = await startTwo(engine);
  await until('one is held back', async () => (await statusOf(engine, second)) === 'delayed');
  expect((await engine.client.executions.get({ id: second })).delay?.reason).toContain('`patient.one_wait`');
  await writeFile(path.join(engine.home, 'go'), '');
  expect((await engine.ended(first)).status).toBe('succeeded');
  const waited = await engine.ended(second);
  expect(waited.status).toBe('succeeded');
  expect(waited.context.policies).toEqual({ heldBy: 'patient.one_wait' });
  await expect(policies.remove(ref('patient.one_wait'))).rejects.toThrow('belongs to the pack `patient`');
});

test('a policy of the user’s own holds at once, is a file to edit, and lets go when it is deleted', async () => {
  await using engine = await startPatient();
  const { policies } = engine.client;
  const asked = { name: 'mine', resource: WAIT, type: 'action.concurrency', parameters: { threshold: 1 } } as const;
  const mine = await policies.create(asked);
  expect(mine).toMatchObject({ ref: 'default.mine', state: 'active', origin: 'user' });
  await expect(policies.create(asked)).rejects.toThrow('there is already a policy `mine`');
  const wrong = { ...asked, name: 'wrong', parameters: { threshold: 0 } };
  await expect(policies.create(wrong)).rejects.toThrow('`parameters.threshold`');

  const [, second] = await startTwo(engine);
  await until('one is held back', async () => (await statusOf(engine, second)) === 'delayed');
  await writeFile(mine.file, mine.yaml.replace('threshold: 1', 'threshold: 2'));
  await until('the saved file lets it run', async () => (await statusOf(engine, second)) === 'running');
  const third = await engine.client.executions.run({ action: WAIT, parameters: parameters(engine) });
  await until('the next is held back', async () => (await statusOf(engine, third.id)) === 'delayed');
  await policies.remove(ref('default.mine'));
  await until('it runs', async () => (await statusOf(engine, third.id)) === 'running');
  await writeFile(path.join(engine.home, 'go'), '');
  await engine.ended(third.id);
});

async function startPatient(): Promise<TestEngine> {
  const engine = await startTestEngine();
  await engine.install(path.join(FIXTURE_PACKS, 'patient'));
  return engine;
}

function parameters(engine: TestEngine) {
  return { file: path.join(engine.home, 'go') };
}

async function startTwo(engine: TestEngine): Promise<[string, string]> {
  const run = () => engine.client.executions.run({ action: WAIT, parameters: parameters(engine) });
  return [(await run()).id, (await run()).id];
}

async function statusOf(engine: TestEngine, id: string): Promise<string> {
  return (await engine.client.executions.get({ id })).status;
}
