import os from 'node:os';
import path from 'node:path';
import type { PackRef } from '../contract/refs.ts';
import type { Host } from '../host.ts';
import type { Clock } from '../kit/clock.ts';
import { Gate } from '../kit/gate.ts';
import { BUILT_IN_PACKS, type Pack, type PackFolders } from '../packs/pack.ts';
import { PackRegistry } from '../packs/pack-registry.ts';
import type { InstallFolders } from '../packs/versions.ts';
import { type ActivatedEnvironment, activatedEnvironment } from '../packs/virtualenvs/activated-environment.ts';
import { BaseEnvironment } from '../packs/virtualenvs/base-environment.ts';
import type { BuildDeps } from '../packs/virtualenvs/build-virtualenv.ts';
import { findPython, listPythons, type Python } from '../packs/virtualenvs/find-python.ts';
import { installerEnvironment } from '../packs/virtualenvs/installer-environment.ts';
import { Installers } from '../packs/virtualenvs/installers.ts';
import { Virtualenvs } from '../packs/virtualenvs/virtualenvs.ts';
import { cleanEnvironment } from '../supervisor/child-environment.ts';
import { runProgram } from '../supervisor/run-program.ts';
import { buildSources, type PackSources } from './build-sources.ts';
import { sharedSitePackages } from './shared-site-packages.ts';

/** The parts that read packs and build their virtualenvs. Nothing is started here. */
export type PackParts = {
  readonly folders: PackFolders;
  readonly installs: InstallFolders;
  readonly registry: PackRegistry;
  readonly virtualenvs: Virtualenvs;
  readonly base: BaseEnvironment;
  readonly sources: PackSources;
  /** The environment that the app was started in, if any. */
  readonly activated: ActivatedEnvironment | undefined;
  /** What a child of this interpreter searches last. */
  sharedSitePackages(python: string): string[];
  /** The interpreter that new virtualenvs are built with; throws when there is none. */
  findPython(): Promise<Python>;
  listPythons(): Promise<readonly Python[]>;
  isEnabled(ref: PackRef): boolean;
};

export function buildPacks(host: Host, clock: Clock): PackParts {
  const log = host.log.scope('packs');
  const { config, data, builtInPacks } = host.folders;
  const folders: PackFolders = {
    builtIn: builtInPacks,
    installed: path.join(data, 'packs'),
    configs: path.join(config, 'configs'),
    rules: path.join(config, 'rules'),
    policies: path.join(config, 'policies'),
  };
  const activated = activatedEnvironment(host.environment, process.platform);
  const build = buildDeps(host, clock, activated);
  const installs: InstallFolders = { packs: folders.installed, virtualenvs: path.join(data, 'virtualenvs') };
  const virtualenvs = new Virtualenvs({ folder: installs.virtualenvs, build, log });
  const base = new BaseEnvironment({
    link: path.join(data, 'base-environment'),
    versions: path.join(data, 'virtualenvs', '.versions'),
    requirementsFile: path.join(host.folders.python, 'base-requirements.txt'),
    build,
    log,
  });
  const isEnabled = (ref: PackRef) => BUILT_IN_PACKS.includes(ref) || !host.settings.get().disabledPacks.includes(ref);
  const usesActivated = () => host.settings.get().python.useActivatedEnvironment;
  const virtualenvStatus = (pack: Pack) =>
    usesBase(pack) ? ({ state: 'not-needed' } as const) : virtualenvs.status(pack);
  const distributions = (pack: Pack) => virtualenvs.lock(pack.ref)?.distributions ?? [];
  const registry = new PackRegistry({ folders, isEnabled, virtualenvStatus, distributions, log });
  return {
    folders,
    installs,
    registry,
    virtualenvs,
    base,
    sources: buildSources(host, clock, registry),
    activated,
    sharedSitePackages: (python) => sharedSitePackages({ base, activated, usesActivated }, python),
    isEnabled,
    findPython: () => findPython(build.python, host.settings.get().python.interpreter, AbortSignal.timeout(LOOKING_MS)),
    listPythons: () => listPythons(build.python, AbortSignal.timeout(LOOKING_MS)),
  };
}

const LOOKING_MS = 30_000;

/** The app's own packs bring no requirements: they run in the base environment, as in StackStorm. */
export function usesBase(pack: Pack): boolean {
  return pack.origin === 'built-in' && pack.requirements.length === 0;
}

/** By this the next start knows an installer that outlived a killed app, before it tidies up what that one works on. */
export const INSTALLER_MARK = 'STORMLET_INSTALLS_INTO';

function buildDeps(host: Host, clock: Clock, activated: ActivatedEnvironment | undefined): BuildDeps {
  const platform = process.platform;
  const environment = cleanEnvironment(host.environment);
  const installers = new Installers({
    runProgram,
    environment: { ...installerEnvironment(environment, platform), [INSTALLER_MARK]: host.folders.data },
    platform,
    toolsFolder: host.folders.tools ?? path.join(host.folders.data, 'tools'),
    buildConstraints: path.join(host.folders.python, 'build-constraints.txt'),
    log: host.log.scope('packs'),
  });
  return {
    python: { runProgram, environment, platform, lastResort: activated?.python },
    installers,
    settings: () => host.settings.get().python,
    clock,
    gate: new Gate(Math.max(1, Math.min(MOST_BUILDS, os.availableParallelism()))),
  };
}

/** Beyond this many at one time, the network and the disk are what they wait for. */
const MOST_BUILDS = 4;
