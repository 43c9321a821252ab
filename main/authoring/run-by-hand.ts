import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describeParameterProblems, resolveParameters } from '../contract/check-parameters.ts';
import { StormletError } from '../contract/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../contract/json.ts';
import type { ActionDefinition, SensorDefinition } from '../contract/packs.ts';
import type { Progress } from '../packs/virtualenvs/build-virtualenv.ts';
import { PYTHON_PARAMETERS } from '../runners/python-script/python-script.ts';
import { insideVirtualenv } from '../supervisor/child-environment.ts';
import { startLineProcess } from '../supervisor/line-process.ts';
import { runProgram } from '../supervisor/run-program.ts';
import type { FoundEntry } from './find-entry.ts';
import { packPython } from './pack-python.ts';
import type { Workbench } from './workbench.ts';

/** What every action takes beside its own parameters. */
export const PARAMETERS_BY_HAND = PYTHON_PARAMETERS;

/** How an action went that ran without the app. */
export type HandRun = {
  readonly action: string;
  readonly succeeded: boolean;
  readonly exitCode: number | undefined;
  readonly stopped: 'timeout' | 'canceled' | undefined;
  readonly result: Json;
};

/** Runs a Python action through its wrapper, as a person would by hand. Parameters and configuration go in on stdin. */
export async function runActionByHand(
  bench: Workbench,
  { pack, definition, code }: FoundEntry<ActionDefinition>,
  given: JsonObject,
  progress: Progress,
  signal: AbortSignal,
): Promise<HandRun> {
  if (definition.runner !== 'python-script') throw notPython(definition);
  const specs = { ...PARAMETERS_BY_HAND, ...definition.parameters };
  const { values, problems } = resolveParameters(specs, given);
  if (problems.length > 0) throw badParameters(definition, describeParameterProblems(problems));
  const own = Object.fromEntries(Object.keys(definition.parameters).map((name) => [name, values[name] ?? null]));
  const { python, baseSitePackages } = await packPython(bench, pack, [], progress, signal);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'stormlet-action-'));
  const resultFile = path.join(folder, 'result.json');
  try {
    const end = await runProgram(
      {
        command: python,
        args: [
          path.join(bench.app.python, 'python_action_wrapper.py'),
          ...['--pack', pack.ref, '--file-path', code, '--log-level', String(values.log_level), '--setup-from-stdin'],
          ...(baseSitePackages === undefined ? [] : ['--base-site-packages', baseSitePackages]),
        ],
        cwd: bench.folder,
        env: {
          ...environmentOf(bench, pack.ref, python),
          ...(isJsonObject(values.env) ? asTexts(values.env) : {}),
          STORMLET_RESULT: resultFile,
        },
        input: JSON.stringify({ parameters: own, config: pack.config }),
        onOutput: progress.onOutput,
      },
      AbortSignal.any([signal, timeLimit(given.timeout)]),
    );
    const handed = await readFile(resultFile, 'utf8').catch(() => '{"status": false, "result": null}');
    const { status, result } = JSON.parse(handed) as { status: boolean | null; result: Json };
    const succeeded = end.exitCode === 0 && status !== false;
    return { action: definition.ref, succeeded, exitCode: end.exitCode, stopped: end.stopped, result };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Only where one is asked for: whoever debugs an action takes their time. */
function timeLimit(seconds: Json | undefined): AbortSignal {
  const limit = new AbortController();
  // The process does not stay for it.
  if (typeof seconds === 'number') setTimeout(() => limit.abort('timeout'), seconds * 1000).unref();
  return limit.signal;
}

/** An address as `stormlet bus url` prints it. */
export type Bus = { readonly url: string };

/** Runs a sensor through its wrapper until it ends or `signal` asks it to; its exit code. */
export async function runSensorByHand(
  bench: Workbench,
  { pack, definition, code }: FoundEntry<SensorDefinition>,
  options: { readonly bus: Bus | undefined; readonly pollInterval: number | undefined },
  progress: Progress,
  signal: AbortSignal,
): Promise<number | undefined> {
  const { python, baseSitePackages } = await packPython(bench, pack, [], progress, signal);
  const pollInterval = options.pollInterval ?? definition.pollInterval;
  const ended = Promise.withResolvers<number | undefined>();
  const running = startLineProcess({
    command: python,
    args: [
      path.join(bench.app.python, 'sensor_wrapper.py'),
      ...['--pack', pack.ref, '--file-path', code, '--class-name', definition.className, '--setup-from-stdin'],
      ...(pollInterval === undefined ? [] : ['--poll-interval', String(pollInterval)]),
      ...(baseSitePackages === undefined ? [] : ['--base-site-packages', baseSitePackages]),
    ],
    env: environmentOf(bench, pack.ref, python),
    onLine: (line) => progress.onOutput('stdout', `${line}\n`),
    onStderr: (text) => progress.onOutput('stderr', text),
    onExit: (_why, exitCode) => ended.resolve(exitCode),
  });
  running.send(JSON.stringify({ config: pack.config, bus: options.bus && busOf(options.bus.url), triggers: [] }));
  const stop = () => void running.stop();
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  return await ended.promise;
}

function environmentOf(bench: Workbench, pack: string, python: string): Record<string, string> {
  return {
    ...insideVirtualenv(bench.environment, python),
    STORMLET_PACK_DATA: path.join(bench.folders.data, 'pack-data', pack),
  };
}

/** The parts, so that the password is on no command line. */
function busOf(address: string): JsonObject {
  const url = new URL(address);
  return {
    host: url.hostname,
    port: Number(url.port),
    username: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    client_id: `by-hand-${process.pid}`,
  };
}

function asTexts(values: JsonObject): Record<string, string> {
  const given = Object.entries(values).filter(([, value]) => value !== null);
  return Object.fromEntries(
    given.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

function notPython({ ref, runner }: ActionDefinition): StormletError {
  return new StormletError({
    code: 'action/not-standalone',
    kind: 'user',
    message: `\`${ref}\` is run by \`${runner}\`, which only the app does`,
    hint: `start the app, and run it without \`--standalone\``,
  });
}

function badParameters({ ref }: ActionDefinition, what: string): StormletError {
  return new StormletError({
    code: 'action/parameters-invalid',
    kind: 'user',
    message: `\`${ref}\` cannot be run: ${what}`,
    hint: 'give parameters as `name=value`',
  });
}
