import { readFile } from 'node:fs/promises';
import { type Problem, StormletError, toFault } from '../../contract/errors.ts';
import { Listeners } from '../../kit/listeners.ts';
import type { Log } from '../../kit/log.ts';
import { examineBase, whatBroke } from './base-python.ts';
import { type BuildDeps, buildVirtualenv, hashRequirements, type Progress } from './build-virtualenv.ts';
import { pythonIn } from './installers.ts';
import { sitePackagesIn } from './site-packages.ts';
import { liveVersion, makeLive, readRecord, removeOldVersions, type VirtualenvPlace } from './virtualenv-versions.ts';

export type BaseEnvironmentDeps = {
  /** `<data>/base-environment` */
  readonly link: string;
  /** Where its versions are, beside those of the packs. */
  readonly versions: string;
  readonly requirementsFile: string;
  readonly build: BuildDeps;
  readonly log: Log;
};

export type ReadyBase = { readonly python: string; readonly sitePackages: string };

/**
 * The one virtualenv that all packs share: what StackStorm's own environment gave them undeclared. Its site-packages come
 * last on a child's path, so that it never shadows what a pack pins.
 */
export class BaseEnvironment implements AsyncDisposable {
  readonly #deps: BaseEnvironmentDeps;
  readonly #ending = new AbortController();
  #current: ReadyBase | undefined;
  #building: Promise<ReadyBase> | undefined;
  #failure: StormletError | undefined;
  readonly #changes: Listeners<void>;

  constructor(deps: BaseEnvironmentDeps) {
    this.#deps = deps;
    this.#changes = new Listeners((error) => deps.log.error('a listener of the base environment failed', { error }));
  }

  /** Takes up the one that an earlier run built, before anything is started that may need it. */
  async start(): Promise<void> {
    const live = liveVersion(this.#place);
    if (live === undefined) return;
    await examineBase(this.#deps.build.python, live, this.#ending.signal);
    this.#current = this.#describe(live);
  }

  /** Another one serves from now on, or the first could not be built. */
  onChange(listener: () => void): () => void {
    return this.#changes.add(listener);
  }

  /** What is there now, without waiting. */
  get current(): ReadyBase | undefined {
    return this.#current;
  }

  /** What an earlier run has built, up to date or not. */
  existing(): ReadyBase | undefined {
    const live = liveVersion(this.#place);
    return live === undefined ? undefined : this.#describe(live);
  }

  /** Why it is not there, for the list of problems; the next `ensure` or `ready` tries again. */
  get problem(): Problem | undefined {
    if (!this.#failure) return undefined;
    const { code, message, hint } = this.#failure;
    return { severity: 'warning', code, message, ...(hint !== undefined && { hint }) };
  }

  /** Begins to build it in the background when it is missing or not up to date. */
  ensure(): void {
    // Its failure is kept in `problem` and logged there.
    this.ready().catch(() => {});
  }

  /** The up-to-date environment, built first where need be. */
  async ready(): Promise<ReadyBase> {
    this.#building ??= this.#makeReady().finally(() => {
      this.#building = undefined;
      if (!this.#current) this.#changes.emit();
    });
    return this.#building;
  }

  /** What starts now might miss modules, and would have to start again. */
  get isFirstBuild(): boolean {
    return !this.#current && this.#building !== undefined;
  }

  /** Waits for a first build that is under way: what runs before its end might miss modules. */
  async settled(): Promise<void> {
    if (!this.#current) await this.#building?.catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort('canceled');
    await this.#building?.catch(() => {});
  }

  async #makeReady(): Promise<ReadyBase> {
    const { log, requirementsFile } = this.#deps;
    const requirements = (await readFile(requirementsFile, 'utf8')).split('\n').filter((line) => /^[^#\s]/.test(line));
    const place = this.#place;
    const live = liveVersion(place);
    // An old one is better than none while the new one is being built.
    await this.start();
    const hash = hashRequirements(requirements);
    if (live !== undefined && this.#current && readRecord(live)?.requirementsHash === hash) return this.#current;
    try {
      await removeOldVersions(place);
      const request = { title: 'the base environment', place, requirementsFile, requirements, python: ANY_PYTHON };
      const built = await buildVirtualenv(this.#deps.build, request, this.#progress, this.#ending.signal);
      await makeLive(place, built.folder, built.record);
      this.#failure = undefined;
      log.info('the base environment is ready', { python: built.record.python, installer: built.record.installer });
      const ready = this.#describe(built.folder);
      if (!ready) throw new Error(`no site-packages in ${built.folder}`);
      this.#current = ready;
      this.#changes.emit();
      return ready;
    } catch (error) {
      this.#failure = baseFailure(error);
      if (!this.#ending.signal.aborted) log.warn('the base environment could not be built', { error: this.#failure });
      throw this.#failure;
    }
  }

  get #place(): VirtualenvPlace {
    return { link: this.#deps.link, versions: this.#deps.versions, name: 'base-environment' };
  }

  get #progress(): Progress {
    const { log } = this.#deps;
    return { onStep: () => {}, onOutput: (_stream, text) => log.debug(text.trimEnd()) };
  }

  #describe(folder: string): ReadyBase | undefined {
    const { platform } = this.#deps.build.python;
    const sitePackages = sitePackagesIn(folder, platform);
    if (sitePackages === undefined || whatBroke(folder, platform)) return undefined;
    return { python: pythonIn(folder, platform), sitePackages };
  }
}

const ANY_PYTHON = { asked: '', remembered: '', packVersions: [] };

function baseFailure(error: unknown): StormletError {
  const fault = toFault(error);
  return new StormletError(
    {
      ...fault,
      message: `packs have to do without the base environment: ${fault.message}`,
      hint: 'packs that import modules which their requirements.txt does not name will fail until it is built',
    },
    { cause: error },
  );
}
