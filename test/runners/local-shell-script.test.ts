import { chmod, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { localShellScript, scriptInvocation } from '../../main/runners/local-shell-script.ts';
import { runProgram } from '../../main/supervisor/run-program.ts';
import { runJob } from '../support/run-job.ts';
import { tempFolder } from '../support/temp-folder.ts';

const never = new AbortController().signal;
const runner = localShellScript({
  runProgram,
  environment: () => ({ PATH: process.env.PATH ?? '' }),
  platform: process.platform,
  onStart: () => {},
});

describe.runIf(process.platform !== 'win32')('on Unix', () => {
  test('a script is made executable and gets its arguments unharmed', async () => {
    await using folder = await tempFolder();
    const entryPoint = await script(folder.path, 'show.sh', '#!/bin/sh\nfor a in "$@"; do printf "<%s>" "$a"; done\n');
    const job = runJob({
      entryPoint,
      specs: { file: { position: 0 } },
      parameters: { file: `it's $HOME "x"`, level: 2, quiet: true, dry: false },
      runnerParameters: { kwarg_op: '--' },
    });
    expect(await runner.run(job, never)).toMatchObject({
      status: 'succeeded',
      output: { stdout: `<--level=2><--quiet><it's $HOME "x">` },
    });
    expect((await stat(entryPoint)).mode & 0o111).toBe(0o111);
  });

  test('a Python script runs by its shebang', async () => {
    await using folder = await tempFolder();
    const text = '#!/usr/bin/env python3\nimport json, sys\nprint(json.dumps(sys.argv[1:]))\n';
    const job = runJob({ entryPoint: await script(folder.path, 'args.py', text), parameters: { a: [1, 2] } });
    expect(await runner.run(job, never)).toMatchObject({ output: { stdout: ['--a=1,2'] } });
  });

  test('a script without a shebang is run by sh', async () => {
    await using folder = await tempFolder();
    const job = runJob({ entryPoint: await script(folder.path, 'plain', 'echo plain\n') });
    expect(await runner.run(job, never)).toMatchObject({ status: 'succeeded', output: { stdout: 'plain' } });
  });

  test('a script whose interpreter is missing fails with what the system says of it', async () => {
    await using folder = await tempFolder();
    const job = runJob({ entryPoint: await script(folder.path, 'odd', '#!/no/such/interpreter\n') });
    expect(await runner.run(job, never)).toMatchObject({
      status: 'failed',
      fault: { code: 'action/exit-code', message: expect.stringMatching(/odd/) },
    });
  });

  test('a script that is gone is named', async () => {
    expect(await runner.run(runJob({ entryPoint: '/no/such/script.sh' }), never)).toMatchObject({
      status: 'failed',
      fault: { code: 'script/not-executable', message: expect.stringContaining('/no/such/script.sh') },
    });
  });
});

test('an action without a script names its metadata file', async () => {
  expect(await runner.run(runJob({}), never)).toMatchObject({
    status: 'failed',
    fault: { code: 'action/entry-point-missing', hint: expect.stringContaining('/packs/demo/actions/act.yaml') },
  });
});

test.each([
  ['C:\\p\\a.ps1', 'powershell.exe'],
  ['C:\\p\\a.PY', 'C:\\venv\\python.exe'],
  ['C:\\p\\a.sh', 'bash.exe'],
  ['C:\\p\\a.cmd', 'C:\\p\\a.cmd'],
])('on Windows the extension chooses the program: %s', (file, command) => {
  const invocation = scriptInvocation(file, ['x'], 'win32', 'C:\\venv\\python.exe');
  expect(invocation?.command).toBe(command);
  expect(invocation?.args.at(-1)).toBe('x');
});

test('on Windows a script of unknown kind has no program', () => {
  expect(scriptInvocation('C:\\p\\run', [], 'win32', undefined)).toBeUndefined();
});

async function script(folder: string, name: string, text: string): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, text);
  await chmod(file, 0o644);
  return file;
}
