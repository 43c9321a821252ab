import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../main/contract/json.ts';
import type { ParameterSpecs } from '../../main/contract/parameter-spec.ts';
import { remoteShellCommand, remoteShellScript } from '../../main/runners/remote-shell.ts';
import { type ProgramSpec, type RunProgram, runProgram } from '../../main/supervisor/run-program.ts';
import { needs } from '../support/needs.ts';
import { runJob } from '../support/run-job.ts';
import { type SshServer, startSshServer } from '../support/ssh-server.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const sshd = needs('sshd');
const never = new AbortController().signal;

describe.skipIf(sshd.skip)(`on hosts with a real sshd${sshd.reason}`, () => {
  let server: SshServer;
  beforeAll(async () => {
    server = await startSshServer(sshd.path ?? '');
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  type Options = { known?: boolean; signal?: AbortSignal; onStart?: () => void };

  function deps({ known = true, onStart = () => {} }: Options = {}) {
    const environment = { ...(known ? server.environment : server.stranger), SECRET_OF_THE_APP: 'x' };
    return { runProgram, platform: process.platform, environment: () => environment, onStart };
  }

  function given(more: JsonObject = {}): JsonObject {
    return { hosts: '127.0.0.1', port: server.port, private_key: server.key, cwd: '/tmp', dir: '/tmp', ...more };
  }

  function run(cmd: string, more: JsonObject = {}, options: Options = {}) {
    const job = runJob({ runnerParameters: given({ cmd, ...more }) });
    return remoteShellCommand(deps(options)).run(job, options.signal ?? never);
  }

  test('a command gives what a local one gives, by host', async () => {
    expect(await run('echo out; echo err >&2')).toEqual({
      status: 'succeeded',
      output: { '127.0.0.1': { succeeded: true, failed: false, return_code: 0, stdout: 'out', stderr: 'err' } },
    });
  });

  test('output that is JSON is a value', async () => {
    expect(await run(`echo '{"a": [1]}'`)).toMatchObject({ output: { '127.0.0.1': { stdout: { a: [1] } } } });
  });

  test('one host that fails fails the action, and the others are in the result', async () => {
    const hosts = `127.0.0.1:${server.port},localhost:${server.port}`;
    // Both are this machine: the one that makes the folder first is the one that succeeds.
    await using folder = await tempFolder();
    const outcome = await run(`mkdir ${folder.path}/first || exit 7`, { hosts });
    expect(outcome).toMatchObject({ status: 'failed', fault: { code: 'action/exit-code', kind: 'pack' } });
    const byHost = outcome.output as Record<string, { return_code: number }>;
    expect(Object.keys(byHost).sort()).toEqual(['127.0.0.1', 'localhost']);
    expect(
      Object.values(byHost)
        .map((each) => each.return_code)
        .sort(),
    ).toEqual([0, 7]);
    if (outcome.status === 'failed')
      expect(outcome.fault.message).toMatch(/^1 of 2 hosts failed; .*exited with code 7/);
  });

  test('one after another, with `parallel: false`', async () => {
    await using folder = await tempFolder();
    const hosts = `127.0.0.1:${server.port},localhost:${server.port}`;
    const cmd = `cd ${folder.path} && mkdir lock && sleep 0.2 && rmdir lock`;
    expect(await run(cmd, { hosts, parallel: false })).toMatchObject({ status: 'succeeded' });
  });

  test('variables and folder are as asked, whatever is in them, and nothing of the app’s own goes along', async () => {
    await using folder = await tempFolder();
    const cwd = path.join(folder.path, "it's here");
    await mkdir(cwd);
    const env = { WORDS: `it's "$HOME" \`x\``, NUMBER: 5, 'not a name': 'x' };
    const outcome = await run('pwd; echo "$WORDS"; echo "$NUMBER$SECRET_OF_THE_APP"; echo "$ST2_ACTION_PACK_NAME"', {
      cwd,
      env,
    });
    expect(outcome).toMatchObject({ output: { '127.0.0.1': { stdout: `${cwd}\n${env.WORDS}\n5\ndemo` } } });
  });

  test('a folder that is not there runs nothing', async () => {
    const outcome = await run('echo no\necho neither', { cwd: '/no/such/folder' });
    expect(outcome).toMatchObject({ status: 'failed', output: { '127.0.0.1': { succeeded: false, stdout: '' } } });
  });

  test('a command may end in a comment and have many lines', async () => {
    expect(await run('for x in a b; do\n echo $x\ndone # done')).toMatchObject({
      output: { '127.0.0.1': { stdout: 'a\nb' } },
    });
  });

  test('a key may be given as its text', async () => {
    const text = (await readFile(server.key, 'utf8')).trimEnd();
    expect(await run('echo in', { private_key: text })).toMatchObject({ status: 'succeeded' });
  });

  test('a passphrase opens a key, and a wrong one fails instead of asking', async () => {
    const passphrase = server.passphrase;
    expect(await run('echo in', { private_key: server.lockedKey, passphrase })).toMatchObject({ status: 'succeeded' });
    const wrong = await run('echo in', { private_key: server.lockedKey, passphrase: 'wrong' });
    expect(wrong).toMatchObject({ status: 'failed', fault: { code: 'ssh/failed' } });
    expect(JSON.stringify(wrong)).not.toContain('wrong');
  });

  test('neither key nor passphrase stay on the disk, nor are they on a command line', async () => {
    const key = await readFile(server.lockedKey, 'utf8');
    const seen: ProgramSpec[] = [];
    const folders: string[] = [];
    const watching: RunProgram = (spec, signal) => {
      seen.push(spec);
      const folder = path.dirname(spec.env.SSH_ASKPASS ?? '');
      folders.push(folder, ...readdirSync(folder));
      return runProgram(spec, signal);
    };
    const job = runJob({ runnerParameters: given({ cmd: 'true', private_key: key, passphrase: server.passphrase }) });
    const outcome = await remoteShellCommand({ ...deps(), runProgram: watching }).run(job, never);
    expect(outcome.status).toBe('succeeded');
    expect(folders.slice(1).sort()).toEqual(['askpass', 'key']);
    expect(existsSync(folders[0] ?? '')).toBe(false);
    expect(JSON.stringify(seen.map(({ args }) => args))).not.toContain(server.passphrase);
  });

  test('a key that the host does not accept fails with what to do', async () => {
    expect(await run('echo in', { private_key: server.strangeKey })).toMatchObject({
      status: 'failed',
      fault: { code: 'ssh/failed', kind: 'environment', hint: expect.stringContaining('private_key') },
      output: {
        '127.0.0.1': { succeeded: false, return_code: 255, error: expect.stringMatching(/permission denied/i) },
      },
    });
  });

  test.each([
    ['with a key', {}],
    ['with a passphrase', { passphrase: 'x' }],
  ])('a host that is not known is refused and not asked about, %s', async (_how, more) => {
    expect(await run('echo in', more, { known: false })).toMatchObject({
      status: 'failed',
      fault: { message: expect.stringMatching(/host key/i), hint: expect.stringContaining('accept it once') },
    });
  });

  test('a bastion is gone through, with the same key', async () => {
    const outcome = await run('echo "$SSH_CONNECTION"', { bastion_host: `localhost:${server.port}` });
    expect(outcome).toMatchObject({ status: 'succeeded' });
    const broken = await run('echo in', { bastion_host: 'localhost:1' });
    expect(broken).toMatchObject({ status: 'failed', fault: { code: 'ssh/failed' } });
  });

  test('a host that does not answer fails, and the result says so', async () => {
    expect(await run('echo in', { hosts: '127.0.0.1:1' })).toMatchObject({
      status: 'failed',
      output: { '127.0.0.1': { return_code: 255, error: expect.stringMatching(/refused/i) } },
    });
  });

  test('at its timeout it is stopped', async () => {
    const limit = new AbortController();
    const running = run('sleep 100', {}, { signal: limit.signal, onStart: () => limit.abort('timeout') });
    expect(await running).toMatchObject({ status: 'timeout', output: { '127.0.0.1': { succeeded: false } } });
  });

  test('what is printed is seen while it runs, with the host’s name where there are several', async () => {
    const hosts = `127.0.0.1:${server.port},localhost:${server.port}`;
    const job = runJob({ runnerParameters: given({ cmd: 'echo hello', hosts }) });
    await remoteShellCommand(deps()).run(job, never);
    expect([...job.printed].sort()).toEqual(['stdout: 127.0.0.1: hello\n', 'stdout: localhost: hello\n']);
  });

  describe('a script', () => {
    const SPECS: ParameterSpecs = { name: { type: 'string', position: 0 }, loud: { type: 'boolean' } };

    async function runScript(code: string, parameters: JsonObject, more: JsonObject = {}, lib = '') {
      await using pack = await tempFolder();
      await mkdir(path.join(pack.path, 'actions', 'lib'), { recursive: true });
      const entryPoint = path.join(pack.path, 'actions', 'act.sh');
      await writeFile(entryPoint, code);
      if (lib !== '') await writeFile(path.join(pack.path, 'actions', 'lib', 'words.sh'), lib);
      const job = runJob({ runnerParameters: given(more), parameters, specs: SPECS, entryPoint });
      const inPack = { ...job, pack: { ...job.pack, path: pack.path } };
      return await remoteShellScript(deps()).run(inPack, never);
    }

    test('is copied, gets its arguments, and leaves nothing behind', async () => {
      await using dir = await tempFolder();
      const code = '#!/bin/sh\nprintf "%s|" "$@"; pwd; cat\nexit 3\n';
      const outcome = await runScript(code, { name: `it's "me"`, loud: true }, { dir: dir.path, cwd: '/' });
      expect(outcome).toMatchObject({
        status: 'failed',
        output: { '127.0.0.1': { return_code: 3, stdout: `--loud|it's "me"|/`, stderr: '' } },
      });
      expect(await readdir(dir.path)).toEqual([]);
    });

    test('finds the pack’s `lib` beside it', async () => {
      const code = '#!/bin/sh\n. "$(dirname "$0")/lib/words.sh"\necho "$WORD $EXTRA"\n';
      const outcome = await runScript(code, {}, { env: { EXTRA: 'more' } }, 'WORD=shared\n');
      expect(outcome).toMatchObject({ status: 'succeeded', output: { '127.0.0.1': { stdout: 'shared more' } } });
    });
  });
});

describe('hosts', () => {
  const run = (parameters: JsonObject) => {
    const deps = {
      runProgram,
      platform: 'linux' as const,
      environment: () => ({ PATH: '/nowhere' }),
      onStart: () => {},
    };
    return remoteShellCommand(deps).run(runJob({ runnerParameters: { cmd: 'x', ...parameters } }), never);
  };

  test.each(['', ' , ', '-oProxyCommand=touch /tmp/x', 'a b', '$(id)', 'a;b'])('`%s` names none', async (hosts) => {
    expect(await run({ hosts })).toMatchObject({
      status: 'failed',
      fault: { code: 'ssh/hosts-invalid', kind: 'user' },
    });
  });

  test('without the program `ssh` it says what is missing', async () => {
    expect(await run({ hosts: 'a' })).toMatchObject({
      status: 'failed',
      fault: { code: 'ssh/failed', hint: 'install the OpenSSH client' },
      output: { a: { succeeded: false, error: expect.any(String) } },
    });
  });

  test('a private key that is neither a key nor a path is refused, and not repeated', async () => {
    const outcome = await run({ hosts: 'a', private_key: 'b3BlbnNzaC1rZXk' });
    expect(outcome).toMatchObject({ status: 'failed', fault: { code: 'ssh/key-missing' } });
    expect(JSON.stringify(outcome)).not.toContain('b3BlbnNzaC1rZXk');
  });

  test('a canceled one ends', async () => {
    const limit = new AbortController();
    limit.abort('canceled');
    const deps = {
      runProgram,
      platform: 'linux' as const,
      environment: () => ({ PATH: process.env.PATH ?? '' }),
      onStart: () => {},
    };
    const outcome = remoteShellCommand(deps).run(runJob({ runnerParameters: { cmd: 'x', hosts: 'a' } }), limit.signal);
    await until('it ended', async () => (await outcome).status);
    expect((await outcome).status).toBe('canceled');
  });
});
