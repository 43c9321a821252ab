import { mkdir, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { AliasDefinition } from '../contract/aliases.ts';
import type { Problem } from '../contract/errors.ts';
import type {
  ActionDefinition,
  AvailablePack,
  Distribution,
  PackDetail,
  PackSummary,
  SensorDefinition,
  TriggerType,
  VirtualenvStatus,
} from '../contract/packs.ts';
import { type PackRef, packOf, type ResourceRef } from '../contract/refs.ts';
import { KeyedLock } from '../kit/keyed-lock.ts';
import { Listeners } from '../kit/listeners.ts';
import type { Log } from '../kit/log.ts';
import { comparePacks, listPacks } from './list-packs.ts';
import type { PackManifest } from './metadata/load-manifest.ts';
import { loadPack, PackCaches, readPackManifest } from './metadata/load-pack.ts';
import { relocatePack } from './metadata/relocate-pack.ts';
import {
  BUILT_IN_PACKS,
  type LoadedPolicy,
  type LoadedRule,
  type Pack,
  type PackChange,
  type PackFolders,
  USER_RULES_PACK,
} from './pack.ts';
import type { ChangedFiles } from './pending-changes.ts';
import { detailPack, summarizePack } from './summarize-pack.ts';
import { errorsOf, UserFiles } from './user-files.ts';
import { PackWatcher } from './watcher.ts';

export type PackRegistryDeps = {
  readonly folders: PackFolders;
  isEnabled(ref: PackRef): boolean;
  virtualenvStatus(pack: Pack): VirtualenvStatus;
  /** What is installed in its virtualenv. */
  distributions(pack: Pack): Distribution[];
  readonly log: Log;
};

const WATCH_AFTER_MS = 100;

/**
 * The packs as their files are now. Reading again is a difference: only changed files are parsed, and only packs in which
 * something changed are announced.
 */
export class PackRegistry implements AsyncDisposable {
  readonly #deps: PackRegistryDeps;
  readonly #changes: Listeners<PackChange>;
  readonly #caches = new Map<string, PackCaches>();
  readonly #loaded = new Map<string, Pack>();
  readonly #lock = new KeyedLock();
  readonly #userFiles: UserFiles;
  #packs: ReadonlyMap<PackRef, Pack> = new Map();
  #available: readonly PackManifest[] = [];
  #watcher: PackWatcher | undefined;
  #watching: Promise<void> = Promise.resolve();
  readonly #end = new AbortController();

  constructor(deps: PackRegistryDeps) {
    this.#deps = deps;
    this.#userFiles = new UserFiles(deps.folders);
    this.#changes = new Listeners((error) => deps.log.error('a listener of pack changes failed', { error }));
  }

  /** Reads everything. From a moment later on it is watched as well: the first events do not wait for that. */
  async start(): Promise<void> {
    const { folders } = this.#deps;
    for (const folder of [folders.installed, folders.configs]) await mkdir(folder, { recursive: true });
    await this.#userFiles.makeFolders();
    await Promise.all([this.reloadAll(), this.reloadUserFiles()]);
    this.#available = await this.#readAvailable();
    this.#watching = this.#watch().catch((error) => this.#deps.log.error('packs cannot be watched', { error }));
  }

  list(): Pack[] {
    return [...this.#packs.values()];
  }

  get(ref: string): Pack | undefined {
    return this.#packs.get(ref as PackRef);
  }

  /** Of enabled packs only, as is everything below. */
  action(ref: ResourceRef): ActionDefinition | undefined {
    return this.#enabled(packOf(ref))?.actions.find((action) => action.ref === ref);
  }

  actions(): ActionDefinition[] {
    return this.#allEnabled().flatMap((pack) => pack.actions);
  }

  triggerType(ref: ResourceRef): TriggerType | undefined {
    return this.#enabled(packOf(ref))?.triggerTypes.find((type) => type.ref === ref);
  }

  triggerTypes(): TriggerType[] {
    return this.#allEnabled().flatMap((pack) => pack.triggerTypes);
  }

  aliases(): AliasDefinition[] {
    return this.#allEnabled().flatMap((pack) => pack.aliases);
  }

  sensors(): SensorDefinition[] {
    return this.#allEnabled().flatMap((pack) => pack.sensors);
  }

  rules(): LoadedRule[] {
    return [...this.#allEnabled().flatMap((pack) => pack.rules), ...this.#userFiles.rules()];
  }

  policies(): LoadedPolicy[] {
    return [...this.#allEnabled().flatMap((pack) => pack.policies), ...this.#userFiles.policies()];
  }

  /** Of the user's own rule files; those of packs are among the pack's problems. */
  ruleProblems(): Problem[] {
    return this.#userFiles.ruleProblems();
  }

  policyProblems(): Problem[] {
    return this.#userFiles.policyProblems();
  }

  available(): AvailablePack[] {
    return this.#available.map(({ ref, name, description, version }) => {
      return { ref, name, description, version, installed: this.#packs.has(ref) };
    });
  }

  summary(pack: Pack): PackSummary {
    return summarizePack(pack, this.#deps.isEnabled(pack.ref), this.#deps.virtualenvStatus(pack));
  }

  detail(pack: Pack): Promise<PackDetail> {
    const { distributions } = this.#deps;
    return detailPack(pack, this.summary(pack), {
      distributions: distributions(pack),
      neededBy: this.neededBy(pack.ref),
    });
  }

  /** Packs that say they need this one, whether it is there or not. */
  neededBy(ref: PackRef): PackRef[] {
    const needs = ({ manifest }: Pack) => manifest?.dependencies.some(({ refs }) => refs.includes(ref)) ?? false;
    return this.list()
      .filter((pack) => pack.ref !== ref && needs(pack))
      .map((pack) => pack.ref);
  }

  onChange(listener: (change: PackChange) => void): () => void {
    return this.#changes.add(listener);
  }

  /** Reads one pack again, wherever its folder is, or finds that it has come or gone. */
  async reload(ref: PackRef): Promise<void> {
    const known = [...this.#loaded.values()].filter((pack) => pack.ref === ref || this.get(ref)?.path === pack.path);
    const usual = path.join(this.#deps.folders.installed, ref);
    await this.#reloadFolders(asWhole([usual, ...known.map((pack) => pack.path)]));
  }

  async reloadAll(): Promise<void> {
    const builtIn = BUILT_IN_PACKS.map((name) => path.join(this.#deps.folders.builtIn, name));
    const names = await packFolderNames(this.#deps.folders.installed);
    const installed = names.map((name) => path.join(this.#deps.folders.installed, name));
    await this.#reloadFolders(asWhole([...builtIn, ...installed, ...this.#loaded.keys()]));
  }

  /**
   * Reads packs in trees that are about to take the places of their folders, undefined for a pack that goes. `commit` puts
   * them there: from that very tick on they are listed. When it throws, nothing has changed.
   */
  async replace(trees: ReadonlyMap<string, string | undefined>, commit: () => void): Promise<void> {
    await this.#lock.run('packs', async () => {
      const loaded = await Promise.all(
        [...trees].map(async ([folder, tree]) => [folder, tree && (await this.#loadTree(folder, tree))] as const),
      );
      commit();
      for (const [folder, pack] of loaded) {
        this.#caches.delete(folder);
        if (pack) this.#loaded.set(folder, pack);
        else this.#loaded.delete(folder);
      }
      this.#announce();
    });
  }

  reloadUserFiles(): Promise<void> {
    return this.#reloadUserFiles(false).then(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await this.#watching;
    await this.#watcher?.[Symbol.asyncDispose]();
    await this.#lock.run('packs', async () => {});
  }

  async #watch(): Promise<void> {
    const { signal } = this.#end;
    await setTimeout(WATCH_AFTER_MS, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    this.#watcher = new PackWatcher({
      folders: this.#deps.folders,
      builtInPacks: BUILT_IN_PACKS,
      log: this.#deps.log,
      onChanged: (changed) => this.#takeIn(changed),
    });
    await this.#watcher.start();
    // What changed since it was read.
    await this.reloadAll();
    await this.reloadUserFiles();
  }

  #enabled(ref: PackRef): Pack | undefined {
    return this.#deps.isEnabled(ref) ? this.#packs.get(ref) : undefined;
  }

  #allEnabled(): Pack[] {
    return this.list().filter((pack) => this.#deps.isEnabled(pack.ref));
  }

  /** False: a change that may be half of one was not believed, in whole or in part. */
  async #takeIn({ packs, configs, userFiles, hasty }: ChangedFiles): Promise<boolean> {
    const isTaken = await this.#reloadFolders(packs, hasty);
    for (const ref of configs) await this.reload(ref as PackRef);
    return (!userFiles || (await this.#reloadUserFiles(hasty))) && isTaken;
  }

  async #reloadUserFiles(hasty: boolean): Promise<boolean> {
    return this.#lock.run('user files', async () => {
      const came = await this.#userFiles.reload(hasty);
      if (came === 'changed') this.#changes.emit({ ref: USER_RULES_PACK, kind: 'changed' });
      return came !== 'doubtful';
    });
  }

  async #reloadFolders(folders: ChangedFiles['packs'], hasty = false): Promise<boolean> {
    if (folders.size === 0) return true;
    return this.#lock.run('packs', async () => {
      const read = await Promise.all(
        [...folders].map(async ([folder, touched]) => [folder, await this.#readFolder(folder, touched)] as const),
      );
      if (hasty && read.some(([folder, pack]) => isWorse(this.#loaded.get(folder), pack))) return false;
      for (const [folder, pack] of read) {
        if (pack) this.#loaded.set(folder, pack);
        else this.#loaded.delete(folder);
      }
      this.#announce();
      return true;
    });
  }

  #announce(): void {
    const before = this.#packs;
    this.#packs = listPacks([...this.#loaded.values()]);
    for (const change of comparePacks(before, this.#packs)) this.#changes.emit(change);
  }

  async #loadTree(folder: string, tree: string): Promise<Pack> {
    const pack = await loadPack(tree, 'installed', this.#deps.folders.configs, new PackCaches());
    return relocatePack(pack, tree, folder);
  }

  async #readFolder(folder: string, touched: ReadonlySet<string> | undefined): Promise<Pack | undefined> {
    const isThere = await stat(folder).then(
      (facts) => facts.isDirectory(),
      () => false,
    );
    if (!isThere) {
      this.#caches.delete(folder);
      return undefined;
    }
    const caches = this.#caches.get(folder) ?? new PackCaches();
    this.#caches.set(folder, caches);
    const origin = path.dirname(folder) === this.#deps.folders.builtIn ? 'built-in' : 'installed';
    return loadPack(folder, origin, this.#deps.folders.configs, caches, touched);
  }

  async #readAvailable(): Promise<PackManifest[]> {
    const { builtIn } = this.#deps.folders;
    const names = (await packFolderNames(builtIn)).filter((name) => !BUILT_IN_PACKS.includes(name));
    const manifests = await Promise.all(names.map((name) => readPackManifest(path.join(builtIn, name))));
    return manifests.filter((manifest) => manifest !== undefined);
  }
}

function asWhole(folders: readonly string[]): ChangedFiles['packs'] {
  return new Map(folders.map((folder) => [folder, undefined]));
}

function isWorse(before: Pack | undefined, after: Pack | undefined): boolean {
  return before !== undefined && (after === undefined || errorsOf(after) > errorsOf(before));
}

/** Folders with a dot in front are being built or taken away. */
async function packFolderNames(root: string): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .filter((name) => name !== '__pycache__')
    .sort();
}
