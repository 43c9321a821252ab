import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { StormletError } from '../../contract/errors.ts';
import type { OutputStream } from '../../contract/executions.ts';
import { throwIfCanceled } from '../../kit/cancel.ts';
import { KeyedLock } from '../../kit/keyed-lock.ts';
import type { Log } from '../../kit/log.ts';
import type { ProgramEnd, RunProgram } from '../../supervisor/run-program.ts';
import { installHint, type Python } from './find-python.ts';
import { refusesIndexes } from './installer-environment.ts';

/** What makes a virtualenv and fills it. */
export type Installer = {
  readonly name: 'uv' | 'pip';
  create(python: Python, folder: string): Step;
  /** `isExact`: the file names all there is to be, and what those would also want is not looked for. */
  install(folder: string, requirementsFile: string, isExact?: boolean): Step;
};
/** One command of an installer. */
export type Step = { readonly command: string; readonly args: readonly string[]; readonly cwd: string };

export type OnOutput = (stream: OutputStream, text: string) => void;

export type InstallersDeps = {
  readonly runProgram: RunProgram;
  /** For pip and uv: see installer-environment.ts. */
  readonly environment: Readonly<Record<string, string>>;
  readonly platform: NodeJS.Platform;
  /** Where uv is kept when it had to be installed. */
  readonly toolsFolder: string;
  /** A file: limits on what is used to build requirements. */
  readonly buildConstraints: string;
  readonly log: Log;
};

/** Finds uv, or fetches it once for all packs; where that fails, venv and pip do. */
export class Installers {
  readonly #deps: InstallersDeps;
  readonly #lock = new KeyedLock();
  #fetchFailed = false;

  constructor(deps: InstallersDeps) {
    this.#deps = deps;
  }

  async choose(
    uv: 'auto' | 'never',
    python: Python,
    requirements: readonly string[],
    onOutput: OnOutput,
    signal: AbortSignal,
  ): Promise<Installer> {
    const wantsPip = uv === 'never' || requirements.some(isEditableRepository);
    const found = wantsPip && python.hasVenv ? undefined : await this.#uv(python, onOutput, signal);
    if (found !== undefined) return uvInstaller(found, this.#more);
    if (python.hasVenv) return pipInstaller(this.#deps.platform);
    throw new StormletError({
      code: 'python/no-venv',
      kind: 'environment',
      message: `\`${python.executable}\` cannot make virtualenvs: its module \`venv\` or \`ensurepip\` is missing`,
      hint: installHint(this.#deps.platform),
    });
  }

  /** What a killed app left of an attempt to fetch uv. */
  async removeDebris(): Promise<void> {
    const { toolsFolder } = this.#deps;
    const names = await readdir(path.dirname(toolsFolder)).catch((): string[] => []);
    for (const name of names.filter((name) => name.startsWith(`${path.basename(toolsFolder)}.building-`))) {
      await rm(path.join(path.dirname(toolsFolder), name), { recursive: true, force: true });
    }
  }

  /** Runs one command of an installer, its output live. */
  run(step: Step, onOutput: OnOutput, signal: AbortSignal): Promise<ProgramEnd> {
    return this.#deps.runProgram({ ...step, env: this.#deps.environment, onOutput }, signal);
  }

  /** For uv alone: pip takes limits on builds from its 25.3 on, and ends with an error before that. */
  get #more(): string[] {
    const { environment, buildConstraints } = this.#deps;
    return [
      ...(environment.UV_BUILD_CONSTRAINT ? [] : ['--build-constraints', buildConstraints]),
      ...(refusesIndexes(environment) ? ['--no-index'] : []),
    ];
  }

  async #uv(python: Python, onOutput: OnOutput, signal: AbortSignal): Promise<string | undefined> {
    const found = this.#findUv();
    if (found !== undefined || !python.hasVenv) return found;
    return this.#lock.run('uv', () => this.#fetchUv(python, onOutput, signal), signal);
  }

  #findUv(): string | undefined {
    const { environment, platform, toolsFolder } = this.#deps;
    const pathName = Object.keys(environment).find((key) => /^path$/i.test(key)) ?? 'PATH';
    const folders = (environment[pathName] ?? '').split(path.delimiter).filter((folder) => folder !== '');
    return [...folders, path.join(toolsFolder, binFolder(platform))]
      .map((folder) => path.join(folder, platform === 'win32' ? 'uv.exe' : 'uv'))
      .find((file) => existsSync(file));
  }

  /** Built aside and then moved, which uv's own binary allows, so that half an installation is never taken for a whole. */
  async #fetchUv(python: Python, onOutput: OnOutput, signal: AbortSignal): Promise<string | undefined> {
    // Someone else may have fetched it while this one waited. A failed attempt is not repeated before the next start:
    // without a network each takes half a minute.
    const found = this.#findUv();
    if (found !== undefined || this.#fetchFailed) return found;
    const { platform, toolsFolder, log } = this.#deps;
    const aside = `${toolsFolder}.building-${randomUUID().slice(0, 8)}`;
    const cwd = path.dirname(toolsFolder);
    onOutput('stdout', 'Fetching uv, once for all packs\n');
    await mkdir(cwd, { recursive: true });
    try {
      const pip = ['-m', 'pip', 'install', '--only-binary', ':all:', 'uv'];
      for (const step of [
        { command: python.executable, args: ['-m', 'venv', aside], cwd },
        { command: pythonIn(aside, platform), args: pip, cwd },
      ]) {
        const end = await this.run(step, onOutput, signal);
        throwIfCanceled(signal);
        this.#fetchFailed = end.exitCode !== 0;
        if (this.#fetchFailed) {
          log.warn('uv could not be installed; venv and pip are used', { reason: end.stderr.slice(-1000) });
          return undefined;
        }
      }
      await rm(toolsFolder, { recursive: true, force: true });
      await rename(aside, toolsFolder);
      return this.#findUv();
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
  }
}

/** Path of the interpreter in a virtualenv. */
export function pythonIn(folder: string, platform: NodeJS.Platform): string {
  return path.join(folder, binFolder(platform), platform === 'win32' ? 'python.exe' : 'python');
}

function binFolder(platform: NodeJS.Platform): string {
  return platform === 'win32' ? 'Scripts' : 'bin';
}

/** `-e git+https://…` as five real packs have it: uv refuses it, pip clones it. */
function isEditableRepository(line: string): boolean {
  return /^(-e|--editable)[ =]*(git|hg|svn|bzr)\+/.test(line);
}

/** Both install with the virtualenv as current folder, since pip puts what it clones there. */
function uvInstaller(uv: string, more: readonly string[]): Installer {
  return {
    name: 'uv',
    create: (python, folder) => ({
      command: uv,
      args: ['venv', '--no-project', '--python', python.executable, folder],
      cwd: path.dirname(folder),
    }),
    install: (folder, file, isExact) => ({
      command: uv,
      args: ['pip', 'install', '--python', folder, ...more, ...noDependencies(isExact), '-r', file],
      cwd: folder,
    }),
  };
}

function pipInstaller(platform: NodeJS.Platform): Installer {
  return {
    name: 'pip',
    create: (python, folder) => ({
      command: python.executable,
      args: ['-m', 'venv', folder],
      cwd: path.dirname(folder),
    }),
    install: (folder, file, isExact) => ({
      command: pythonIn(folder, platform),
      args: ['-m', 'pip', 'install', ...noDependencies(isExact), '-r', file],
      cwd: folder,
    }),
  };
}

function noDependencies(isExact = false): string[] {
  return isExact ? ['--no-deps'] : [];
}
