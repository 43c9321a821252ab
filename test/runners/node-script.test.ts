import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../main/contract/json.ts';
import { nodeScriptRunner } from '../../main/runners/node-script.ts';
import { runProgram } from '../../main/supervisor/run-program.ts';
import { isAlive } from '../support/processes.ts';
import { runJob } from '../support/run-job.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const WRAPPER = path.resolve('main/node/node-action-wrapper.ts');
const never = new AbortController().signal;

/** Runs an action of a pack of its own. */
async function run(
  source: string,
  given: {
    name?: string;
    parameters?: JsonObject;
    runnerParameters?: JsonObject;
    modules?: Record<string, string>;
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
    runProgram,
    node: { command: process.execPath, env: {} },
    wrapper: WRAPPER,
    resultFolder: path.join(folder.path, 'results'),
    environment: () => ({ PATH: process.env.PATH ?? '' }),
    onStart: () => {},
  });
  const job = runJob({ entryPoint, ...given });
  const outcome = await runner.run({ ...job, pack: { ...job.pack, path: folder.path, config: { url: 'u' } } }, signal);
  return { ...outcome, printed: job.printed };
}

describe('a JavaScript action', () => {
  test('is a function of its parameters and a context', async () => {
    const source = `export default async (parameters, { config, action, pack }) => {
      console.log('working');
      return { ...parameters, url: config.url, action, pack };
    };`;
    expect(await run(source, { parameters: { n: 1 } })).toMatchObject({
      status: 'succeeded',
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
    ['export default () => new Promise(() => {});', 'action/exited', /exit code 13/],
    [
      'export default () => { setTimeout(() => { throw new Error("late"); }); return new Promise(() => {}); };',
      'action/exited',
      /exit code 1/,
    ],
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
