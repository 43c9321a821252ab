import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type Fault, StormletError, toFault } from '../../contract/errors.ts';
import { writeFileAtomic } from '../../kit/atomic-file.ts';
import { type Clock, isoTime } from '../../kit/clock.ts';
import { KeyedLock } from '../../kit/keyed-lock.ts';
import type { Log } from '../../kit/log.ts';
import { type CataloguePack, readIndex } from './catalogue-index.ts';

export type CatalogueDeps = {
  /** Addresses and paths of indexes. Where two have a pack of one name, the first one's counts. */
  sources(): readonly string[];
  fetchText(url: string, signal: AbortSignal): Promise<string>;
  /** What was fetched is kept here, for when there is no network. */
  readonly cacheFolder: string;
  readonly home: string;
  readonly clock: Clock;
  readonly log: Log;
};

/** One index as it was read last. */
export type CatalogueReading = {
  readonly source: string;
  readonly packs: readonly CataloguePack[];
  /** When it was fetched, as ISO time; absent for a file, which is read each time, and where nothing was ever read. */
  readonly fetchedAt?: string;
  /** Why it is not up to date; the packs are then those of an older copy, if there is one. */
  readonly problem?: Fault;
};

const FRESH_MS = 12 * 60 * 60 * 1000;
/** After a failure; otherwise each keystroke of a search would wait for a server that is not there. */
const RETRY_MS = 5 * 60 * 1000;

/** The packs that catalogues offer. An index is fetched when its copy is old, and the copy serves when that fails. */
export class Catalogue {
  readonly #deps: CatalogueDeps;
  readonly #lock = new KeyedLock();
  readonly #copies = new Map<string, Copy>();
  readonly #failures = new Map<string, { readonly at: number; readonly fault: Fault }>();

  constructor(deps: CatalogueDeps) {
    this.#deps = deps;
  }

  /** All catalogues in their order. Never throws for what is wrong with one. `anew` fetches whatever the age of the copy. */
  read(signal: AbortSignal, anew = false): Promise<CatalogueReading[]> {
    return Promise.all(this.#deps.sources().map((source) => this.#readOne(source, anew, signal)));
  }

  async #readOne(source: string, anew: boolean, signal: AbortSignal): Promise<CatalogueReading> {
    if (!/^https?:/i.test(source)) return this.#readFile(source);
    // One at a time for each: whoever waited finds what the one before fetched.
    return this.#lock.run(source, () => this.#readUrl(source, anew, signal), signal);
  }

  async #readFile(source: string): Promise<CatalogueReading> {
    try {
      const json = await readFile(this.#pathOf(source), 'utf8');
      return { source, packs: readIndex(source, json) };
    } catch (error) {
      return {
        source,
        packs: [],
        problem: toFault(error instanceof StormletError ? error : unreadable(source, error)),
      };
    }
  }

  async #readUrl(source: string, anew: boolean, signal: AbortSignal): Promise<CatalogueReading> {
    const copy = this.#copies.get(source) ?? (await this.#loadCopy(source));
    const now = this.#deps.clock.now();
    const failure = this.#failures.get(source);
    if (!anew && copy && now - Date.parse(copy.fetchedAt) < FRESH_MS) return copy;
    if (!anew && failure && now - failure.at < RETRY_MS) return reading(source, copy, failure.fault);
    try {
      const json = await this.#deps.fetchText(source, signal);
      return await this.#keep(source, readIndex(source, json));
    } catch (error) {
      const fault = toFault(error);
      if (fault.code === 'operation/canceled' || !(error instanceof StormletError)) throw error;
      this.#failures.set(source, { at: now, fault });
      this.#deps.log.warn('a catalogue could not be read', { source, reason: fault.message });
      return reading(source, copy, fault);
    }
  }

  async #keep(source: string, packs: readonly CataloguePack[]): Promise<Copy> {
    const copy: Copy = { source, fetchedAt: isoTime(this.#deps.clock), packs };
    this.#copies.set(source, copy);
    this.#failures.delete(source);
    try {
      await writeFileAtomic(this.#cacheFile(source), JSON.stringify({ version: 1, ...copy }));
    } catch (error) {
      // It serves as long as the app runs.
      this.#deps.log.warn('the copy of a catalogue could not be kept', { source, error });
    }
    return copy;
  }

  async #loadCopy(source: string): Promise<Copy | undefined> {
    const text = await readFile(this.#cacheFile(source), 'utf8').catch(() => undefined);
    const copy = CopyFile.safeParse(text === undefined ? undefined : parseJson(text));
    if (!copy.success || copy.data.source !== source) return undefined;
    const { fetchedAt, packs } = copy.data;
    this.#copies.set(source, { source, fetchedAt, packs });
    return this.#copies.get(source);
  }

  #cacheFile(source: string): string {
    const name = createHash('sha256').update(source).digest('hex').slice(0, 16);
    return path.join(this.#deps.cacheFolder, `${name}.json`);
  }

  #pathOf(source: string): string {
    if (/^~[\\/]/.test(source)) return path.join(this.#deps.home, source.slice(1));
    return /^file:/i.test(source) ? fileURLToPath(source) : source;
  }
}

/** As it is on the disk. */
const CopyFile = z.object({
  version: z.literal(1),
  source: z.string(),
  fetchedAt: z.iso.datetime(),
  packs: z.array(
    z.object({
      ref: z.string(),
      name: z.string(),
      description: z.string(),
      version: z.string(),
      author: z.string(),
      keywords: z.array(z.string()),
      url: z.string(),
    }),
  ),
});
type Copy = { readonly source: string; readonly fetchedAt: string; readonly packs: readonly CataloguePack[] };

function reading(source: string, copy: Copy | undefined, problem: Fault): CatalogueReading {
  return { source, packs: copy?.packs ?? [], ...(copy && { fetchedAt: copy.fetchedAt }), problem };
}

function unreadable(source: string, cause: unknown): StormletError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `the catalogue \`${source}\` cannot be read: ${reason}`;
  const hint = 'see `packs.catalogues` in the settings: each is an address or the whole path of a file';
  return new StormletError({ code: 'catalogue/unreadable', kind: 'user', message, hint }, { cause });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A copy that a power cut has spoiled is as good as none.
    return undefined;
  }
}
