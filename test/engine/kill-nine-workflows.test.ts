import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Execution } from '../../main/contract/executions.ts';
import { isCompleted } from '../../main/contract/executions.ts';
import type { JsonObject } from '../../main/contract/json.ts';
import { packOf, type ResourceRef } from '../../main/contract/refs.ts';
import { type HeadlessApp, startHeadlessApp, stormlet } from '../support/headless-app.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { FIXTURE_PACKS } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

/** Its shell actions are ended by what Linux tells of processes. */
describe.skipIf(process.platform !== 'linux')('a workflow outlives a kill -9 of the app:', () => {
  test('the task that ran is abandoned, and it goes on as it does after a failure', async () => {
    await using home = await tempFolder();
    const id = await killedWhile(home.path, 'chained.gate', { folder: home.path }, async () => {
      await logged(home.path, 'first');
      await writeFile(path.join(home.path, 'first'), '');
      await logged(home.path, 'second');
    });
    await using again = await startHeadlessApp(home.path);
    expect(await ended(again, id)).toMatchObject({ status: 'succeeded' });
    expect(await tasksOf(again, id)).toEqual(['first succeeded', 'second abandoned', 'rescue succeeded']);
    expect(await logOf(home.path)).toBe('first hunter22\nsecond\nrescue\n');
  });

  test('one that is paused stays so, and can be resumed', async () => {
    await using home = await tempFolder();
    const id = await killedWhile(home.path, 'chained.gate', { folder: home.path }, async (app, running) => {
      await logged(home.path, 'first');
      await app.client.executions.pause({ id: running });
      await writeFile(path.join(home.path, 'first'), '');
      await inStatus(app, running, 'paused');
    });
    await using again = await startHeadlessApp(home.path);
    expect((await again.client.executions.get({ id })).status).toBe('paused');
    await writeFile(path.join(home.path, 'second'), '');
    await again.client.executions.resume({ id });
    expect(await ended(again, id)).toMatchObject({ status: 'succeeded' });
    expect(await logOf(home.path)).toBe('first hunter22\nsecond\nthird\n');
  });

  test('a question below it can be answered after the next start', async () => {
    await using home = await tempFolder();
    const id = await killedWhile(home.path, 'chained.outer', {}, (app, running) => inStatus(app, running, 'paused'));
    await using again = await startHeadlessApp(home.path);
    const [question] = await again.client.inquiries.list();
    await again.client.inquiries.respond({ id: question?.id ?? '', response: { word: 'yes' } });
    expect(await ended(again, id)).toMatchObject({
      status: 'succeeded',
      result: { tasks: [{ name: 'inner' }, { name: 'after', result: { stdout: 'yes!' } }] },
    });
  });

  test('one that was being canceled is canceled', async () => {
    await using home = await tempFolder();
    const id = await killedWhile(home.path, 'chained.gate', { folder: home.path }, async (app, running) => {
      await logged(home.path, 'first');
      await app.client.executions.cancel({ id: running });
    });
    await using again = await startHeadlessApp(home.path);
    expect((await ended(again, id)).status).toBe('canceled');
    expect(await logOf(home.path)).toBe('first hunter22\n');
  });

  test('items that ran are abandoned, and the others run as after a failure', async () => {
    await using home = await tempFolder();
    const id = await killedWhile(home.path, 'conducted.gates', { folder: home.path }, async () => {
      await logged(home.path, 'a');
      await logged(home.path, 'b');
    });
    await using again = await startHeadlessApp(home.path);
    for (const name of ['c', 'd']) await writeFile(path.join(home.path, name), '');
    expect((await ended(again, id)).status).toBe('succeeded');
    expect((await tasksOf(again, id)).sort()).toEqual([
      'begin succeeded',
      'each abandoned',
      'each abandoned',
      'each succeeded',
      'each succeeded',
      'rescue succeeded',
    ]);
    expect((await logOf(home.path)).split('\n').sort()).toEqual(['', 'a', 'b', 'c', 'd', 'rescue']);
  });

  test.each(['action-chain', 'orquesta'] as const)(
    'an %s that is killed again and again repeats no task and leaves none out',
    async (language) => {
      await using home = await tempFolder();
      const [pack, log] = [path.join(home.path, 'long'), path.join(home.path, 'lines')];
      await writeLongWorkflow(pack, language, 60);
      let id = '';
      for (const lines of [0, 4, 17, 31]) {
        await using app = await startHeadlessApp(home.path);
        if (id === '') {
          await install(app, pack);
          id = (await app.client.executions.run({ action: 'long.flow' as ResourceRef, parameters: { log } })).id;
        }
        await until('it has come further', async () => (await linesOf(log)).length > lines);
        await app.kill();
      }
      await using again = await startHeadlessApp(home.path);
      expect((await ended(again, id)).status).toBe('succeeded');
      const names = Array.from({ length: 60 }, (_, n) => `t${n}`);
      const children = await again.client.executions.children({ id });
      expect(children.map(({ context }) => context.task?.name)).toEqual(names);
      const lines = await linesOf(log);
      expect(new Set(lines).size).toBe(lines.length);
      const abandoned = children.flatMap(({ status, context }) =>
        status === 'abandoned' ? (context.task?.name ?? '') : [],
      );
      expect(abandoned.length).toBeLessThanOrEqual(4);
      expect(names.filter((name) => !lines.includes(name) && !abandoned.includes(name))).toEqual([]);
    },
  );
});

/** Runs an action of the fixture, waits for a moment of it, and kills the app. Gives the execution's id. */
async function killedWhile(
  home: string,
  action: string,
  parameters: JsonObject,
  moment: (app: HeadlessApp, id: string) => Promise<void>,
): Promise<string> {
  await using app = await startHeadlessApp(home);
  await install(app, path.join(FIXTURE_PACKS, packOf(action as ResourceRef)));
  const { id } = await app.client.executions.run({ action: action as ResourceRef, parameters });
  await moment(app, id);
  await app.kill();
  return id;
}

/** Each task leads to the next, however it ended. */
async function writeLongWorkflow(pack: string, language: 'action-chain' | 'orquesta', length: number): Promise<void> {
  await mkdir(path.join(pack, 'actions', 'workflows'), { recursive: true });
  const head = 'name: long\ndescription: x\nversion: 1.0.0\nauthor: x\nemail: x@example.com\n';
  await writeFile(path.join(pack, 'pack.yaml'), head);
  await writeFile(
    path.join(pack, 'actions', 'flow.yaml'),
    `name: flow\nrunner_type: ${language}\nentry_point: workflows/flow.yaml\nparameters: {log: {type: string}}\n`,
  );
  const text = language === 'orquesta' ? longOrquesta(length) : longChain(length);
  await writeFile(path.join(pack, 'actions', 'workflows', 'flow.yaml'), text);
}

function longChain(length: number): string {
  const tasks = Array.from({ length }, (_, n) => {
    const next = n + 1 < length ? `on-success: t${n + 1}, on-failure: t${n + 1}, ` : '';
    return `  - {name: t${n}, ref: core.local, ${next}parameters: {cmd: "echo t${n} >> {{ log }}"}}`;
  });
  return `chain:\n${tasks.join('\n')}\n`;
}

function longOrquesta(length: number): string {
  const tasks = Array.from({ length }, (_, n) => {
    const next = n + 1 < length ? `\n    next: [{do: t${n + 1}}]` : '';
    return `  t${n}:\n    action: core.local\n    input: {cmd: "echo t${n} >> <% ctx(log) %>"}${next}`;
  });
  return `version: 1.0\ninput: [log]\ntasks:\n${tasks.join('\n')}\n`;
}

async function install(app: HeadlessApp, pack: string): Promise<void> {
  expect(await stormlet(app, 'pack', 'install', pack)).toMatchObject({ exitCode: 0 });
}

async function ended(app: HeadlessApp, id: string): Promise<Execution> {
  return until(
    'the workflow is over',
    async () => {
      const execution = await app.client.executions.get({ id });
      return isCompleted(execution.status) && execution;
    },
    60_000,
  );
}

async function inStatus(app: HeadlessApp, id: string, status: Execution['status']): Promise<void> {
  await until(`it is ${status}`, async () => (await app.client.executions.get({ id })).status === status);
}

async function tasksOf(app: HeadlessApp, id: string): Promise<string[]> {
  const children = await app.client.executions.children({ id });
  return children.map(({ context, status }) => `${context.task?.name} ${status}`);
}

async function logged(folder: string, word: string): Promise<void> {
  await until(`${word} began`, async () => (await logOf(folder)).includes(word));
}

async function logOf(folder: string): Promise<string> {
  return readFile(path.join(folder, 'log'), 'utf8').catch(() => '');
}

async function linesOf(file: string): Promise<string[]> {
  return (await readFile(file, 'utf8').catch(() => '')).split('\n').filter(Boolean);
}
