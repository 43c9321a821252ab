import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { DoctorCheck } from './contract/engine.ts';
import { Settings } from './contract/settings.ts';
import { runDoctor } from './doctor.ts';
import type { HostFolders } from './host.ts';
import { findPython } from './packs/virtualenvs/find-python.ts';
import { cleanEnvironment } from './supervisor/child-environment.ts';
import { runProgram } from './supervisor/run-program.ts';

/** The doctor for a machine on which no app runs, with the parts that an engine would bring. */
export async function examineMachine(
  folders: HostFolders,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<DoctorCheck[]> {
  const clean = cleanEnvironment(environment);
  const file = path.join(folders.config, 'settings.json');
  const settings = await readSettings(file);
  const interpreter = settings.value?.python.interpreter ?? '';
  const deps = { runProgram, environment: clean, platform: process.platform };
  const checks = await runDoctor({
    nodeVersion: process.version,
    folders,
    environment: clean,
    runProgram,
    findPython: () => findPython(deps, interpreter, new AbortController().signal),
  });
  return settings.problem === undefined ? checks : [unusable(file, settings.problem), ...checks];
}

async function readSettings(file: string): Promise<{ value?: Settings; problem?: string }> {
  try {
    const parsed = Settings.safeParse(JSON.parse(await readFile(file, 'utf8').catch(() => '{}')));
    if (parsed.success) return { value: parsed.data };
    return {
      problem: parsed.error.issues.map(({ path: at, message }) => `\`${at.join('.')}\`: ${message}`).join('; '),
    };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** The app does not start with it, so it is what to look at first. */
function unusable(file: string, problem: string): DoctorCheck {
  const hint = 'correct the file, or remove it to start with the defaults';
  return { name: 'settings', state: 'failed', detail: `${file}: ${problem}`, hint };
}
