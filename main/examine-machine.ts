import type { DoctorCheck } from './contract/engine.ts';
import { runDoctor } from './doctor.ts';
import type { HostFolders } from './host.ts';
import { activatedEnvironment } from './packs/virtualenvs/activated-environment.ts';
import { whatBroke } from './packs/virtualenvs/base-python.ts';
import { findPython, listPythons } from './packs/virtualenvs/find-python.ts';
import { readSettingsFile } from './settings-file.ts';
import { cleanEnvironment } from './supervisor/child-environment.ts';
import { runProgram } from './supervisor/run-program.ts';

/** The doctor for a machine on which no app runs, with the parts that an engine would bring. */
export async function examineMachine(
  folders: HostFolders,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<DoctorCheck[]> {
  const clean = cleanEnvironment(environment);
  const settings = await readSettingsFile(folders.config);
  const interpreter = settings.value?.python.interpreter ?? '';
  const { platform } = process;
  const activated = activatedEnvironment(environment, platform);
  const deps = { runProgram, environment: clean, platform, lastResort: activated?.python };
  const checks = await runDoctor({
    nodeVersion: process.version,
    folders,
    environment: clean,
    runProgram,
    findPython: () => findPython(deps, interpreter, new AbortController().signal),
    listPythons: () => listPythons(deps, new AbortController().signal),
    activated,
    usesActivated: settings.value?.python.useActivatedEnvironment ?? true,
    virtualenvFault: (folder) => whatBroke(folder, platform)?.why,
  });
  return settings.problem === undefined ? checks : [unusable(settings.file, settings.problem), ...checks];
}

/** The app does not start with it, so it is what to look at first. */
function unusable(file: string, problem: string): DoctorCheck {
  const hint = 'correct the file, or remove it to start with the defaults';
  return { name: 'settings', state: 'failed', detail: `${file}: ${problem}`, hint };
}
