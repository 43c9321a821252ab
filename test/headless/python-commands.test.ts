import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeServer, startFakeServer } from '../support/fake-server.ts';
import { runCli } from '../support/run-cli.ts';

let server: FakeServer;
beforeAll(async () => {
  server = await startFakeServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const cli = (...args: string[]) => runCli(server.home, ['python', ...args]);
const json = async (...args: string[]) => JSON.parse((await cli(...args, '--json')).stdout);

test('what holds for all is shown and set', async () => {
  expect((await cli('show')).stdout).toMatch(/isolation: +auto/);
  expect(await json('set', 'isolation=cold', 'memoryMb=512', 'preImport=no')).toMatchObject({
    isolation: 'cold',
    preImport: false,
    limits: { memoryMb: 512, openFiles: 4096 },
  });
});

test('a pack and an action have values of their own, one beside the other', async () => {
  await cli('set', 'openFiles=100', 'outputKb=7');
  await cli('set', '--pack', 'hello', 'openFiles=200', 'isolation=fork');
  await cli('set', '--pack', 'hello', 'cpuSeconds=9');
  await cli('set', '--action', 'hello.greet', 'openFiles=300');
  expect(await json('show')).toMatchObject({ limits: { openFiles: 100 } });
  expect(await json('show', '--pack', 'hello')).toMatchObject({
    isolation: 'fork',
    limits: { openFiles: 200, cpuSeconds: 9, outputKb: 7 },
  });
  expect(await json('show', '--action', 'hello.greet')).toMatchObject({
    isolation: 'fork',
    limits: { openFiles: 300, cpuSeconds: 9, outputKb: 7 },
  });
});

test('what is its own can be taken away again', async () => {
  await cli('set', 'openFiles=100');
  await cli('set', '--pack', 'hello', 'openFiles=200');
  await cli('set', '--action', 'hello.greet', 'openFiles=300');
  expect(await json('reset', '--action', 'hello.greet')).toMatchObject({ limits: { openFiles: 200 } });
  expect(await json('reset', '--pack', 'hello')).toMatchObject({ limits: { openFiles: 100 } });
  expect((await cli('reset')).stderr).toContain('name `--pack` or `--action`');
});

test('what cannot be set is refused with the names that can', async () => {
  const { exitCode, stderr } = await cli('set', '--action', 'hello.greet', 'isolation=fork');
  expect([exitCode, stderr]).toEqual([
    2,
    'error: `isolation` cannot be set here; there is: memoryMb, cpuSeconds, openFiles, outputKb',
  ]);
  expect((await cli('set', 'isolation=magic')).stderr).toContain('isolation');
});
