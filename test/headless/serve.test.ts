import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { runFile } from '../../main/rpc/run-file.ts';
import { runCli } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const PROGRAM = path.resolve(import.meta.dirname, '../fixtures/programs/serve-fake.ts');

/** The headless app as a process; `address` resolves when it says that it runs. */
function startApp(home: string, env: Record<string, string> = {}) {
  const child = execa(process.execPath, [PROGRAM], {
    env: { PATH: process.env.PATH, STORMLET_HOME: home, ...env },
    extendEnv: false,
    reject: false,
  });
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  const address = () => until('the app says where it runs', () => /running: (\S+)/.exec(printed)?.[1]);
  return { child, address, printed: () => printed };
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s stops the app in order, with exit code 0', async (signal) => {
  await using folder = await tempFolder();
  const app = startApp(folder.path);
  const address = await app.address();
  expect((await fetch(address.split('#')[0] ?? '')).status).toBe(503);
  app.child.kill(signal);
  const { exitCode, stderr } = await app.child;
  expect(app.printed()).toContain('Ctrl-C stops it.');
  expect(app.printed()).toMatch(/Stormlet is stopping\nengine stopped, headless 8\n$/);
  expect([exitCode, stderr]).toEqual([0, '']);
  await expect(stat(runFile(path.join(folder.path, 'data')))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('the printed address lets a browser in, and the CLI finds the app by its folders', async () => {
  await using folder = await tempFolder();
  const app = startApp(folder.path);
  const [url, token] = (await app.address()).split('/#token=');
  const session = await fetch(`${url}/session`, { method: 'POST', body: JSON.stringify({ token }) });
  expect(session.status).toBe(204);
  expect((await runCli(folder.path, ['pack', 'list'])).stdout).toContain('hello');
  app.child.kill();
  await app.child;
});

test('a second start on the same folders says who has them, and the first goes on', async () => {
  await using folder = await tempFolder();
  const first = startApp(folder.path);
  const [url] = (await first.address()).split('/#token=');
  const { exitCode, stderr } = await startApp(folder.path).child;
  expect(stderr).toContain(`error: Stormlet is already running: process ${first.child.pid} at ${url}`);
  expect(stderr).toContain('hint: ');
  expect(exitCode).toBe(1);
  expect((await runCli(folder.path, ['status'])).exitCode).toBe(0);
  first.child.kill();
  await first.child;
});

test('an app that was killed leaves folders that the next start takes over', async () => {
  await using folder = await tempFolder();
  const first = startApp(folder.path);
  await first.address();
  first.child.kill('SIGKILL');
  await first.child;
  expect((await runCli(folder.path, ['status'])).stderr).toContain('Stormlet is not running');
  const second = startApp(folder.path);
  await second.address();
  second.child.kill();
  expect((await second.child).exitCode).toBe(0);
});

test('an engine that does not start ends the app with its error and gives the folders free', async () => {
  await using folder = await tempFolder();
  const { exitCode, stderr } = await startApp(folder.path, { FAIL: 'start' }).child;
  expect([exitCode, stderr]).toEqual([1, 'error: no engine today']);
  await expect(stat(runFile(path.join(folder.path, 'data')))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('an error that nothing caught is logged, and the app still stops in order', async () => {
  await using folder = await tempFolder();
  const app = startApp(folder.path, { FAIL: 'uncaught' });
  const { exitCode } = await app.child;
  expect(app.printed()).toContain('engine stopped');
  expect(exitCode).toBe(1);
  const log = await readFile(path.join(folder.path, 'data', 'logs', 'stormlet.log'), 'utf8');
  expect(log).toContain('nobody expected this');
});

test('an app whose terminal is gone goes on, and logs what it can no longer print', async () => {
  await using folder = await tempFolder();
  const app = startApp(folder.path, { FAIL: 'uncaught' });
  app.child.stdout.destroy();
  app.child.stderr.destroy();
  expect((await app.child).exitCode).toBe(1);
  const log = await readFile(path.join(folder.path, 'data', 'logs', 'stormlet.log'), 'utf8');
  expect(log).not.toContain('EPIPE');
  expect(log).toContain('nobody expected this');
});

test('a settings file that cannot be used is named, with what is wrong in it', async () => {
  await using folder = await tempFolder();
  const file = path.join(folder.path, 'config', 'settings.json');
  await mkdir(path.dirname(file), { recursive: true });
  for (const [text, why] of [
    ['{"executions": {"concurrency": 0}}', '`executions.concurrency`'],
    ['{"executions": ', 'JSON'],
  ] as const) {
    await writeFile(file, text);
    const { exitCode, stderr } = await startApp(folder.path).child;
    expect(stderr).toContain(`error: ${file}: `);
    expect(stderr).toContain(why);
    expect(stderr).toContain('hint: correct the file');
    expect(exitCode).toBe(1);
  }
});
