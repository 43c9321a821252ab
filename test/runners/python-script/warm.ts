import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { JsonObject } from '../../../main/contract/json.ts';
import type { ActionDefinition } from '../../../main/contract/packs.ts';
import type { PackRef } from '../../../main/contract/refs.ts';
import { resourceRef } from '../../../main/contract/refs.ts';
import { Settings } from '../../../main/contract/settings.ts';
import { pythonScriptRunner } from '../../../main/runners/python-script/python-script.ts';
import type { RunOutcome } from '../../../main/runners/runner.ts';
import { cleanEnvironment } from '../../../main/supervisor/child-environment.ts';
import { findTestPython } from '../../support/python.ts';
import { pythonProcesses } from '../../support/python-processes.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { until } from '../../support/until.ts';

export type Warm = Awaited<ReturnType<typeof warmPack>>;
type Given = Parameters<typeof pythonProcesses>[1] & { python?: string; settings?: object };
type Run = { signal?: AbortSignal; runnerParameters?: JsonObject; onOutput?: (text: string) => void };

/** A pack `demo` whose actions are written by the test, and the runner with all that it keeps warm. */
export async function warmPack(given: Given = {}) {
  const folder = await tempFolder();
  const parts = pythonProcesses(folder.path, given);
  const python = given.python ?? (await findTestPython());
  let settings = Settings.parse({ python: given.settings ?? {} }).python;
  const runner = pythonScriptRunner({
    processes: parts.processes,
    resultFolder: path.join(folder.path, 'results'),
    environment: () => cleanEnvironment(process.env),
    sharedSitePackages: () => [],
    settings: () => settings,
    onStart: () => {},
  });
  await mkdir(path.join(folder.path, 'demo', 'actions'), { recursive: true });
  await writeFile(path.join(folder.path, 'demo', 'pack.yaml'), 'name: demo\n');
  /** Runs an action whose `run` has this body. */
  const run = async (body: string, { signal, runnerParameters = {}, onOutput }: Run = {}): Promise<RunOutcome> => {
    const file = path.join(folder.path, 'demo', 'actions', `${randomUUID()}.py`);
    await writeFile(file, action(body));
    return runner.run(
      {
        execution: randomUUID(),
        action: definition(file),
        entryPoint: file,
        pack: { ref: 'demo', path: path.join(folder.path, 'demo'), python, config: {} },
        parameters: {},
        runnerParameters,
        onOutput: (_, text) => onOutput?.(text),
        onStep: () => {},
      },
      signal ?? new AbortController().signal,
    );
  };
  return {
    ...parts,
    folder: folder.path,
    run,
    setSettings: (python: object) => {
      settings = Settings.parse({ python }).python;
    },
    /** Runs actions until one is run this way, and the next can be. */
    async until(isolation: string) {
      await until(`an action is run ${isolation}`, async () => (await run('return 1')).isolation === isolation);
      if (isolation !== 'standby') return;
      await until('the next one waits', () => parts.standbys.list().some(({ ready }) => ready > 0));
    },
    async [Symbol.asyncDispose]() {
      await parts.processes[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** What `run` returned. */
export function resultOf(outcome: RunOutcome): unknown {
  return (outcome.output as JsonObject).result;
}

function action(body: string): string {
  const lines = body.trim().split('\n');
  return `from st2common.runners.base_action import Action

class Run(Action):
    def run(self):
${lines.map((line) => `        ${line}`).join('\n')}
`;
}

function definition(file: string): ActionDefinition {
  const pack = 'demo' as PackRef;
  return {
    ref: resourceRef(pack, 'act'),
    pack,
    name: 'act',
    description: '',
    enabled: true,
    runner: 'python-script',
    entryPoint: path.basename(file),
    parameters: {},
    tags: [],
    file: `${file}.yaml`,
  };
}
