import { afterAll, beforeAll, expect, test } from 'vitest';
import { removePath, setPath } from '../../main/headless/set-path.ts';
import { type FakeServer, startFakeServer } from '../support/fake-server.ts';
import { runCli } from '../support/run-cli.ts';

let server: FakeServer;
beforeAll(async () => {
  server = await startFakeServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const cli = (...args: string[]) => runCli(server.home, args);

test('a pack’s configuration is shown with its defaults, what is missing, and no secret', async () => {
  const { stdout, exitCode } = await cli('pack', 'config', 'hello');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/url +missing/);
  expect(stdout).toMatch(/token +file +\*{8}/);
  expect(stdout).toMatch(/retries +default +3/);
  expect(stdout).toContain('hint: token can be read in the file; `stormlet pack config hello --encrypt`');
});

test('values are set by name, read as their type, and taken away; a secret comes from stdin', async () => {
  const words = ['url=http://one', 'retries=5', 'login.user=me', 'extra={{ st2kv.system.x }}'];
  await cli('pack', 'config', 'hello', ...words, '--unset', 'token');
  expect(server.world.savedConfigs.at(-1)).toMatchObject({
    values: { url: 'http://one', retries: 5, login: { user: 'me' }, extra: '{{ st2kv.system.x }}' },
    revision: '0',
  });
  await runCli(server.home, ['pack', 'config', 'hello', '--secret', 'login.password'], { input: 's3cret\n' });
  expect(server.world.savedConfigs.at(-1)?.values?.login).toEqual({ user: 'me', password: 's3cret' });
  const wrong = await cli('pack', 'config', 'hello', 'retries=many');
  expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining('`retries` must be integer')]);
});

test('a key is set, listed, read and deleted; a secret one is masked until it is decrypted', async () => {
  expect((await cli('key', 'set', 'place.url', 'http://one', '--ttl', '60')).stdout).toBe('place.url is set');
  const secret = await runCli(server.home, ['key', 'set', 'place.token', '--secret'], { input: 's3cret\n' });
  expect(secret.stdout).toBe('place.token is set, encrypted');
  const { stdout } = await cli('key', 'list', 'place.');
  expect(stdout).toMatch(/place\.url +1970-\S+ \S+ +http:\/\/one/);
  expect(stdout).toMatch(/place\.token +secret +\*{8}/);
  expect((await cli('key', 'get', 'place.token')).stdout).toBe('********');
  expect((await cli('key', 'get', 'place.token', '--decrypt')).stdout).toBe('s3cret');
  expect((await cli('key', 'delete', 'place.token')).stdout).toBe('place.token is deleted');
  const gone = await cli('key', 'get', 'place.token');
  expect([gone.exitCode, gone.stderr]).toEqual([1, expect.stringContaining('no key `place.token`')]);
  expect((await cli('key', 'list', '--scope', 'other')).exitCode).toBe(2);
});

test('a value is set and taken away at any depth, and nothing else with it', () => {
  expect(setPath({ a: [1] }, ['a', 0], 2)).toEqual({ a: [2] });
  expect(setPath({ a: [1] }, ['a', 7], 2)).toEqual({ a: [1, 2] });
  expect(setPath({}, ['a', 'b', 0, 'c'], 1)).toEqual({ a: { b: [{ c: 1 }] } });
  expect(removePath({ a: [1, 2], b: { c: 1 } }, ['a', 0])).toEqual({ a: [2], b: { c: 1 } });
  expect(removePath({ b: { c: 1, d: 2 } }, ['b', 'c'])).toEqual({ b: { d: 2 } });
  expect(removePath({ a: 1 }, ['b', 'c'])).toEqual({ a: 1 });
});
