import path from 'node:path';
import { Settings } from '../contract/settings.ts';
import type { AppFiles } from '../host-folders.ts';
import { systemClock } from '../kit/clock.ts';
import { Gate } from '../kit/gate.ts';
import { createLog } from '../kit/log.ts';
import { activatedEnvironment } from '../packs/virtualenvs/activated-environment.ts';
import type { BuildDeps } from '../packs/virtualenvs/build-virtualenv.ts';
import { installerEnvironment } from '../packs/virtualenvs/installer-environment.ts';
import { Installers } from '../packs/virtualenvs/installers.ts';
import { readSettingsFile } from '../settings-file.ts';
import { cleanEnvironment } from '../supervisor/child-environment.ts';
import { runProgram } from '../supervisor/run-program.ts';

/**
 * What a pack's author does without a running app: make a pack, check it, test it, run one sensor or action of it. All of
 * it goes through the very parts that the app itself uses, and changes nothing of the app's own.
 *
 * This file: what that work needs of the machine.
 */
export type Workbench = {
  /** Where relative paths start. */
  readonly folder: string;
  readonly folders: { readonly config: string; readonly data: string };
  readonly app: AppFiles;
  /** Cleaned: what children start from. */
  readonly environment: Readonly<Record<string, string>>;
  readonly settings: Settings;
  readonly build: BuildDeps;
};

export type WorkbenchOptions = {
  readonly folder: string;
  readonly folders: Workbench['folders'];
  readonly app: AppFiles;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where uv is kept when it had to be installed; the app's own place by default. */
  readonly tools?: string;
};

/** Settings that cannot be used are as good as none here: the app itself says what is wrong with them. */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const { folders, app } = options;
  const settings = (await readSettingsFile(folders.config)).value ?? Settings.parse({});
  const environment = cleanEnvironment(options.environment);
  const platform = process.platform;
  const lastResort = activatedEnvironment(options.environment, platform)?.python;
  const installers = new Installers({
    runProgram,
    environment: installerEnvironment(environment, platform),
    platform,
    toolsFolder: options.tools ?? path.join(folders.data, 'tools'),
    buildConstraints: path.join(app.python, 'build-constraints.txt'),
    log: createLog(() => {}, 'error'),
  });
  return {
    folder: options.folder,
    folders,
    app,
    environment,
    settings,
    build: {
      python: { runProgram, environment, platform, lastResort },
      installers,
      settings: () => settings.python,
      clock: systemClock,
      gate: new Gate(1),
    },
  };
}
