import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { VirtualenvStatus } from '../../contract/packs.ts';
import { PackRef } from '../../contract/refs.ts';
import { Listeners } from '../../kit/listeners.ts';
import type { Log } from '../../kit/log.ts';
import type { Pack } from '../pack.ts';
import { type BrokenVirtualenv, examineBase, whatBroke } from './base-python.ts';
import {
  type BuildDeps,
  type BuiltVirtualenv,
  buildVirtualenv,
  hashRequirements,
  type Lock,
  type Progress,
} from './build-virtualenv.ts';
import { AUTOMATIC } from './choose-python.ts';
import { pythonIn } from './installers.ts';
import { isBuildFailure, VirtualenvNotes } from './virtualenv-notes.ts';
import {
  liveVersion,
  makeLive,
  placeNames,
  readRecord,
  removeAllVersions,
  removeOldVersions,
  sealVersion,
  type VirtualenvPlace,
} from './virtualenv-versions.ts';

export type VirtualenvsDeps = {
  /** `<data>/virtualenvs`: a link for each pack, the virtualenvs themselves below `.versions`. */
  readonly folder: string;
  readonly build: BuildDeps;
  readonly log: Log;
};

/** As much of a pack as its virtualenv depends on; the pack may still be in a staging folder. */
export type VirtualenvPack = Pick<Pack, 'ref' | 'path' | 'manifest' | 'requirements' | 'actions' | 'sensors'>;

/**
 * One virtualenv for each pack. The files are the truth: nothing of their state is held in memory but which ones are being
 * built right now. A new one is built beside the old one, which stays live until the new one is whole.
 */
export class Virtualenvs {
  readonly #deps: VirtualenvsDeps;
  readonly #changes: Listeners<PackRef>;
  readonly #building = new Set<string>();
  readonly #notes: VirtualenvNotes;

  constructor(deps: VirtualenvsDeps) {
    this.#deps = deps;
    this.#notes = new VirtualenvNotes(deps.folder, deps.build.clock);
    this.#changes = new Listeners((error) => deps.log.error('a listener of virtualenvs failed', { error }));
  }

  /** Takes away what a killed app left half built. */
  async start(): Promise<void> {
    const { folder, build } = this.#deps;
    await mkdir(this.#versions, { recursive: true });
    for (const name of await placeNames(this.#versions)) {
      if (PackRef.safeParse(name).success) await removeOldVersions(this.#place(name));
    }
    for (const name of await readdir(folder)) {
      if (name.startsWith('.link-')) await rm(path.join(folder, name), { recursive: true, force: true });
    }
    await build.installers.removeDebris();
  }

  /**
   * Finds those whose Python was removed or replaced since they were built, by looking at files: an interpreter is started
   * only where its file changed. What it gives back is what is to be built again.
   */
  async examine(refs: readonly PackRef[], signal: AbortSignal): Promise<PackRef[]> {
    const { python } = this.#deps.build;
    const broken: PackRef[] = [];
    for (const ref of refs) {
      const live = liveVersion(this.#place(ref));
      if (live === undefined) continue;
      const before = whatBroke(live, python.platform)?.why;
      await examineBase(python, live, signal);
      const now = whatBroke(live, python.platform);
      if (now?.why !== before) this.#changes.emit(ref);
      if (now && now.kind !== 'deleted') broken.push(ref);
    }
    return broken;
  }

  status(pack: VirtualenvPack): VirtualenvStatus {
    const version = liveVersion(this.#place(pack.ref));
    const broken = version === undefined ? undefined : whatBroke(version, this.#deps.build.python.platform);
    const record = version === undefined ? undefined : readRecord(version);
    const interpreter = this.#notes.interpreter(pack.ref);
    const serves = version !== undefined && !broken;
    const facts = {
      ...(serves && { path: this.#place(pack.ref).link }),
      ...(serves && record && { python: record.python, builtAt: record.builtAt }),
      ...(interpreter !== '' && { interpreter }),
      ...(broken && { why: broken.why }),
    };
    if (this.#building.has(pack.ref)) return { state: 'building', ...facts };
    const output = this.#notes.failure(pack.ref);
    const said = { ...facts, ...(output !== undefined && { output }) };
    if (serves) {
      if (record?.requirementsHash === hashRequirements(pack.requirements)) return { state: 'ready', ...facts };
      return { state: 'outdated', ...said, why: 'requirements.txt is another one than it was built from' };
    }
    if (!needsVirtualenv(pack)) return { state: 'not-needed' };
    return { state: output === undefined ? 'missing' : 'failed', ...said };
  }

  /** What keeps the live version from serving. */
  brokenBy(ref: string): BrokenVirtualenv | undefined {
    const live = liveVersion(this.#place(ref));
    return live === undefined ? undefined : whatBroke(live, this.#deps.build.python.platform);
  }

  /** The interpreter for new processes, in the version that is live now: a later swap does not touch them. */
  python(ref: string): string | undefined {
    const live = liveVersion(this.#place(ref));
    const { platform } = this.#deps.build.python;
    return live === undefined || whatBroke(live, platform) ? undefined : pythonIn(live, platform);
  }

  onChange(listener: (ref: PackRef) => void): () => void {
    return this.#changes.add(listener);
  }

  /**
   * Builds it anew, whether there is one or not: a fresh one holds nothing that the requirements no longer name. One call
   * at a time for each pack; the operations see to that.
   */
  async setUp(
    pack: VirtualenvPack,
    interpreter: string,
    progress: Progress,
    signal: AbortSignal,
    locked?: Lock,
  ): Promise<void> {
    try {
      await this.adopt(pack.ref, await this.build(pack, interpreter, progress, signal, locked));
    } catch (error) {
      await this.recordFailure(pack.ref, error);
      throw error;
    }
  }

  /** A virtualenv for the pack that is not live yet. Whoever asked for it adopts or discards it. */
  async build(
    pack: VirtualenvPack,
    interpreter: string,
    progress: Progress,
    signal: AbortSignal,
    locked?: Lock,
  ): Promise<BuiltVirtualenv> {
    const { ref, requirements } = pack;
    const remembered = this.#notes.interpreter(ref);
    const request = {
      title: ref,
      place: this.#place(ref),
      requirementsFile: path.join(pack.path, 'requirements.txt'),
      requirements,
      python: { asked: interpreter, remembered, packVersions: pack.manifest?.pythonVersions ?? [] },
      locked,
    };
    this.#building.add(ref);
    this.#changes.emit(ref);
    try {
      const built = await buildVirtualenv(this.#deps.build, request, progress, signal);
      return interpreter === '' ? built : { ...built, choice: interpreter === AUTOMATIC ? '' : interpreter };
    } finally {
      this.#building.delete(ref);
      this.#changes.emit(ref);
    }
  }

  async adopt(ref: PackRef, built: BuiltVirtualenv): Promise<void> {
    await makeLive(this.#place(ref), built.folder, built.record);
    await this.settle(ref, built);
  }

  /** Makes a built one complete. It may then be adopted by pointing `link(ref)` to it, after which it is to be settled. */
  async seal(ref: PackRef, built: BuiltVirtualenv): Promise<void> {
    await sealVersion(this.#place(ref), built.folder, built.record);
  }

  /** What is left to do once the link leads elsewhere. `keepOld`: something runs in an older one than the previous. */
  async settle(ref: PackRef, built?: BuiltVirtualenv, keepOld = false): Promise<void> {
    if (built?.choice !== undefined) await this.#notes.setInterpreter(ref, built.choice);
    if (built) await this.#notes.clearFailure(ref);
    if (!keepOld) await removeOldVersions(this.#place(ref));
    this.#changes.emit(ref);
  }

  /** What the live version holds, exactly. Undefined where there is none. */
  lock(ref: string): Lock | undefined {
    const live = liveVersion(this.#place(ref));
    return live === undefined ? undefined : readRecord(live);
  }

  link(ref: PackRef): string {
    return this.#place(ref).link;
  }

  /** Throws away one that was built and not adopted. */
  async discard(ref: PackRef, built: BuiltVirtualenv): Promise<void> {
    const live = liveVersion(this.#place(ref));
    if (live !== undefined && path.basename(live) === path.basename(built.folder)) return;
    await rm(built.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  /** Keeps what the installer said, so that the pack still shows it after a restart. */
  async recordFailure(ref: PackRef, error: unknown): Promise<void> {
    if (!isBuildFailure(error)) return;
    await this.#notes.setFailure(ref, error);
    this.#changes.emit(ref);
  }

  async remove(ref: PackRef): Promise<void> {
    await removeAllVersions(this.#place(ref));
    await this.#notes.forget(ref);
    this.#changes.emit(ref);
  }

  get #versions(): string {
    return path.join(this.#deps.folder, '.versions');
  }

  #place(name: string): VirtualenvPlace {
    return { link: path.join(this.#deps.folder, name), versions: this.#versions, name };
  }
}

export function needsVirtualenv(pack: VirtualenvPack): boolean {
  return (
    pack.requirements.length > 0 ||
    pack.sensors.length > 0 ||
    pack.actions.some(({ runner }) => runner === 'python-script')
  );
}
