import { stat } from 'node:fs/promises';
import path from 'node:path';

/** What may have changed since the last delivery; what did, the registry finds out. */
export type ChangedFiles = {
  /** By pack folder: the paths inside that were touched; undefined: anything may have been. */
  readonly packs: ReadonlyMap<string, ReadonlySet<string> | undefined>;
  /** Refs of the packs whose `configs/<ref>.yaml` was written. */
  readonly configs: ReadonlySet<string>;
  readonly userFiles: boolean;
  /**
   * It is not certain that whoever writes is done. What would take something away is then not to be believed yet: an
   * editor empties a file before it writes it, and takes one away before it puts the new one in its place.
   */
  readonly hasty: boolean;
};

/** A single save touches few paths, also with an editor's aside and backup files; a checkout touches many. */
const FEW = 8;
/** A file written to less than this ago may be written to again at once. */
const STILL_WRITTEN_MS = 8;
/** git holds its index locked while it changes the working tree. A lock this old was left behind by a git that died. */
const STALE_LOCK_MS = 10_000;

/** Gathers touched paths until they are delivered. */
export class PendingChanges {
  readonly #packs = new Map<string, Set<string> | undefined>();
  readonly #configs = new Set<string>();
  readonly #files = new Set<string>();
  #userFiles = false;
  #isKnown = true;
  #isDoubted = false;

  touchPack(folder: string, file: string): void {
    this.#files.add(file);
    const touched = this.#packs.has(folder) ? this.#packs.get(folder) : new Set<string>();
    this.#packs.set(folder, touched?.add(path.relative(folder, file).split(path.sep).join('/')));
  }

  touchConfig(ref: string, file: string): void {
    this.#files.add(file);
    this.#configs.add(ref);
  }

  touchUserFiles(file: string): void {
    this.#files.add(file);
    this.#userFiles = true;
  }

  /** What could not be taken in: no longer one save. */
  add({ packs, configs, userFiles }: ChangedFiles): void {
    this.#isKnown = false;
    this.#isDoubted = true;
    for (const folder of packs.keys()) this.#packs.set(folder, undefined);
    for (const ref of configs) this.#configs.add(ref);
    this.#userFiles ||= userFiles;
  }

  /** Whether this looks like one save that is over. */
  async isOneSave(): Promise<boolean> {
    if (!this.#isKnown || this.#files.size > FEW) return false;
    const settled = await Promise.all([...this.#files].map(isWritten));
    return settled.every(Boolean);
  }

  /** Whether something would be taken away that may be about to come back. */
  async isDoubtful(): Promise<boolean> {
    if (this.#isDoubted) return true;
    const sizes = await Promise.all([...this.#files].map((file) => stat(file).catch(() => undefined)));
    return sizes.some((facts) => !facts || (facts.isFile() && facts.size === 0));
  }

  /** Whether git is at work in one of the packs. */
  async isGitBusy(): Promise<boolean> {
    const locked = await Promise.all(
      [...this.#packs.keys()].map((folder) => isFresh(path.join(folder, '.git/index.lock'))),
    );
    return locked.some(Boolean);
  }

  taken(hasty: boolean): ChangedFiles {
    const packs = new Map([...this.#packs].map(([folder, touched]) => [folder, within(FEW, touched)]));
    return { packs, configs: this.#configs, userFiles: this.#userFiles, hasty };
  }
}

function within(limit: number, touched: Set<string> | undefined): Set<string> | undefined {
  return touched && touched.size <= limit ? touched : undefined;
}

/** A file that is gone or empty is about to come, more often than not. A folder has nothing to wait for. */
async function isWritten(file: string): Promise<boolean> {
  const facts = await stat(file).catch(() => undefined);
  if (!facts?.isFile()) return facts !== undefined;
  const age = Date.now() - facts.mtimeMs;
  return facts.size > 0 && !(age >= 0 && age < STILL_WRITTEN_MS);
}

async function isFresh(lock: string): Promise<boolean> {
  const facts = await stat(lock).catch(() => undefined);
  return facts !== undefined && Date.now() - facts.mtimeMs < STALE_LOCK_MS;
}
