import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Settings } from '../../main/contract/settings.ts';
import { systemClock } from '../../main/kit/clock.ts';
import { Gate } from '../../main/kit/gate.ts';
import { silentLog } from '../../main/kit/log.ts';
import type { Checkpoint } from '../../main/packs/install/checkpoints.ts';
import { packOperations } from '../../main/packs/install/operations.ts';
import type { PackChange, PackFolders } from '../../main/packs/pack.ts';
import { PackRegistry } from '../../main/packs/pack-registry.ts';
import type { CatalogueReading } from '../../main/packs/sources/catalogue.ts';
import { strayVersions } from '../../main/packs/versions.ts';
import { BaseEnvironment } from '../../main/packs/virtualenvs/base-environment.ts';
import type { BuildDeps } from '../../main/packs/virtualenvs/build-virtualenv.ts';
import { installerEnvironment } from '../../main/packs/virtualenvs/installer-environment.ts';
import { Installers } from '../../main/packs/virtualenvs/installers.ts';
import { Virtualenvs } from '../../main/packs/virtualenvs/virtualenvs.ts';
import { cleanEnvironment } from '../../main/supervisor/child-environment.ts';
import { type RunProgram, runProgram } from '../../main/supervisor/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';

const REPOSITORY = path.resolve(import.meta.dirname, '../..');
/** uv is fetched once for all tests. */
const TOOLS = path.join(REPOSITORY, 'node_modules/.cache/stormlet-tools');

export type StageOptions = {
  readonly uv?: Settings['python']['uv'];
  readonly runProgram?: RunProgram;
  readonly environment?: Readonly<Record<string, string>>;
  readonly toolsFolder?: string;
  readonly disabled?: Set<string>;
  readonly catalogue?: CatalogueReading[];
  /** Packs of which an action is said to run. */
  readonly running?: Set<string>;
  readonly checkpoint?: Checkpoint;
  readonly home?: string;
};

/** Everything of `main/packs` on a temporary home, real in all its parts. */
export async function packStage(options: StageOptions = {}) {
  const own = options.home === undefined ? await tempFolder() : undefined;
  const home = { path: options.home ?? own?.path ?? '' };
  const folders: PackFolders = {
    builtIn: path.join(REPOSITORY, 'packs'),
    installed: path.join(home.path, 'data/packs'),
    configs: path.join(home.path, 'config/configs'),
    rules: path.join(home.path, 'config/rules'),
    policies: path.join(home.path, 'config/policies'),
  };
  const build = buildDeps(options);
  const virtualenvs = new Virtualenvs({ folder: path.join(home.path, 'data/virtualenvs'), build, log: silentLog });
  const registry = new PackRegistry({
    folders,
    isEnabled: (ref) => !options.disabled?.has(ref),
    virtualenvStatus: (pack) => virtualenvs.status(pack),
    distributions: ({ ref }) => virtualenvs.lock(ref)?.distributions ?? [],
    log: silentLog,
  });
  const changes: PackChange[] = [];
  registry.onChange((change) => changes.push(change));
  const removed: string[] = [];
  const operations = packOperations({
    registry,
    virtualenvs,
    sources: {
      builtInFolder: folders.builtIn,
      bundled: () => registry.available().map(({ ref }) => ref),
      home: home.path,
      dataFolder: path.join(home.path, 'data'),
      git: build.python,
      downloads: { environment: {}, idleMs: 5000 },
      catalogue: { read: async () => options.catalogue ?? [] },
    },
    packsFolder: folders.installed,
    configsFolder: folders.configs,
    appVersion: '0.0.0-test',
    clock: systemClock,
    log: silentLog,
    isRunning: (ref) => options.running?.has(ref) ?? false,
    stopSensors: async (ref) => void removed.push(ref),
    ...(options.checkpoint && { checkpoint: options.checkpoint }),
  });
  return {
    ...{ home: home.path, folders, build, virtualenvs, registry, operations, changes, removed },
    installed: (...inside: string[]) => path.join(folders.installed, ...inside),
    base: (requirementsFile: string) =>
      new BaseEnvironment({
        link: path.join(home.path, 'data/base-environment'),
        versions: path.join(home.path, 'data/virtualenvs/.versions'),
        requirementsFile,
        build,
        log: silentLog,
      }),
    async [Symbol.asyncDispose]() {
      await registry[Symbol.asyncDispose]();
      await own?.[Symbol.asyncDispose]();
    },
  };
}
export type PackStage = Awaited<ReturnType<typeof packStage>>;

function buildDeps(options: StageOptions): BuildDeps {
  const run = options.runProgram ?? runProgram;
  const environment = options.environment ?? cleanEnvironment(process.env);
  const platform = process.platform;
  return {
    python: { runProgram: run, environment, platform },
    installers: new Installers({
      runProgram: run,
      environment: installerEnvironment(environment, platform),
      platform,
      toolsFolder: options.toolsFolder ?? TOOLS,
      buildConstraints: path.join(REPOSITORY, 'main/python/build-constraints.txt'),
      log: silentLog,
    }),
    settings: () => ({ interpreter: '', uv: options.uv ?? 'auto' }),
    clock: systemClock,
    gate: new Gate(2),
  };
}

/** Writes files by their paths in a folder, which it gives back. */
export async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<string> {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return folder;
}

/** The least that a pack is made of. */
export function packYaml(name: string, version = '1.0.0'): string {
  return `name: ${name}\ndescription: For a test.\nversion: ${version}\nauthor: Test\npython_versions: ['3']\n`;
}

export const PYTHON_ACTION = 'name: run\nrunner_type: python-script\nentry_point: run.py\n';

/** What is in the folder of installed packs, with all that no pack leads to. */
export async function installedNames({ folders }: Pick<PackStage, 'folders'>): Promise<string[]> {
  const names = await readdir(folders.installed);
  const strays = (await strayVersions(folders.installed)).map((version) => path.relative(folders.installed, version));
  return [...names.filter((name) => name !== '.versions' && name !== '.previous'), ...strays].sort();
}
