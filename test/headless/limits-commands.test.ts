import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeServer, startFakeServer } from '../support/fake-server.ts';
import { runCli } from '../support/run-cli.ts';

let server: FakeServer;
beforeAll(async () => {
  server = await startFakeServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const cli = (...args: string[]) => runCli(server.home, args);
const json = async (...args: string[]) => JSON.parse((await cli('--json', ...args)).stdout);

test('how many run at one time is shown and set, for all and for a pack', async () => {
  expect((await cli('limits', 'show')).stdout).toMatch(/concurrency: +8\nworkflows: +64/);
  expect(await json('limits', 'set', 'concurrency=3')).toMatchObject({ concurrency: 3, workflows: 64 });
  expect(await json('limits', 'set', '--pack', 'hello', 'concurrency=2')).toEqual({ concurrency: 2 });
  expect(await json('limits', 'show')).toEqual({ concurrency: 3, workflows: 64, packs: { hello: { concurrency: 2 } } });
  await cli('limits', 'set', '--pack', 'hello', 'concurrency=0');
  expect((await cli('limits', 'show', '--pack', 'hello')).stdout).toContain('no limit of its own');
  expect((await cli('limits', 'set', 'speed=2')).stderr).toContain('`speed` cannot be set here');
  expect((await cli('limits', 'set', 'concurrency=0')).exitCode).toBe(1);
});

test('an execution runs once more, with some parameters changed', async () => {
  const id = (await cli('action', 'run', '--no-wait', 'hello.greet', 'who=Ada')).stdout.trim();
  const { exitCode, stderr } = await cli('execution', 'rerun', id, 'who=Grace');
  expect(exitCode).toBe(0);
  expect(stderr).toContain('succeeded');
  expect(server.world.runs.at(-1)).toMatchObject({ action: 'hello.greet', parameters: { who: 'Grace' } });
});

test('an action may be asked for later', async () => {
  const args = ['action', 'run', '--no-wait', 'hello.greet', 'who=Ada', '--delay'];
  expect((await cli(...args, '5m')).exitCode).toBe(0);
  expect(await json(...args, '1.5s')).toMatchObject({ status: 'delayed', delay: { until: expect.any(String) } });
  expect((await cli(...args, 'soon')).stderr).toContain('it is a number with');
});
