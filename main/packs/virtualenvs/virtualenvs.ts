import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { StormletError } from '../../contract/errors.ts';
import { isJsonObject } from '../../contract/json.ts';
import type { VirtualenvStatus } from '../../contract/packs.ts';
import { PackRef } from '../../contract/refs.ts';
import { writeFileAtomic } from '../../kit/atomic-file.ts';
import { isoTime } from '../../kit/clock.ts';
import { Listeners } from '../../kit/listeners.ts';
import type { Log } from '../../kit/log.ts';
import type { Pack } from '../pack.ts';
import {
  type BuildDeps,
  type BuiltVirtualenv,
  buildVirtualenv,
  hashRequirements,
  type Progress,
} from './build-virtualenv.ts';
import { pythonIn } from './installers.ts';
import {
  liveVersion,
  makeLive,
  placeNames,
  readRecord,
  removeAllVersions,
  removeOldVersions,
  type VirtualenvPlace,
} from './virtualenv-versions.ts';

export type VirtualenvsDeps = {
  /** `<data>/virtualenvs`: a link for each pack, the virtualenvs themselves below `.versions`. */
  readonly folder: string;
  readonly build: BuildDeps;
  readonly log: Log;
};

/** As much of a pack as its virtualenv depends on; the pack may still be in a staging folder. */
export type VirtualenvPack = Pick<Pack, 'ref' | 'path' | 'requirements' | 'actions' | 'sensors'>;

const FailedBuild = z.object({ at: z.string(), output: z.string() });

/**
 * One virtualenv for each pack. The files are the truth: nothing of their state is held in memory but which ones are being
 * built right now. A new one is built beside the old one, which stays live until the new one is whole.
 */
export class Virtualenvs {
  readonly #deps: VirtualenvsDeps;
  readonly #changes: Listeners<PackRef>;
  readonly #building = new Set<string>();

  constructor(deps: VirtualenvsDeps) {
    this.#deps = deps;
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

  status(pack: VirtualenvPack): VirtualenvStatus {
    const live = this.#live(pack.ref);
    const record = live === undefined ? undefined : readRecord(live);
    const facts = {
      ...(live && { path: this.#place(pack.ref).link }),
      ...(record && { python: record.python, builtAt: record.builtAt }),
    };
    if (this.#building.has(pack.ref)) return { state: 'building', ...facts };
    const failed = this.#failed(pack.ref);
    const output = failed && { output: failed };
    if (live) {
      const isCurrent = record?.requirementsHash === hashRequirements(pack.requirements);
      return isCurrent ? { state: 'ready', ...facts } : { state: 'outdated', ...facts, ...output };
    }
    if (!needsVirtualenv(pack)) return { state: 'not-needed' };
    return { state: failed === undefined ? 'missing' : 'failed', ...output };
  }

  /** The interpreter for new processes, in the version that is live now: a later swap does not touch them. */
  python(ref: string): string | undefined {
    const live = this.#live(ref);
    return live && pythonIn(live, this.#deps.build.python.platform);
  }

  onChange(listener: (ref: PackRef) => void): () => void {
    return this.#changes.add(listener);
  }

  /**
   * Builds it anew, whether there is one or not: a fresh one holds nothing that the requirements no longer name. One call
   * at a time for each pack; the operations see to that.
   */
  async setUp(pack: VirtualenvPack, interpreter: string, progress: Progress, signal: AbortSignal): Promise<void> {
    try {
      await this.adopt(pack.ref, await this.build(pack, interpreter, progress, signal));
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
  ): Promise<BuiltVirtualenv> {
    const { ref, requirements } = pack;
    const request = {
      title: ref,
      place: this.#place(ref),
      requirementsFile: path.join(pack.path, 'requirements.txt'),
      requirements,
      interpreter,
    };
    this.#building.add(ref);
    this.#changes.emit(ref);
    try {
      return await buildVirtualenv(this.#deps.build, request, progress, signal);
    } finally {
      this.#building.delete(ref);
      this.#changes.emit(ref);
    }
  }

  async adopt(ref: PackRef, built: BuiltVirtualenv): Promise<void> {
    await makeLive(this.#place(ref), built.folder, built.record);
    await rm(this.#failedFile(ref), { force: true });
    this.#changes.emit(ref);
  }

  /** Throws away one that was built and not adopted. */
  async discard(ref: PackRef, built: BuiltVirtualenv): Promise<void> {
    const live = liveVersion(this.#place(ref));
    if (live !== undefined && path.basename(live) === path.basename(built.folder)) return;
    await rm(built.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  /** Keeps what the installer said, so that the pack still shows it after a restart. A cancel is no failure. */
  async recordFailure(ref: PackRef, error: unknown): Promise<void> {
    if (!(error instanceof StormletError) || error.code === 'operation/canceled') return;
    const output = isJsonObject(error.details) ? String(error.details.output ?? '') : '';
    const failed = { at: isoTime(this.#deps.build.clock), output: output || `${error.message}\n${error.hint ?? ''}` };
    await writeFileAtomic(this.#failedFile(ref), `${JSON.stringify(failed, undefined, 2)}\n`);
    this.#changes.emit(ref);
  }

  async remove(ref: PackRef): Promise<void> {
    await removeAllVersions(this.#place(ref));
    await rm(this.#failedFile(ref), { force: true });
    this.#changes.emit(ref);
  }

  get #versions(): string {
    return path.join(this.#deps.folder, '.versions');
  }

  #place(name: string): VirtualenvPlace {
    return { link: path.join(this.#deps.folder, name), versions: this.#versions, name };
  }

  /** Only one whose interpreter is still there: when the Python below it was removed, it is as good as missing. */
  #live(ref: string): string | undefined {
    const live = liveVersion(this.#place(ref));
    return live !== undefined && existsSync(pythonIn(live, this.#deps.build.python.platform)) ? live : undefined;
  }

  #failedFile(ref: string): string {
    return path.join(this.#deps.folder, '.failed', `${ref}.json`);
  }

  #failed(ref: string): string | undefined {
    try {
      return FailedBuild.parse(JSON.parse(readFileSync(this.#failedFile(ref), 'utf8'))).output;
    } catch {
      // The usual case: the last build went well.
      return undefined;
    }
  }
}

export function needsVirtualenv(pack: VirtualenvPack): boolean {
  return (
    pack.requirements.length > 0 ||
    pack.sensors.length > 0 ||
    pack.actions.some(({ runner }) => runner === 'python-script')
  );
}
