import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeServer, startFakeServer } from '../support/fake-server.ts';
import { runCli } from '../support/run-cli.ts';

let server: FakeServer;
beforeAll(async () => {
  server = await startFakeServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const cli = (...args: string[]) => runCli(server.home, ['policy', ...args]);
const json = async (...args: string[]) => JSON.parse((await cli(...args, '--json')).stdout);

test('a policy is made, listed, shown, switched and deleted', async () => {
  expect((await cli('list')).stdout).toBe('there are no policies');
  const asked = ['create', 'one_at_a_time', '--for', 'hello.greet', '--type', 'action.concurrency.attr'];
  expect(await json(...asked, 'threshold=1', 'attributes=who')).toMatchObject({
    ref: 'default.one_at_a_time',
    resource: 'hello.greet',
    parameters: { threshold: 1, attributes: ['who'] },
  });
  expect((await cli('list')).stdout).toMatch(/default\.one_at_a_time +active +action\.concurrency\.attr +hello\.greet/);
  expect((await cli('get', 'default.one_at_a_time')).stdout).toContain('policy_type: action.concurrency.attr');
  expect((await cli('disable', 'default.one_at_a_time')).stdout).toBe('default.one_at_a_time is disabled');
  expect((await cli('delete', 'default.one_at_a_time')).exitCode).toBe(0);
  expect((await cli('get', 'default.one_at_a_time')).stderr).toContain('there is no policy');
});

test('an unknown type is refused with those that there are', async () => {
  const { exitCode, stderr } = await cli('create', 'x', 'threshold=1', '--for', 'hello.greet', '--type', 'luck');
  expect([exitCode, stderr.includes('action.retry')]).toEqual([2, true]);
});
