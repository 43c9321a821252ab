import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../main/contract/json.ts';
import { localShellCommand, shellInvocation } from '../../main/runners/local-shell-command.ts';
import type { RunOutcome } from '../../main/runners/runner.ts';
import type { ShellDeps } from '../../main/runners/shell-program.ts';
import { runProgram } from '../../main/supervisor/run-program.ts';
import { isAlive } from '../support/processes.ts';
import { runJob } from '../support/run-job.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const never = new AbortController().signal;
const unix = process.platform !== 'win32';

describe.runIf(unix)('on Unix', () => {
  test('what a command prints and its exit code become the output object', async () => {
    const outcome = await run({ cmd: 'echo out; echo err >&2' });
    expect(outcome).toEqual({
      status: 'succeeded',
      output: { succeeded: true, failed: false, return_code: 0, stdout: 'out', stderr: 'err' },
    });
  });

  test.each([
    ['echo 5', 5],
    ['echo true', true],
    ['echo null', null],
    [`echo '{"a": [1]}'`, { a: [1] }],
    [`printf 'two\\n\\n'`, 'two\n'],
    ['echo 12345678901234567890', '12345678901234567890'],
    ['echo 1e999', '1e999'],
    ['true', ''],
  ])('output that is JSON becomes its value: %s', async (cmd, stdout) => {
    expect(outputOf(await run({ cmd })).stdout).toEqual(stdout);
  });

  test('a command that fails says its exit code and its last line', async () => {
    const outcome = await run({ cmd: 'echo first >&2; echo no such thing >&2; exit 3' });
    expect(outcome).toMatchObject({
      status: 'failed',
      fault: { code: 'action/exit-code', kind: 'pack', message: 'the command exited with code 3: no such thing' },
      output: { succeeded: false, failed: true, return_code: 3, stderr: 'first\nno such thing' },
    });
  });

  test('a command ended by a signal has minus its number as return code', async () => {
    expect(outputOf(await run({ cmd: 'kill -9 $$' })).return_code).toBe(-9);
  });

  test('output is told while the command runs', async () => {
    const job = runJob({ runnerParameters: { cmd: 'echo one; echo two >&2' } });
    await localShellCommand(deps()).run(job, never);
    expect(job.printed.toSorted()).toEqual(['stderr: two\n', 'stdout: one\n']);
  });

  test('the environment is the given one, the names of StackStorm and the variables of `env`', async () => {
    const outcome = await run({ cmd: 'env', env: { GREETING: 'hello "you"', COUNT: 3, GONE: null } });
    const lines = String(outputOf(outcome).stdout).split('\n');
    expect(lines).toContain('GREETING=hello "you"');
    expect(lines).toContain('COUNT=3');
    expect(lines).toContain('ST2_ACTION_PACK_NAME=demo');
    expect(lines).toContain('ST2_ACTION_EXECUTION_ID=execution-1');
    expect(lines).toContain('STORMLET_PACK_DATA=/data/demo');
    expect(lines.filter((line) => /^(GONE|VITEST)=/.test(line))).toEqual([]);
  });

  test('a command runs in `cwd`, and in the home folder without one', async () => {
    await using home = await tempFolder();
    await using folder = await tempFolder();
    const environment = () => ({ HOME: home.path });
    expect(outputOf(await run({ cmd: 'pwd', cwd: folder.path }, { environment })).stdout).toBe(folder.path);
    expect(outputOf(await run({ cmd: 'pwd' }, { environment })).stdout).toBe(home.path);
  });

  test('a `cwd` that is not there is named', async () => {
    expect(await run({ cmd: 'pwd', cwd: '/no/such/folder' })).toMatchObject({
      status: 'failed',
      fault: { code: 'shell/cwd-missing', kind: 'user', message: expect.stringContaining('`/no/such/folder`') },
    });
  });

  test('at its timeout a command ends with its children, and what it printed is kept', async () => {
    const stop = new AbortController();
    const job = runJob({ runnerParameters: { cmd: 'sleep 1000 & echo $!; wait' } });
    const running = localShellCommand(deps()).run(job, stop.signal);
    await until('the child tells its process id', () => job.printed.length > 0);
    stop.abort('timeout');
    const outcome = await running;
    expect(outcome).toMatchObject({ status: 'timeout', output: { failed: true, return_code: -9 } });
    const child = Number(outputOf(outcome).stdout);
    await until('the child is gone', () => !isAlive(child));
  });

  test.runIf(process.platform === 'linux')('what left its process group ends with it at its timeout', async () => {
    const stop = new AbortController();
    const job = runJob({ runnerParameters: { cmd: `setsid sh -c 'echo $$; exec sleep 1000' & wait` } });
    const running = localShellCommand(deps()).run(job, stop.signal);
    await until('the daemon tells its process id', () => job.printed.length > 0);
    stop.abort('timeout');
    const outcome = await running;
    expect(outcome.status).toBe('timeout');
    const daemon = Number(outputOf(outcome).stdout);
    expect(daemon).toBeGreaterThan(0);
    await until('the daemon is gone', () => !isAlive(daemon));
  });

  test('a canceled command is canceled', async () => {
    const stop = new AbortController();
    const job = runJob({ runnerParameters: { cmd: 'echo up; sleep 1000' } });
    const running = localShellCommand(deps()).run(job, stop.signal);
    await until('the command runs', () => job.printed.length > 0);
    stop.abort('canceled');
    expect((await running).status).toBe('canceled');
  });

  test('`sudo` is asked not to prompt, and its refusal is told with what to do', async () => {
    await using tools = await fakeSudo('echo "sudo: a password is required" >&2; exit 1');
    expect(await run({ cmd: 'true', sudo: true }, tools)).toMatchObject({
      status: 'failed',
      fault: {
        code: 'sudo/refused',
        kind: 'environment',
        message: '`sudo` refused: a password is required',
        hint: expect.stringContaining('sudo_password'),
      },
    });
    expect(await tools.calls()).toMatch(/^-n -E -- /);
  });

  test('under `sudo` the command keeps its output and its exit code', async () => {
    await using tools = await fakeSudo('while [ "$1" != -- ]; do shift; done; shift; exec "$@"');
    const outcome = await run({ cmd: 'echo as root; exit 4', sudo: true }, tools);
    expect(outcome).toMatchObject({ status: 'failed', output: { return_code: 4, stdout: 'as root' } });
  });

  test('a sudo password goes in by stdin, never by the command line', async () => {
    await using tools = await fakeSudo('read -r password; echo "got $password"');
    expect(outputOf(await run({ cmd: 'true', sudo: true, sudo_password: 'hush' }, tools)).stdout).toBe('got hush');
    expect(await tools.calls()).toMatch(/^-S -p {2}-E -- /);
    expect(await tools.calls()).not.toContain('hush');
  });

  test.runIf(process.platform === 'linux')('what runs under `sudo` is ended through `sudo`', async () => {
    // Its own session stands for what the user may not signal: the group that is killed is the one that root told.
    await using tools = await fakeSudo(
      'while [ "$1" != -- ]; do shift; done; shift; [ "$1" = kill ] && exec "$@"; exec setsid -w "$@"',
    );
    const stop = new AbortController();
    const job = runJob({ runnerParameters: { cmd: 'echo $$; sleep 1000', sudo: true } });
    const running = localShellCommand(deps(tools)).run(job, stop.signal);
    await until('the command runs', () => job.printed.length > 0);
    stop.abort('timeout');
    const outcome = await running;
    expect(outcome.status).toBe('timeout');
    await until('the command is gone', () => !isAlive(Number(outputOf(outcome).stdout)));
  });

  test('a machine without `sudo` is told apart', async () => {
    await using empty = await tempFolder();
    const environment = () => ({ HOME: empty.path, PATH: empty.path });
    expect(await run({ cmd: 'true', sudo: true }, { environment })).toMatchObject({
      fault: { code: 'sudo/not-found' },
    });
  });
});

test('on Windows PowerShell gets the command encoded, and answers with its exit code', () => {
  const { command, args } = shellInvocation(`echo "it's" & exit 2`, 'win32');
  const script = Buffer.from(args.at(-1) ?? '', 'base64').toString('utf16le');
  expect(command).toBe('powershell.exe');
  expect(script).toContain(`\necho "it's" & exit 2\n`);
  expect(script).toContain('exit $LASTEXITCODE');
});

test('on Windows `sudo` is refused', async () => {
  const outcome = await run({ cmd: 'whoami', sudo: true }, { platform: 'win32' });
  expect(outcome).toMatchObject({ status: 'failed', fault: { code: 'sudo/not-found' } });
});

function run(runnerParameters: JsonObject, given: Partial<ShellDeps> = {}): Promise<RunOutcome> {
  return localShellCommand(deps(given)).run(runJob({ runnerParameters }), never);
}

function deps(given: Partial<ShellDeps> = {}): ShellDeps {
  return {
    runProgram,
    environment:
      given.environment ?? ((pack) => ({ PATH: process.env.PATH ?? '', STORMLET_PACK_DATA: `/data/${pack}` })),
    platform: given.platform ?? process.platform,
    onStart: () => {},
  };
}

function outputOf(outcome: RunOutcome): JsonObject {
  return ('output' in outcome ? outcome.output : undefined) as JsonObject;
}

/** A `sudo` that writes down its arguments, then does as the given lines say. */
async function fakeSudo(lines: string) {
  const folder = await tempFolder();
  const calls = path.join(folder.path, 'calls');
  const file = path.join(folder.path, 'sudo');
  await writeFile(file, `#!/bin/sh\nprintf '%s\\n' "$*" >> '${calls}'\n${lines}\n`);
  await chmod(file, 0o755);
  return {
    environment: () => ({ PATH: `${folder.path}:${process.env.PATH}` }),
    calls: () => readFile(calls, 'utf8'),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}
