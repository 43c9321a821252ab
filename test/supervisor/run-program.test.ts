import { expect, test } from 'vitest';
import { cleanEnvironment, insideVirtualenv } from '../../main/supervisor/child-environment.ts';
import { type ProgramSpec, runProgram } from '../../main/supervisor/run-program.ts';
import { isAlive } from '../support/processes.ts';
import { until } from '../support/until.ts';

const onUnix = test.skipIf(process.platform === 'win32');

test('the output, the exit code and the input of a program are its own', async () => {
  const end = await run(
    'process.stdin.on("data", (d) => { console.log("in " + d); console.error("oops"); process.exit(4) })',
    {
      input: 'hello',
    },
  );
  expect(end).toMatchObject({
    exitCode: 4,
    stdout: 'in hello\n',
    stderr: 'oops\n',
    truncated: false,
    stopped: undefined,
  });
});

test('a program sees only the environment that it is given', async () => {
  const end = await run('console.log(JSON.stringify(process.env))', { env: { ONLY: 'this' } });
  expect(JSON.parse(end.stdout)).toMatchObject({ ONLY: 'this' });
  expect(end.stdout).not.toContain('HOME');
});

test('a program that cannot be started is told as such and not thrown', async () => {
  const end = await runProgram({ command: '/no/such/program', args: [], env: {} }, new AbortController().signal);
  expect(end.startError).toContain('ENOENT');
});

test('output beyond the limit is read and thrown away', async () => {
  const end = await run('process.stdout.write("x".repeat(5_000_000)); process.stderr.write("end")', {
    outputLimit: 1000,
  });
  expect(end).toMatchObject({ exitCode: 0, truncated: true, stderr: 'end' });
  expect(end.stdout).toHaveLength(1000);
});

test('output that is no text harms nothing', async () => {
  const end = await run('process.stdout.write(Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x0a]))');
  expect(end.exitCode).toBe(0);
});

onUnix('a timeout kills the program and all that it started', async () => {
  const limit = new AbortController();
  const children: number[] = [];
  const running = run(
    `process.on('SIGTERM', () => {});
     const child = require('child_process').spawn('sleep', ['1000']); console.log(child.pid); setInterval(() => {}, 1000)`,
    { onOutput: (_, text) => children.push(Number(text)) },
    limit.signal,
  );
  await until('it has a child', () => children.length > 0);
  limit.abort('timeout');
  expect(await running).toMatchObject({ stopped: 'timeout', signal: 'SIGKILL' });
  await until('the child is gone', () => !isAlive(children[0] ?? 0));
});

onUnix('a canceled program may tidy up', async () => {
  const cancel = new AbortController();
  const seen: string[] = [];
  const running = run(
    `process.on('SIGTERM', () => { console.log('tidied'); process.exit(0) }); console.log('up'); setInterval(() => {}, 1000)`,
    { onOutput: (_, text) => seen.push(text) },
    cancel.signal,
  );
  await until('it is up', () => seen.length > 0);
  cancel.abort('canceled');
  expect(await running).toMatchObject({ stopped: 'canceled', stdout: 'up\ntidied\n' });
});

onUnix('a child left in the background does not hold up the end', async () => {
  const end = await runProgram(
    { command: '/bin/sh', args: ['-c', 'sleep 1000 & echo $!'], env: { PATH: process.env.PATH ?? '' } },
    new AbortController().signal,
  );
  const background = Number(end.stdout);
  expect(end.exitCode).toBe(0);
  expect(isAlive(background)).toBe(true);
  process.kill(background, 'SIGKILL');
});

test('children do not inherit what steers the app, nor the virtualenv that it was started in', () => {
  const clean = cleanEnvironment({
    HOME: '/home/me',
    PATH: ['/venv/bin', '/app/node_modules/.bin', '/usr/bin'].join(process.platform === 'win32' ? ';' : ':'),
    VIRTUAL_ENV: '/venv',
    PYTHONPATH: '/evil',
    NODE_OPTIONS: '--inspect',
    npm_config_x: '1',
    ELECTRON_RUN_AS_NODE: '1',
    HTTPS_PROXY: 'kept',
    EMPTY: undefined,
  });
  expect(clean).toEqual({ HOME: '/home/me', PATH: '/usr/bin', HTTPS_PROXY: 'kept' });
});

onUnix('a virtualenv comes first on PATH', () => {
  expect(insideVirtualenv({ PATH: '/usr/bin' }, '/envs/demo/bin/python')).toEqual({
    PATH: '/envs/demo/bin:/usr/bin',
    VIRTUAL_ENV: '/envs/demo',
  });
});

function run(program: string, spec: Partial<ProgramSpec> = {}, signal = new AbortController().signal) {
  return runProgram(
    { command: process.execPath, args: ['-e', program], env: { PATH: process.env.PATH ?? '' }, ...spec },
    signal,
  );
}
