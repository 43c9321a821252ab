import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Execution } from '../../main/contract/executions.ts';
import type { JsonObject } from '../../main/contract/json.ts';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { FIXTURE_PACKS, startTestEngine, type TestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
  await engine.install(path.join(FIXTURE_PACKS, 'conducted'));
});
afterAll(() => engine?.[Symbol.asyncDispose]());

describe.skipIf(process.platform === 'win32')('an orquesta workflow', () => {
  test('runs an execution for each item, and waits for branches that join', async () => {
    const ended = await engine.run('conducted.fan');
    expect(ended).toMatchObject({ status: 'succeeded', result: { output: { said: ['a', 'b', 'c'] } } });
    const children = await engine.client.executions.children({ id: ended.id });
    const names = children.map(({ context }) => [context.task?.name, context.task?.item]);
    expect(names.slice(0, 4).sort()).toEqual([
      ['each', 0],
      ['each', 1],
      ['each', 2],
      ['side', undefined],
    ]);
    expect(names[4]).toEqual(['end', undefined]);
  });

  test('knows its own execution, and where StackStorm’s API is', async () => {
    const { id, result } = await engine.run('conducted.about');
    const { packs } = await engine.client.api.addresses();
    expect(result).toEqual({ output: { url: packs, id, pack: 'conducted' } });
  });

  test('has the tasks that its runner’s `notify` names send the notices that its action asks for', async () => {
    const { id } = await engine.run('conducted.telling');
    expect(await notifies(id)).toEqual([
      ['loud', { 'on-success': { routes: ['night'] } }],
      ['quiet', undefined],
    ]);
  });

  test('tries a task again after its delay, which is one of its executions', async () => {
    await using folder = await tempFolder();
    const { id } = await start('conducted.again', { folder: folder.path });
    const delayed = await until('a try is delayed', async () => {
      const children = await engine.client.executions.children({ id });
      return children.find(({ status }) => status === 'delayed');
    });
    expect(delayed.delay).toMatchObject({ until: expect.any(String) });
    expect((await engine.ended(id)).status).toBe('succeeded');
    expect(await statuses(id)).toEqual(['shaky failed', 'shaky failed', 'shaky succeeded']);
  });

  test('that has faults says all of them before anything runs', async () => {
    const { status, fault, result, id } = await engine.run('conducted.broken');
    expect(status).toBe('failed');
    expect(fault?.code).toBe('workflow/failed');
    expect(result).toMatchObject({
      output: null,
      errors: [
        { type: 'context', spec_path: 'tasks.one.input', file: expect.stringMatching(/broken.yaml$/) },
        { type: 'semantic' },
      ],
    });
    expect(await engine.client.executions.children({ id })).toEqual([]);
  });

  test('is canceled with all that runs of it', async () => {
    await using folder = await tempFolder();
    const { id } = await start('conducted.gates', { folder: folder.path });
    await logged(folder.path, 'b');
    await engine.client.executions.cancel({ id });
    expect((await engine.ended(id)).status).toBe('canceled');
    expect((await statuses(id)).sort()).toEqual(['begin succeeded', 'each canceled', 'each canceled']);
  });

  test('is paused by a question only when nothing else runs, and so is the workflow above it', async () => {
    await using folder = await tempFolder();
    const { id } = await start('conducted.above', { folder: folder.path });
    const question = await until('it asks', async () => (await engine.client.inquiries.list())[0]);
    expect(['running', 'pausing']).toContain((await engine.client.executions.get({ id })).status);
    await writeFile(path.join(folder.path, 'work'), '');
    await inStatus(id, 'paused');
    const [below] = await engine.client.executions.children({ id });
    expect(below?.status).toBe('paused');
    await engine.client.inquiries.respond({ id: question.id, response: { word: 'yes' } });
    expect(await engine.ended(id)).toMatchObject({ status: 'succeeded', result: { output: { word: 'yes' } } });
  });

  test('that failed is run on from the items that did, and no other', async () => {
    await using folder = await tempFolder();
    const { id } = await start('conducted.gates', { folder: folder.path, names: ['a', 'b', 'c'], width: 3 });
    await logged(folder.path, 'c');
    for (const name of ['a', 'b']) await writeFile(path.join(folder.path, name), '');
    const running = await until('one item is left', async () => {
      const open = (await engine.client.executions.children({ id })).filter(({ status }) => status === 'running');
      return open.length === 1 && open[0];
    });
    await engine.client.executions.cancel({ id });
    await engine.ended(id);
    expect(running.context.task?.item).toBe(2);
    await writeFile(path.join(folder.path, 'c'), '');
    const again = await engine.client.executions.rerun({ id, tasks: [], reset: false });
    expect(await engine.ended(again.id)).toMatchObject({ status: 'succeeded' });
    // Items run side by side, so those of the first time may have written in any order.
    const written = (await readFile(path.join(folder.path, 'log'), 'utf8')).trim().split('\n');
    expect(written.sort()).toEqual(['a', 'b', 'c', 'c']);
  });
});

async function start(action: string, parameters: JsonObject = {}): Promise<Execution> {
  return engine.client.executions.run({ action: action as ResourceRef, parameters });
}

async function inStatus(id: string, status: Execution['status']): Promise<void> {
  await until(`it is ${status}`, async () => (await engine.client.executions.get({ id })).status === status);
}

async function notifies(id: string): Promise<unknown[][]> {
  const children = await engine.client.executions.children({ id });
  return children.map(({ context }) => [context.task?.name, context.notify]);
}

async function statuses(id: string): Promise<string[]> {
  const children = await engine.client.executions.children({ id });
  return children.map(({ context, status }) => `${context.task?.name} ${status}`);
}

async function logged(folder: string, word: string): Promise<void> {
  const log = path.join(folder, 'log');
  await until(`${word} began`, async () => (await readFile(log, 'utf8').catch(() => '')).includes(`${word}\n`));
}
