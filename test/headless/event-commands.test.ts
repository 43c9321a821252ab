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

test('`trigger timers` prints when each comes next, and which never does', async () => {
  const { stdout } = await cli('trigger', 'timers');
  expect(stdout).toMatch(/2026-01-02 .*core\.st2\.CronTimer day_of_week="mon-fri" hour=9 +default\.morning/);
  expect(stdout).toMatch(/never +core\.st2\.DateTimer date="2020-01-01" +default\.past/);
});

test('`bus-key create` prints the password, and that the port will be another', async () => {
  const { stdout } = await cli('bus-key', 'create', 'attic', '--topics', 'attic/#', 'home/+');
  expect(stdout).toMatch(/user name: attic\npassword: s3cret\naddress: mqtt:\/\/.*\nhint: .*`bus\.port`/);
  expect(await json('bus-key', 'create', 'attic', '--topics', 'attic/#', 'home/+')).toMatchObject({
    name: 'attic',
    topics: ['attic/#', 'home/+'],
    password: 's3cret',
  });
});

test('a key for the app’s own topics is refused, with the reason', async () => {
  const { exitCode, stderr } = await cli('bus-key', 'create', 'attic', '--topics', 'stormlet/#');
  expect(stderr).toContain('topics below `stormlet/` are the app’s own');
  expect(exitCode).not.toBe(0);
});

test('`bus-key list` and `bus-key delete` name the keys', async () => {
  expect((await cli('bus-key', 'list')).stdout).toMatch(/kitchen .*home\/# attic/);
  expect((await cli('bus-key', 'delete', 'kitchen')).stdout).toBe('kitchen is deleted');
});
