import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeServer, startFakeServer } from '../support/fake-server.ts';
import { runCli } from '../support/run-cli.ts';

let server: FakeServer;
beforeAll(async () => {
  server = await startFakeServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const cli = (...args: string[]) => runCli(server.home, args);

test('an action’s metadata or code is opened by its name', async () => {
  const { stdout, exitCode } = await cli('edit', 'hello.greet');
  expect(exitCode).toBe(0);
  expect(stdout).toContain('/data/packs/hello/actions/greet.yaml is open in code');
  await cli('edit', '--code', 'hello.greet');
  expect(server.world.opened).toEqual([
    { file: '/data/packs/hello/actions/greet.yaml' },
    { file: '/data/packs/hello/actions/greet.py' },
  ]);
});

test('a path with its line is opened as it is, and a refusal is told', async () => {
  await cli('edit', '/data/packs/hello/pack.yaml:12');
  expect(server.world.opened.at(-1)).toEqual({ file: '/data/packs/hello/pack.yaml', line: 12 });
  const { exitCode, stderr } = await cli('edit', '/etc/passwd');
  expect(exitCode).toBe(1);
  expect(stderr).toContain('`/etc/passwd` is not opened');
});

test('a path can be printed instead, for an editor in the terminal', async () => {
  const before = server.world.opened.length;
  expect((await cli('edit', '--path', 'hello.greet')).stdout.trim()).toBe('/data/packs/hello/actions/greet.yaml');
  expect(server.world.opened).toHaveLength(before);
  expect((await cli('edit', '--path', 'hello.nothing')).stderr).toContain('nothing named `hello.nothing`');
});

test('the editors of the machine are listed', async () => {
  const { stdout } = await cli('editors');
  expect(stdout).toMatch(/Zed +zed \{file\}:\{line\}/);
  expect(stdout).toContain('in use: code -g {file}:{line}');
});
