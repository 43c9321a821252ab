import path from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import type { Log } from '../kit/log.ts';
import { concernsPack } from './metadata/scan-pack.ts';
import type { PackFolders } from './pack.ts';

/** What may have changed since the last call; what did, the registry finds out. */
export type ChangedFiles = {
  readonly packFolders: ReadonlySet<string>;
  /** Refs of the packs whose `configs/<ref>.yaml` was written. */
  readonly configs: ReadonlySet<string>;
  readonly userRules: boolean;
};

export type PackWatcherDeps = {
  readonly folders: PackFolders;
  readonly builtInPacks: readonly string[];
  readonly log: Log;
  onChanged(changed: ChangedFiles): Promise<void>;
};

/** A checkout of hundreds of files is one change: it is over when nothing happened for this long. */
const QUIET_MS = 80;
/** A folder that never falls quiet is still read this often. */
const MAX_WAIT_MS = 1000;

/** Tells which packs' files changed, a moment after they did. */
export class PackWatcher implements AsyncDisposable {
  readonly #deps: PackWatcherDeps;
  #watcher: FSWatcher | undefined;
  #packFolders = new Set<string>();
  #configs = new Set<string>();
  #userRules = false;
  #quiet: NodeJS.Timeout | undefined;
  #firstAt: number | undefined;
  #delivery: Promise<void> = Promise.resolve();

  constructor(deps: PackWatcherDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    const { folders, builtInPacks, log } = this.#deps;
    const builtIn = builtInPacks.map((name) => path.join(folders.builtIn, name));
    const watcher = watch([folders.installed, folders.configs, folders.rules, ...builtIn], {
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
    clearTimeout(this.#quiet);
    await this.#watcher?.close();
    await this.#delivery;
  }

  /** `isFolder` is not known at the first of the two times that chokidar asks. */
  #isIgnored(file: string, isFolder: boolean | undefined): boolean {
    const { folders } = this.#deps;
    if (file === folders.configs || file === folders.rules) return false;
    const pack = this.#packFolderOf(file);
    if (!pack) return path.basename(file).startsWith('.') && isInside(folders.installed, file);
    if (pack === file || isFolder === undefined) return path.basename(pack).startsWith('.');
    return !concernsPack(pack, path.relative(pack, file), isFolder);
  }

  #note(file: string): void {
    const { folders } = this.#deps;
    const pack = this.#packFolderOf(file);
    if (pack) this.#packFolders.add(pack);
    else if (path.dirname(file) === folders.configs) this.#configs.add(path.basename(file, '.yaml'));
    else if (isInside(folders.rules, file)) this.#userRules = true;
    else return;
    const now = performance.now();
    this.#firstAt ??= now;
    clearTimeout(this.#quiet);
    const wait = Math.min(QUIET_MS, Math.max(0, this.#firstAt + MAX_WAIT_MS - now));
    this.#quiet = setTimeout(() => this.#deliver(), wait);
  }

  #deliver(): void {
    const changed = { packFolders: this.#packFolders, configs: this.#configs, userRules: this.#userRules };
    this.#packFolders = new Set();
    this.#configs = new Set();
    this.#userRules = false;
    this.#firstAt = undefined;
    this.#delivery = this.#delivery.then(async () => {
      try {
        await this.#deps.onChanged(changed);
      } catch (error) {
        this.#deps.log.error('changed files could not be taken in', { error });
      }
    });
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
