import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../../main/contract/json.ts';
import type { ActionDefinition } from '../../../main/contract/packs.ts';
import type { PackRef, ResourceRef } from '../../../main/contract/refs.ts';
import { Settings } from '../../../main/contract/settings.ts';
import { pythonScriptRunner } from '../../../main/runners/python-script/python-script.ts';
import type { RunJob, RunOutcome } from '../../../main/runners/runner.ts';
import { stormletOperationRunner } from '../../../main/runners/stormlet-operation.ts';
import { cleanEnvironment } from '../../../main/supervisor/child-environment.ts';
import { isAlive } from '../../support/processes.ts';
import { findTestPython } from '../../support/python.ts';
import { pythonProcesses } from '../../support/python-processes.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { until } from '../../support/until.ts';

const HEAD = 'from st2common.runners.base_action import Action\n\nclass Run(Action):\n    def run(self, **kwargs):\n';

test('the result travels apart from what the action prints', async () => {
  const { outcome, printed } = await run(
    "print('to stdout'); import sys; print('to stderr', file=sys.stderr); return kwargs",
    {
      parameters: { n: 1, deep: { ü: [null, true] } },
    },
  );
  expect(outcome).toEqual({
    status: 'succeeded',
    isolation: 'cold',
    output: { result: { n: 1, deep: { ü: [null, true] } }, stdout: 'to stdout\n', stderr: 'to stderr\n', exit_code: 0 },
  });
  expect(printed).toContain('to stdout');
});

test('an action that raises fails with its last words, and StackStorm\'s result "None"', async () => {
  const { outcome } = await run("raise ValueError('no such user')");
  expect(outcome).toMatchObject({
    status: 'failed',
    fault: { code: 'action/raised', kind: 'pack', message: expect.stringContaining('ValueError: no such user') },
    output: { result: 'None', exit_code: 1, stderr: expect.stringContaining('Traceback') },
  });
});

test('an action that ends its process fails with the exit code', async () => {
  const { outcome } = await run('import os; os._exit(3)');
  expect(outcome).toMatchObject({ status: 'failed', fault: { code: 'action/exited' }, output: { exit_code: 3 } });
});

test('an action that says it failed has failed, with its result', async () => {
  const { outcome } = await run("return (False, {'why': 'no disk'})");
  expect(outcome).toMatchObject({
    status: 'failed',
    fault: { code: 'action/returned-failure' },
    output: { result: { why: 'no disk' } },
  });
});

test('megabytes of rubbish on stdout harm neither the result nor the app', async () => {
  const { outcome } = await run(
    `import sys\n        for _ in range(8): sys.stdout.buffer.write(b'{"status": true, "result": 5}\\xff\\x00' * 32768)\n        return {'ok': True}`,
  );
  expect(outcome).toMatchObject({ status: 'succeeded', output: { result: { ok: true } } });
  expect(JSON.stringify(outcome).length).toBeLessThan(40 * 1024 * 1024);
});

test('neither parameters nor configuration stand on the command line', async () => {
  const { outcome } = await run(
    "return open('/proc/self/cmdline').read() if __import__('os').path.exists('/proc/self/cmdline') else ''",
    {
      parameters: { token: 'hunter2-on-stdin' },
      config: { password: 'hunter3-on-stdin' },
    },
  );
  expect(JSON.stringify(outcome)).not.toContain('on-stdin');
});

test('the configuration and the environment that was asked for reach the action', async () => {
  const { outcome } = await run(
    "import os; return [self.config['host'], os.environ['COLOUR'], os.environ.get('PYTHONPATH')]",
    {
      config: { host: 'localhost' },
      runnerParameters: { env: { COLOUR: 'red', PYTHONPATH: '/evil' } },
    },
  );
  expect(outcome).toMatchObject({ output: { result: ['localhost', 'red', null] } });
});

test('an action that hangs is killed with all it started, and says so', async () => {
  const limit = new AbortController();
  const program =
    "import subprocess, time\n        print(subprocess.Popen(['sleep', '1000']).pid, flush=True)\n        time.sleep(1000)";
  const started = Promise.withResolvers<number>();
  const running = run(
    program,
    { runnerParameters: { timeout: 5 }, onOutput: (text) => started.resolve(Number(text)) },
    limit.signal,
  );
  const child = await started.promise;
  limit.abort('timeout');
  expect((await running).outcome).toMatchObject({
    status: 'timeout',
    output: { error: expect.stringContaining('5 seconds') },
  });
  await until('the child is gone', () => !isAlive(child));
});

test('a pack without a virtualenv, and an action without a file, say what to do', async () => {
  const notReady = await run('return 1', { python: undefined });
  expect(notReady.outcome).toMatchObject({
    status: 'failed',
    fault: { code: 'pack/not-ready', hint: expect.stringContaining('setup-virtualenv') },
  });
  const noFile = await run('return 1', { entryPoint: undefined });
  expect(noFile.outcome).toMatchObject({ status: 'failed', fault: { code: 'action/entry-point-missing' } });
});

test('an interpreter that is gone is named', async () => {
  const { outcome } = await run('return 1', { python: '/no/such/python' });
  expect(outcome).toMatchObject({ status: 'failed', fault: { code: 'python/cannot-start', kind: 'environment' } });
});

test("only the app's own packs reach its operations", async () => {
  const runner = stormletOperationRunner({ 'packs.get': async () => ({ ok: true }) });
  const job = (pack: string, entryPoint: string) =>
    runner.run(jobOf({ pack, entryPoint, file: '/x', folder: '/x' }), new AbortController().signal);
  expect(await job('packs', 'packs.get')).toMatchObject({ status: 'succeeded', output: { result: { ok: true } } });
  expect(await job('stranger', 'packs.get')).toMatchObject({
    status: 'failed',
    fault: { code: 'action/operation-refused' },
  });
  expect(await job('packs', 'constructor')).toMatchObject({
    status: 'failed',
    fault: { code: 'action/operation-refused' },
  });
});

type Options = {
  parameters?: JsonObject;
  config?: JsonObject;
  runnerParameters?: JsonObject;
  python?: string | undefined;
  entryPoint?: undefined;
  onOutput?: (text: string) => void;
};

async function run(body: string, options: Options = {}, signal = new AbortController().signal) {
  await using folder = await tempFolder();
  const file = path.join(folder.path, 'action.py');
  await writeFile(file, `${HEAD}        ${body}\n`);
  const { processes } = pythonProcesses(folder.path);
  await using _ = processes;
  const runner = pythonScriptRunner({
    processes,
    settings: () => Settings.parse({ python: { isolation: 'cold' } }).python,
    resultFolder: path.join(folder.path, 'results'),
    environment: () => cleanEnvironment(process.env),
    sharedSitePackages: () => [],
    onStart: () => {},
  });
  const printed: string[] = [];
  const python = 'python' in options ? options.python : await findTestPython();
  const job: RunJob = {
    ...jobOf({ pack: 'demo', entryPoint: 'action.py', file, folder: folder.path }),
    ...('entryPoint' in options && { entryPoint: options.entryPoint }),
    parameters: options.parameters ?? {},
    runnerParameters: options.runnerParameters ?? {},
    pack: { ref: 'demo', path: folder.path, python, config: options.config ?? {} },
    onOutput: (_, text) => {
      printed.push(text);
      options.onOutput?.(text);
    },
  };
  const outcome: RunOutcome = await runner.run(job, signal);
  return { outcome, printed: printed.join('') };
}

function jobOf({
  pack,
  entryPoint,
  file,
  folder,
}: {
  pack: string;
  entryPoint: string;
  file: string;
  folder: string;
}): RunJob {
  const action: ActionDefinition = {
    ref: `${pack}.run` as ResourceRef,
    pack: pack as PackRef,
    name: 'run',
    description: '',
    enabled: true,
    runner: 'python-script',
    entryPoint,
    parameters: {},
    tags: [],
    file: path.join(folder, 'run.yaml'),
  };
  return {
    execution: 'e1',
    action,
    entryPoint: file,
    pack: { ref: pack, path: folder, python: undefined, config: {} },
    parameters: {},
    runnerParameters: {},
    onOutput: () => {},
    onStep: () => {},
  };
}
