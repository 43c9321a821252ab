import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { isJsonObject, type Json, type JsonObject } from '../../main/contract/json.ts';
import { forkWithin } from '../../main/electron/node-processes.ts';
import { type NodeProcessesDeps, nodeProcesses } from '../../main/runners/node-processes.ts';
import { nodeScriptRunner } from '../../main/runners/node-script.ts';
import { runForkedNode } from '../../main/supervisor/run-forked-node.ts';
import { runProgram } from '../../main/supervisor/run-program.ts';
import { fakeUtilityProcess } from '../electron/utility/fake-utility-process.ts';
import { isAlive } from '../support/processes.ts';
import { runJob } from '../support/run-job.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const WRAPPER = path.resolve('main/node/node-action-wrapper.ts');
const never = new AbortController().signal;
const linux = process.platform === 'linux' ? '' : ' (skipped: only on Linux can it be seen)';

type Own = NodeProcessesDeps['own'];
/** The app's own Node as each host has it; a packaged desktop app can only fork. */
const HOSTS: readonly [string, Own][] = [
  ['a process of Node', { command: process.execPath }],
  ['a process of Electron', { fork: forkWithin(fakeUtilityProcess), wrapper: WRAPPER }],
];

/** Runs an action of a pack of its own. */
async function runOn(
  own: Own,
  source: string,
  given: {
    name?: string;
    parameters?: JsonObject;
    runnerParameters?: JsonObject;
    modules?: Record<string, string>;
    choice?: 'app' | 'machine';
    env?: Record<string, string>;
    onOutput?: (stream: string, text: string) => void;
  } = {},
  signal: AbortSignal = never,
) {
  await using folder = await tempFolder();
  const entryPoint = path.join(folder.path, 'actions', given.name ?? 'act.js');
  await mkdir(path.dirname(entryPoint), { recursive: true });
  await writeFile(entryPoint, source);
  for (const [name, text] of Object.entries(given.modules ?? {})) {
    const module = path.join(folder.path, 'node_modules', name);
    await mkdir(module, { recursive: true });
    await writeFile(path.join(module, 'index.js'), text);
  }
  const runner = nodeScriptRunner({
    runNode: nodeProcesses({ runProgram, runForkedNode, own, wrapper: WRAPPER, choice: () => given.choice ?? 'app' }),
    resultFolder: path.join(folder.path, 'results'),
    environment: () => ({ PATH: process.env.PATH ?? '', ...given.env }),
    onStart: () => {},
  });
  const job = runJob({ entryPoint, ...given });
  const onOutput = given.onOutput ?? job.onOutput;
  const outcome = await runner.run(
    { ...job, onOutput, pack: { ...job.pack, path: folder.path, config: { url: 'u' } } },
    signal,
  );
  return { ...outcome, printed: job.printed };
}

describe.each(HOSTS)('a JavaScript action in %s', (_, own) => {
  const run = (source: string, given?: Parameters<typeof runOn>[2], signal?: AbortSignal) =>
    runOn(own, source, given, signal);

  test('is a function of its parameters and a context', async () => {
    const source = `export default async (parameters, { config, action, pack }) => {
      console.log('working');
      return { ...parameters, url: config.url, action, pack };
    };`;
    expect(await run(source, { parameters: { n: 1 } })).toMatchObject({
      status: 'succeeded',
      isolation: 'app-node',
      output: {
        result: { n: 1, url: 'u', action: 'demo.act', pack: 'demo' },
        stdout: 'working\n',
        stderr: '',
        exit_code: 0,
      },
    });
  });

  test('may be a class, and TypeScript', async () => {
    const source = `export default class Act {
      private readonly config: { url: string };
      constructor(context: { config: { url: string } }) { this.config = context.config; }
      run({ n }: { n: number }): string { return this.config.url + n; }
    }`;
    expect(await run(source, { name: 'act.ts', parameters: { n: 2 } })).toMatchObject({ output: { result: 'u2' } });
  });

  test('may be CommonJS, and finds what the pack has in `node_modules`', async () => {
    const source = "const greet = require('greet'); module.exports = ({ who }) => greet(who);";
    const modules = { greet: "module.exports = (who) => 'hello ' + who;" };
    expect(await run(source, { name: 'act.cjs', parameters: { who: 'you' }, modules })).toMatchObject({
      output: { result: 'hello you' },
    });
  });

  test.each<[string, unknown]>([
    ['undefined', null],
    ['10n ** 20n', '100000000000000000000'],
    ['new Map([["a", new Set([1, 2])]])', { a: [1, 2] }],
    ['new Date(0)', '1970-01-01T00:00:00.000Z'],
    ['() => 1', null],
  ])('gives %s as JSON', async (value, result) => {
    expect(await run(`export default () => (${value});`)).toMatchObject({ status: 'succeeded', output: { result } });
  });

  test('logs on stderr, from the level that was asked for', async () => {
    const source = "export default (_, { log }) => { log.debug('low'); log.info('middle'); log.error({ a: 1 }); };";
    expect(await run(source, { runnerParameters: { log_level: 'INFO' } })).toMatchObject({
      output: { stderr: 'INFO    middle\nERROR   {"a":1}\n' },
    });
  });

  test('that throws fails with its message, its stack on stderr and what it wants to give all the same', async () => {
    const source =
      "export default () => { throw Object.assign(new TypeError('no such thing'), { result: { at: 3 } }); };";
    expect(await run(source)).toMatchObject({
      status: 'failed',
      fault: { code: 'action/raised', kind: 'pack', message: '`demo.act` failed: TypeError: no such thing' },
      output: { result: { at: 3 }, exit_code: 1, stderr: expect.stringMatching(/at .*act\.js/) },
    });
  });

  test.each([
    ['export default 5;', 'action/raised', /neither a function nor a class/],
    ['export default () => process.exit(0);', 'action/left-early', /ended before it gave a result/],
    [
      'export default () => { setTimeout(() => { throw new Error("late"); }); return new Promise(() => {}); };',
      'action/exited',
      /exit code 1/,
    ],
    [
      'export default () => { Promise.reject(new Error("lost")); return new Promise(() => {}); };',
      'action/exited',
      /code 1/,
    ],
    ['export default () => process.exit(7);', 'action/exited', /exit code 7/],
    ['export default (', 'action/raised', /SyntaxError/],
  ])('that is %j fails', async (source, code, message) => {
    expect(await run(source)).toMatchObject({
      status: 'failed',
      fault: { code, message: expect.stringMatching(message) },
    });
  });

  test('ends when it has its result, whatever it left running', async () => {
    const source = 'export default () => { setInterval(() => {}, 1000); return 1; };';
    expect(await run(source)).toMatchObject({ status: 'succeeded', output: { result: 1 } });
  });

  test('is not steered by variables of Node, and hides how it gives its result', async () => {
    const source =
      'export default () => [process.env.NODE_OPTIONS, process.env.OWN, process.env.STORMLET_RESULT].map(String);';
    const runnerParameters = { env: { NODE_OPTIONS: '--no-such', OWN: 'x' } };
    expect(await run(source, { runnerParameters })).toMatchObject({
      output: { result: ['undefined', 'x', 'undefined'] },
    });
  });

  test.skipIf(process.platform === 'win32')('that takes too long is killed with all that it started', async () => {
    await using folder = await tempFolder();
    const file = path.join(folder.path, 'pid');
    const source = `import { spawn } from 'node:child_process';
      import { writeFileSync } from 'node:fs';
      export default () => {
        const child = spawn('sleep', ['600']);
        writeFileSync(${JSON.stringify(file)}, String(child.pid));
        return new Promise(() => setInterval(() => {}, 1000));
      };`;
    const limit = new AbortController();
    const running = run(source, { name: 'act.mjs', runnerParameters: { timeout: 5 } }, limit.signal);
    const pid = Number(await until('it runs', () => readFile(file, 'utf8').catch(() => '')));
    limit.abort('timeout');
    expect(await running).toMatchObject({
      status: 'timeout',
      output: { error: 'it ran longer than 5 seconds and was killed' },
    });
    await until('its child is gone', () => !isAlive(pid));
  });

  test('gives all that it printed, however much and however late', async () => {
    const source = `export default () => {
      process.on('exit', () => process.stdout.write('the end'));
      process.stdout.write('x'.repeat(3_000_000));
    };`;
    const output = outputOf(await run(source));
    expect(output.stdout).toHaveLength(3_000_007);
    expect(output.stdout.endsWith('the end')).toBe(true);
  });

  test('of which more than the limit is printed keeps its beginning, and says so', async () => {
    const source = "export default () => { process.stdout.write('x'.repeat(5_000_000)); return 'done'; };";
    const outcome = await run(source);
    expect(outcome).toMatchObject({ status: 'succeeded', output: { output_truncated: true, result: 'done' } });
    expect(outputOf(outcome).stdout).toHaveLength(4 * 1024 * 1024);
  });

  test('with a large result and large parameters gets both across', async () => {
    const parameters = { text: 'ä'.repeat(500_000) };
    const outcome = await run('export default ({ text }) => text + text;', { parameters });
    expect(outcome).toMatchObject({ output: { result: 'ä'.repeat(1_000_000) } });
  });

  test('has the folder of its pack, its own environment and nothing on its stdin', async () => {
    const source = `import { readFileSync } from 'node:fs';
      import path from 'node:path';
      export default () => [path.basename(import.meta.dirname), process.cwd() === path.dirname(import.meta.dirname),
        readFileSync(0, 'utf8'), Object.keys(process.env).filter((name) => !/^(LC_|__CF|SystemRoot)/.test(name)).sort()];`;
    expect(await run(source, { name: 'act.mjs' })).toMatchObject({
      output: { result: ['actions', true, '', ['PATH', 'STORMLET_EXECUTION_ID']] },
    });
  });

  test.skipIf(process.platform === 'win32')('that is canceled may tidy up', async () => {
    const source = `export default () => {
      process.on('SIGTERM', () => { console.log('tidied'); process.exit(0); });
      console.log('ready');
      return new Promise(() => setInterval(() => {}, 1000));
    };`;
    expect(await cancelWhenReady(run, source)).toMatchObject({
      status: 'canceled',
      output: { stdout: 'ready\ntidied\n' },
    });
  });

  test.skipIf(linux !== '')(`that is canceled leaves nothing of what it started${linux}`, async () => {
    const source = `import { spawn } from 'node:child_process';
      export default () => {
        const stubborn = spawn('sh', ['-c', 'trap "" TERM; while :; do sleep 0.1; done'], { stdio: 'ignore' });
        const away = spawn('setsid', ['sleep', '600'], { stdio: 'ignore', detached: true });
        console.log('pids', stubborn.pid, away.pid);
        console.log('ready');
        return new Promise(() => setInterval(() => {}, 1000));
      };`;
    const output = outputOf(await cancelWhenReady(run, source, 'act.mjs'));
    const pids = output.stdout.match(/\d+/g)?.map(Number) ?? [];
    expect(pids).toHaveLength(2);
    await until('they are gone', () => !pids.some(isAlive));
  });

  test('that has left a program running with its output does not wait for it', async () => {
    const source = `import { spawn } from 'node:child_process';
      export default () => { console.log(spawn('sleep', ['60'], { stdio: ['ignore', 'inherit', 'inherit'] }).pid); return 1; };`;
    const output = outputOf(await run(source, { name: 'act.mjs' }));
    expect(output.result).toBe(1);
    process.kill(Number(output.stdout), 'SIGKILL');
  });
});

function outputOf({ output }: { output?: Json | undefined }): { readonly stdout: string; readonly result: Json } {
  if (!isJsonObject(output) || typeof output.stdout !== 'string') throw new Error(`there is no output: ${output}`);
  return { stdout: output.stdout, result: output.result ?? null };
}

/** Cancels an action once it has printed `ready`. */
async function cancelWhenReady(
  run: (source: string, given?: Parameters<typeof runOn>[2], signal?: AbortSignal) => ReturnType<typeof runOn>,
  source: string,
  name = 'act.js',
) {
  const cancel = new AbortController();
  const onOutput = (_: string, text: string) => text.includes('ready') && cancel.abort('canceled');
  return run(source, { name, onOutput }, cancel.signal);
}

test('an action that awaits what never comes ends at once in a process of Node, and at its time limit in one of Electron', async () => {
  const source = "export default () => { console.log('ready'); return new Promise(() => {}); };";
  const [[, node], [, electron]] = HOSTS as [[string, Own], [string, Own]];
  expect(await runOn(node, source)).toMatchObject({ status: 'failed', fault: { code: 'action/left-early' } });
  const limit = new AbortController();
  const onOutput = () => limit.abort('timeout');
  expect(await runOn(electron, source, { onOutput }, limit.signal)).toMatchObject({ status: 'timeout' });
});

test('the machine’s Node runs an action where the settings want it, and is missed where there is none', async () => {
  const fork = () => {
    throw new Error('not wanted');
  };
  const own: Own = { fork, wrapper: WRAPPER };
  const source = 'export default () => process.execPath;';
  const PATH = path.dirname(process.execPath);
  expect(await runOn(own, source, { choice: 'machine', env: { PATH } })).toMatchObject({
    isolation: 'machine-node',
    output: { result: process.execPath },
  });
  expect(await runOn(own, source, { choice: 'machine', env: { PATH: '/no/such' } })).toMatchObject({
    status: 'failed',
    fault: { code: 'node/cannot-start', hint: expect.stringContaining('javascript.node') },
  });
  expect(await runOn(own, source)).toMatchObject({
    fault: { code: 'node/cannot-start', message: expect.stringContaining('not wanted') },
  });
});

test('within Electron an action that starts a Node gets the machine’s, and never the app once more', async () => {
  const source = `import { fork } from 'node:child_process';
    import childProcess from 'node:child_process';
    export default async () => [process.execPath, await new Promise((resolve) => {
      fork(import.meta.filename, ['-'], { env: { PATH: '/no/such' } }).once('error', ({ message }) => resolve(message));
    }), childProcess.fork === fork];`;
  const own: Own = { fork: forkWithin(fakeUtilityProcess), wrapper: WRAPPER };
  expect(await runOn(own, source, { name: 'act.mjs' })).toMatchObject({
    output: { result: ['node', 'spawn node ENOENT', true] },
  });
});

test('the wrapper runs by hand, and prints the result last', async () => {
  await using folder = await tempFolder();
  const file = path.join(folder.path, 'act.mjs');
  await writeFile(file, "export default ({ n }, { config }) => { console.log('hi'); return n + config.m; };");
  const given = ['--parameters', '{"n": 1}', '--config', '{"m": 2}'];
  const { stdout } = await promisify(execFile)(process.execPath, [
    WRAPPER,
    '--pack',
    'demo',
    '--file-path',
    file,
    ...given,
  ]);
  expect(stdout).toBe('hi\n3\n');
});
