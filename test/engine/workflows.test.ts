import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Execution } from '../../main/contract/executions.ts';
import type { JsonObject } from '../../main/contract/json.ts';
import type { PackRef, ResourceRef } from '../../main/contract/refs.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { FIXTURE_PACKS, startTestEngine, type TestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine({ settings: { executions: { concurrency: 1 } } });
  await engine.install(path.join(FIXTURE_PACKS, 'chained'));
});
afterAll(() => engine?.[Symbol.asyncDispose]());

describe.skipIf(process.platform === 'win32')('an action chain', () => {
  test('runs its tasks as executions that name it, and gives StackStorm’s result', async () => {
    const ended = await engine.run('chained.greet', { who: 'world' });
    expect(ended).toMatchObject({
      status: 'succeeded',
      result: {
        published: { said: 'hello world' },
        tasks: [
          { name: 'say', state: 'succeeded', workflow: null, result: { stdout: 'hello world' } },
          { name: 'again', state: 'succeeded', result: { stdout: 'hello world again' } },
        ],
      },
    });
    const children = await engine.client.executions.children({ id: ended.id });
    expect(children.map(({ context, action }) => [context.task?.name, context.parent, action])).toEqual([
      ['say', ended.id, 'core.echo'],
      ['again', ended.id, 'core.echo'],
    ]);
    const [first] = ((ended.result as JsonObject).tasks ?? []) as JsonObject[];
    expect(first?.execution_id).toBe(children[0]?.id);
    expect(first?.created_at).toBe(children[0]?.createdAt);
  });

  test('goes on after a task that failed, and says why when it fails itself', async () => {
    expect(await engine.run('chained.mend', { code: 3 })).toMatchObject({ status: 'succeeded' });
    expect(await engine.run('chained.mend', { code: 4 })).toMatchObject({
      status: 'failed',
      fault: { code: 'workflow/failed', message: 'the task `mend` ended as failed' },
      result: { tasks: [{ name: 'break' }, { name: 'mend' }] },
    });
  });

  test('has its tasks send the notices that its action asks for, but those in `skip_notify`', async () => {
    const { id } = await engine.run('chained.telling');
    const children = await engine.client.executions.children({ id });
    expect(children.map(({ context }) => [context.task?.name, context.notify])).toEqual([
      ['loud', { 'on-success': { routes: ['night'] } }],
      ['quiet', undefined],
    ]);
  });

  test('that is broken says so with its file and line', async () => {
    const { status, fault, result } = await engine.run('chained.broken');
    const where = /chains\/broken.yaml:5: `on-success` of `one` names `nowhere`, and no task is called that/;
    expect(status).toBe('failed');
    expect(fault).toMatchObject({ code: 'workflow/definition-invalid', message: expect.stringMatching(where) });
    expect(result).toMatchObject({ tasks: [], error: expect.stringMatching(where) });
  });

  test('that is broken is a problem of its pack before it runs', async () => {
    const { problems } = await engine.client.packs.get({ ref: 'chained' as PackRef });
    expect(problems).toMatchObject([
      { severity: 'error', code: 'workflow/definition-invalid', file: expect.stringMatching(/broken.yaml$/), line: 5 },
    ]);
    const { graph } = await engine.client.workflows.inspect({ action: 'chained.mend' as ResourceRef });
    expect(graph?.edges).toEqual([{ from: 'break', to: 'mend', when: 'on-failure' }]);
    await expect(engine.client.workflows.inspect({ action: 'core.noop' as ResourceRef })).rejects.toMatchObject({
      code: 'workflow/none',
    });
  });

  test('that is canceled takes its task with it', async () => {
    await using folder = await tempFolder();
    const { id } = await start('chained.gate', { folder: folder.path });
    await logged(folder.path, 'first');
    expect((await engine.client.executions.cancel({ id })).status).toBe('canceling');
    expect(await engine.ended(id)).toMatchObject({ status: 'canceled' });
    expect(await statuses(id)).toEqual([['first', 'canceled']]);
  });

  test('that takes too long is stopped with its task', async () => {
    await using folder = await tempFolder();
    const ended = await engine.run('chained.gate', { folder: folder.path, workflow_timeout: 1 });
    expect(ended.status).toBe('timeout');
    expect(await statuses(ended.id)).toEqual([['first', 'canceled']]);
  });

  test('keeps its secret from what its tasks record and print', async () => {
    await using folder = await tempFolder();
    const { id } = await start('chained.gate', { folder: folder.path, password: 'p4ssword' });
    await logged(folder.path, 'first');
    await writeFile(path.join(folder.path, 'first'), '');
    await writeFile(path.join(folder.path, 'second'), '');
    const ended = await engine.ended(id);
    expect(ended.status).toBe('succeeded');
    expect(await readFile(path.join(folder.path, 'log'), 'utf8')).toBe('first p4ssword\nsecond\nthird\n');
    const children = await engine.client.executions.children({ id });
    expect(children[0]?.result).toMatchObject({ stdout: '********' });
    expect(JSON.stringify([ended, children])).not.toContain('p4ssword');
  });

  test('waits while it is paused, and goes on', async () => {
    await using folder = await tempFolder();
    const { id } = await start('chained.gate', { folder: folder.path });
    await logged(folder.path, 'first');
    expect((await engine.client.executions.pause({ id })).status).toBe('pausing');
    await writeFile(path.join(folder.path, 'first'), '');
    await inStatus(id, 'paused');
    await expect(engine.client.executions.pause({ id })).rejects.toMatchObject({ code: 'workflow/wrong-status' });
    expect(await statuses(id)).toEqual([['first', 'succeeded']]);
    expect((await engine.client.executions.resume({ id })).status).toBe('resuming');
    await logged(folder.path, 'second');
    await writeFile(path.join(folder.path, 'second'), '');
    expect((await engine.ended(id)).status).toBe('succeeded');
  });

  test('is paused by a question below it, and the workflow above it too, until it is answered', async () => {
    const { id } = await start('chained.outer');
    await inStatus(id, 'paused');
    const [inner] = await engine.client.executions.children({ id });
    expect(inner).toMatchObject({ action: 'chained.question', status: 'paused' });
    const [question] = await engine.client.inquiries.list();
    await engine.client.inquiries.respond({ id: question?.id ?? '', response: { word: 'yes' } });
    const ended = await engine.ended(id);
    expect(ended).toMatchObject({ status: 'succeeded', result: { tasks: [{}, { result: { stdout: 'yes!' } }] } });
  });

  test('that waits for a question is canceled with it', async () => {
    const { id } = await start('chained.outer');
    await inStatus(id, 'paused');
    await engine.client.executions.cancel({ id });
    expect((await engine.ended(id)).status).toBe('canceled');
    expect(await engine.client.inquiries.list()).toEqual([]);
  });

  test('that failed is run on from the task that did', async () => {
    await using folder = await tempFolder();
    const failed = await engine.run('chained.flaky', { folder: folder.path });
    expect(failed.status).toBe('failed');
    await writeFile(path.join(folder.path, 'ready'), '');
    const again = await engine.client.executions.rerun({ id: failed.id, tasks: [] });
    const ended = await engine.ended(again.id);
    expect(ended).toMatchObject({
      status: 'succeeded',
      context: { rerunOf: failed.id },
      result: { tasks: [{ name: 'prepare' }, { name: 'shaky', state: 'succeeded' }, { name: 'last' }] },
    });
    expect(await readFile(path.join(folder.path, 'log'), 'utf8')).toBe('prepare\nshaky 7\nshaky 7\n');
    await expect(engine.client.executions.rerun({ id: ended.id, tasks: ['nobody'] })).rejects.toMatchObject({
      code: 'workflow/rerun-refused',
    });
  });
});

async function start(action: string, parameters: JsonObject = {}): Promise<Execution> {
  return engine.client.executions.run({ action: action as ResourceRef, parameters });
}

async function inStatus(id: string, status: Execution['status']): Promise<void> {
  await until(`it is ${status}`, async () => (await engine.client.executions.get({ id })).status === status);
}

async function statuses(id: string): Promise<(string | undefined)[][]> {
  const children = await engine.client.executions.children({ id });
  return children.map(({ context, status }) => [context.task?.name, status]);
}

async function logged(folder: string, word: string): Promise<void> {
  const log = path.join(folder, 'log');
  await until(`${word} began`, async () => (await readFile(log, 'utf8').catch(() => '')).includes(word));
}

test('workflows within workflows need no place of their own: 200 deep, where one action may run at a time', async () => {
  await using home = await tempFolder();
  const actions = path.join(home.path, 'deep', 'actions');
  await mkdir(path.join(actions, 'chains'), { recursive: true });
  await writeFile(
    path.join(home.path, 'deep', 'pack.yaml'),
    'name: deep\ndescription: x\nversion: 1.0.0\nauthor: x\nemail: x@example.com\n',
  );
  for (let level = 0; level < 200; level++) {
    const below = level < 199 ? `deep.level${level + 1}` : 'core.noop';
    await writeFile(
      path.join(actions, `level${level}.yaml`),
      `name: level${level}\nrunner_type: action-chain\nentry_point: chains/level${level}.yaml\n`,
    );
    await writeFile(path.join(actions, 'chains', `level${level}.yaml`), `chain:\n  - {name: down, ref: ${below}}\n`);
  }
  await engine.install(path.join(home.path, 'deep'));
  expect((await engine.run('deep.level0')).status).toBe('succeeded');
});
