import path from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import type { Log } from '../kit/log.ts';
import { concernsPack } from './metadata/scan-pack.ts';
import type { PackFolders } from './pack.ts';
import { type ChangedFiles, PendingChanges } from './pending-changes.ts';

export type PackWatcherDeps = {
  readonly folders: PackFolders;
  readonly builtInPacks: readonly string[];
  readonly log: Log;
  /** False: a hasty change was not believed, and is to come again when all is quiet. */
  onChanged(changed: ChangedFiles): Promise<boolean>;
};

/** A single save is taken in when nothing came after it for this long. */
const SETTLE_MS = 8;
/** Anything larger, a checkout of hundreds of files, is one change: over when nothing happened for this long. */
const QUIET_MS = 80;
/** A file that is gone, empty or newly broken is most likely being written; that is believed when nothing came for this long. */
const DOUBTFUL_MS = 250;
/** A folder that never falls quiet is still read this often. */
const MAX_WAIT_MS = 1000;
/** So long after single files were read, their packs are looked through as a whole: a watch may have missed something. */
const SWEEP_MS = 1000;

/** Tells which packs' files changed: a single save at once, larger changes when they are over. */
export class PackWatcher implements AsyncDisposable {
  readonly #deps: PackWatcherDeps;
  #watcher: FSWatcher | undefined;
  #pending: PendingChanges | undefined;
  #firstAt = 0;
  #lastAt = 0;
  #deliveredAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #unswept = new Set<string>();
  #sweep: NodeJS.Timeout | undefined;
  #delivery: Promise<void> = Promise.resolve();

  constructor(deps: PackWatcherDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    const { folders, builtInPacks, log } = this.#deps;
    const builtIn = builtInPacks.map((name) => path.join(folders.builtIn, name));
    const watcher = watch([folders.installed, folders.configs, folders.rules, folders.policies, ...builtIn], {
      ignoreInitial: true,
      ignored: (file, stats) => this.#isIgnored(file, stats?.isDirectory()),
      atomic: false,
    });
    this.#watcher = watcher;
    watcher.on('all', (_event, file) => this.#note(file));
    watcher.on('error', (error) => log.warn('files cannot be watched; changes are seen at the next start', { error }));
    await new Promise<void>((resolve) => watcher.once('ready', () => resolve()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#watcher?.close();
    this.#pending = undefined;
    await this.#delivery;
    clearTimeout(this.#timer);
    clearTimeout(this.#sweep);
  }

  /** `isFolder` is not known at the first of the two times that chokidar asks. */
  #isIgnored(file: string, isFolder: boolean | undefined): boolean {
    const { folders } = this.#deps;
    if ([folders.configs, folders.rules, folders.policies].includes(file)) return false;
    const pack = this.#packFolderOf(file);
    if (!pack) return path.basename(file).startsWith('.') && isInside(folders.installed, file);
    if (pack === file || isFolder === undefined) return path.basename(pack).startsWith('.');
    return !concernsPack(pack, path.relative(pack, file), isFolder);
  }

  #note(file: string): void {
    const { folders } = this.#deps;
    const pack = this.#packFolderOf(file);
    const pending = this.#pending ?? new PendingChanges();
    if (pack) pending.touchPack(pack, file);
    else if (path.dirname(file) === folders.configs) pending.touchConfig(path.basename(file, '.yaml'), file);
    else if ([folders.rules, folders.policies].some((folder) => isInside(folder, file))) pending.touchUserFiles(file);
    else return;
    const now = performance.now();
    if (!this.#pending) this.#firstAt = now;
    this.#pending = pending;
    this.#lastAt = now;
    this.#lookIn(SETTLE_MS);
  }

  #lookIn(wait: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#delivery = this.#delivery.then(() => this.#look());
    }, wait);
  }

  /** Whether what happened is over by now; if so it is handed on. */
  async #look(): Promise<void> {
    const pending = this.#pending;
    if (!pending) return;
    const lastAt = this.#lastAt;
    const [isGitBusy, isOneSave, isDoubtful] = await Promise.all([
      pending.isGitBusy(),
      pending.isOneSave(),
      pending.isDoubtful(),
    ]);
    const now = performance.now();
    const isQuiet = now - lastAt >= (isDoubtful ? DOUBTFUL_MS : QUIET_MS);
    // One save after another without a pause is no person's work: what writes like that must not keep the app reading.
    const isPaced = now - this.#deliveredAt >= QUIET_MS;
    const isDone = (isOneSave && isPaced) || isQuiet || now - this.#firstAt >= MAX_WAIT_MS;
    // The event that came during these looks has set the timer.
    if (this.#lastAt !== lastAt) return;
    if (isGitBusy || !isDone) this.#lookIn(SETTLE_MS);
    else {
      this.#pending = undefined;
      this.#deliveredAt = now;
      await this.#deliver(pending.taken(!isQuiet));
    }
  }

  async #deliver(changed: ChangedFiles): Promise<void> {
    try {
      if (await this.#deps.onChanged(changed)) this.#sweepLater(changed.packs);
      else this.#deliverLater(changed);
    } catch (error) {
      this.#deps.log.error('changed files could not be taken in', { error });
    }
  }

  /** With all that comes meanwhile, when all is quiet. */
  #deliverLater(changed: ChangedFiles): void {
    this.#pending ??= new PendingChanges();
    this.#pending.add(changed);
    this.#firstAt = this.#lastAt = performance.now();
    this.#lookIn(DOUBTFUL_MS);
  }

  #sweepLater(packs: ChangedFiles['packs']): void {
    for (const [folder, touched] of packs) if (touched) this.#unswept.add(folder);
    clearTimeout(this.#sweep);
    if (this.#unswept.size > 0) this.#sweep = setTimeout(() => this.#sweepNow(), SWEEP_MS);
  }

  #sweepNow(): void {
    const packs = new Map([...this.#unswept].map((folder) => [folder, undefined] as const));
    this.#unswept = new Set();
    // Hasty, for a save may just have begun.
    const all = { packs, configs: new Set<string>(), userFiles: false, hasty: true };
    if (this.#pending) this.#pending.add(all);
    else this.#delivery = this.#delivery.then(() => this.#deliver(all));
  }

  #packFolderOf(file: string): string | undefined {
    const { folders, builtInPacks } = this.#deps;
    const builtIn = builtInPacks
      .map((name) => path.join(folders.builtIn, name))
      .find((folder) => isInside(folder, file));
    if (builtIn || !isInside(folders.installed, file) || file === folders.installed) return builtIn;
    const [name = ''] = path.relative(folders.installed, file).split(path.sep);
    return path.join(folders.installed, name);
  }
}

function isInside(folder: string, file: string): boolean {
  return file === folder || file.startsWith(folder + path.sep);
}
