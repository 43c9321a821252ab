import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { JsonObject } from '../../../main/contract/json.ts';
import type { ActionDefinition } from '../../../main/contract/packs.ts';
import type { IsolationChoice } from '../../../main/contract/python-settings.ts';
import { type PackRef, resourceRef } from '../../../main/contract/refs.ts';
import { Settings } from '../../../main/contract/settings.ts';
import { pythonScriptRunner } from '../../../main/runners/python-script/python-script.ts';
import type { RunOutcome } from '../../../main/runners/runner.ts';
import { cleanEnvironment, insideVirtualenv } from '../../../main/supervisor/child-environment.ts';
import { findTestPython } from '../../support/python.ts';
import { pythonProcesses } from '../../support/python-processes.ts';
import { until } from '../../support/until.ts';

export const WAYS = ['cold', 'forked', 'forked with modules ahead', 'standby', 'standby with modules ahead'] as const;
export type Way = (typeof WAYS)[number];
export const RANDOM_WAYS = WAYS.filter((way) => way !== 'cold');

export type Ways = AsyncDisposable & {
  /** Runs a program of the pack by its name, or a file by its path. */
  run(way: Way, program: string): Promise<{ readonly isolation: string | undefined; readonly seen: unknown }>;
  write(name: string, source: string): Promise<string>;
};

/** The runner in each way, warm. All use the same folders and names, so that nothing but the way can make a difference. */
export async function waysToRun(pack: string, ahead: readonly string[]): Promise<Ways> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'stormlet-ways-'));
  const python = await findTestPython();
  const runners = {
    cold: runnerOf('cold', folder),
    forked: runnerOf('forked', folder),
    'forked with modules ahead': runnerOf('forked with modules ahead', folder),
    standby: runnerOf('standby', folder),
    'standby with modules ahead': runnerOf('standby with modules ahead', folder),
  };
  for (const way of ['forked with modules ahead', 'standby with modules ahead'] as const) {
    runners[way].parts.learned.add('every_way', python, ahead);
  }
  const run = async (way: Way, program: string) => {
    const { standbys } = runners[way].parts;
    // One that is still starting is not waited for by an action, which runs cold then.
    if (standbys.list().length > 0) await until('one stands by', () => (standbys.list()[0]?.ready ?? 0) > 0);
    const file = program.endsWith('.py') ? program : path.join(pack, 'actions', `${program}.py`);
    const { isolation, ...seen } = await runners[way].run(pack, file, python);
    return { isolation, seen: JSON.parse(JSON.stringify(seen).replaceAll(/ at 0x[0-9a-f]+/g, '')) as unknown };
  };
  const ways: Ways = {
    run,
    async write(name, source) {
      await writeFile(path.join(folder, name), source);
      return path.join(folder, name);
    },
    async [Symbol.asyncDispose]() {
      for (const { parts } of Object.values(runners)) await parts.processes[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
  for (const way of RANDOM_WAYS) {
    await until(`${way} is warm`, async () => (await run(way, 'umask')).isolation !== 'cold');
  }
  return ways;
}

const CHOICES: Record<Way, IsolationChoice> = {
  cold: 'cold',
  forked: 'fork',
  'forked with modules ahead': 'fork',
  standby: 'standby',
  'standby with modules ahead': 'standby',
};

function runnerOf(way: Way, folder: string) {
  const parts = pythonProcesses(path.join(folder, way));
  const settings = Settings.parse({
    python: { isolation: CHOICES[way], preImport: way.endsWith('with modules ahead') },
  }).python;
  // Unbuffered output would hide what is still in a buffer at the end.
  const { PYTHONUNBUFFERED: _, ...inherited } = cleanEnvironment(process.env);
  const environment = (python: string) => insideVirtualenv(inherited, python);
  const runner = pythonScriptRunner({
    processes: parts.processes,
    // The variable that names the result's file is taken out of the program's sight.
    resultFolder: path.join(folder, way, 'results'),
    environment,
    sharedSitePackages: () => [],
    settings: () => settings,
    onStart: () => {},
  });
  return {
    parts,
    run: (pack: string, file: string, python: string): Promise<RunOutcome> =>
      runner.run(
        {
          execution: '11111111-2222-4333-8444-555555555555',
          action: definition(file),
          entryPoint: file,
          pack: { ref: 'every_way', path: pack, python, config: {} as JsonObject },
          parameters: {},
          runnerParameters: {},
          onOutput: () => {},
          onStep: () => {},
        },
        new AbortController().signal,
      ),
  };
}

function definition(file: string): ActionDefinition {
  const pack = 'every_way' as PackRef;
  return {
    ref: resourceRef(pack, path.basename(file, '.py')),
    pack,
    name: path.basename(file, '.py'),
    description: '',
    enabled: true,
    runner: 'python-script',
    entryPoint: path.basename(file),
    parameters: {},
    tags: [],
    file: `${file}.yaml`,
  };
}
