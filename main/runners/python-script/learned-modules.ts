import { readFileSync } from 'node:fs';
import path from 'node:path';
import { writeFileAtomic } from '../../kit/atomic-file.ts';
import type { Log } from '../../kit/log.ts';

/**
 * What the earlier actions of each pack imported, so that its next warm interpreter may import it ahead; and what turned out
 * to be unfit for that. One small file for each pack: nothing is lost with it but the first action's time.
 */
export type LearnedModulesDeps = { readonly folder: string; readonly log: Log };

type Learned = {
  /** The interpreter that it was learned with: a rebuilt virtualenv holds other modules. */
  readonly python: string;
  readonly modules: readonly string[];
  /** Top-level packages, and why. */
  readonly banned: Readonly<Record<string, string>>;
};

/** A pack that imports more than this has something wrong with it, such as modules that it makes itself. */
const MOST_MODULES = 3000;

export class LearnedModules {
  readonly #deps: LearnedModulesDeps;
  readonly #packs = new Map<string, Learned>();
  #writing: Promise<void> = Promise.resolve();

  constructor(deps: LearnedModulesDeps) {
    this.#deps = deps;
  }

  /** In the order to import them: each after what it needs, as far as that is known. */
  of(pack: string, python: string): readonly string[] {
    const { modules, banned } = this.#of(pack, python);
    return modules.filter((name) => banned[topLevel(name)] === undefined);
  }

  /** Returns whether something was new. */
  add(pack: string, python: string, modules: readonly string[]): boolean {
    const learned = this.#of(pack, python);
    const known = new Set(learned.modules);
    const fresh = modules.filter((name) => !known.has(name) && learned.banned[topLevel(name)] === undefined);
    if (fresh.length === 0 || known.size + fresh.length > MOST_MODULES) return false;
    this.#keep(pack, { ...learned, modules: [...learned.modules, ...fresh] });
    return true;
  }

  ban(pack: string, python: string, module: string, why: string): void {
    const learned = this.#of(pack, python);
    this.#keep(pack, { ...learned, banned: { ...learned.banned, [topLevel(module)]: why } });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing;
  }

  #of(pack: string, python: string): Learned {
    const known = this.#packs.get(pack) ?? this.#read(pack);
    const learned = known?.python === python ? known : { python, modules: [], banned: {} };
    this.#packs.set(pack, learned);
    return learned;
  }

  #read(pack: string): Learned | undefined {
    try {
      const value = JSON.parse(readFileSync(this.#file(pack), 'utf8')) as Partial<Learned>;
      const { python = '', modules = [], banned = {} } = value;
      return { python, modules, banned };
    } catch {
      // Not there yet, or not readable: it is learned anew.
      return undefined;
    }
  }

  #keep(pack: string, learned: Learned): void {
    this.#packs.set(pack, learned);
    this.#writing = this.#writing
      .then(() => writeFileAtomic(this.#file(pack), `${JSON.stringify(learned)}\n`))
      .catch((error) => this.#deps.log.warn('what a pack imports could not be written down', { pack, error }));
  }

  #file(pack: string): string {
    return path.join(this.#deps.folder, `${pack}.json`);
  }
}

function topLevel(module: string): string {
  return module.split('.', 1)[0] ?? module;
}
