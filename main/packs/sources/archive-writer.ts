import { createWriteStream } from 'node:fs';
import { copyFile, mkdir, stat, symlink } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { StormletError } from '../../contract/errors.ts';
import type { ArchiveEntry } from './archive-entries.ts';

/** What an archive may come to, unpacked. */
export type ArchiveLimits = {
  readonly entries: number;
  readonly bytes: number;
  /** Unpacked bytes to packed ones; small archives are not measured. */
  readonly ratio: number;
};

export type ArchiveWriterDeps = {
  /** Exists, is empty, and has no links in its path. */
  readonly folder: string;
  /** How the archive is called in messages. */
  readonly shown: string;
  /** Bytes of the archive itself. */
  readonly packedSize: number;
  readonly limits: ArchiveLimits;
};

/** Below this, text that repeats itself compresses beyond any bound worth having. */
const RATIO_FROM_BYTES = 16 * 1024 * 1024;

/**
 * Writes the entries of an archive that are fit to be written, and refuses the whole archive for the first that is not.
 * Links are made at the end, so that nothing is ever written through one.
 */
export class ArchiveWriter {
  readonly #deps: ArchiveWriterDeps;
  readonly #links: { readonly name: string; readonly entry: ArchiveEntry }[] = [];
  #entries = 0;
  #bytes = 0;

  constructor(deps: ArchiveWriterDeps) {
    this.#deps = deps;
  }

  async write(entry: ArchiveEntry, signal: AbortSignal): Promise<void> {
    this.#count(entry.name, entry.size);
    if (entry.kind === 'special') throw this.#refused(entry.name, 'is neither a file nor a folder nor a link');
    const name = this.#safeName(entry.name, entry.name);
    if (name === '' && entry.kind !== 'folder') throw this.#refused(entry.name, 'has no name');
    if (entry.kind === 'folder') await mkdir(path.join(this.#deps.folder, name), { recursive: true });
    else if (entry.kind === 'file') await this.#writeFile(name, entry, signal);
    else this.#links.push({ name, entry });
  }

  /** Makes the links; the archive is then complete. Folders come first: no link can then be part of another's path. */
  async finish(): Promise<void> {
    const { folder } = this.#deps;
    for (const { name } of this.#links) await mkdir(path.join(folder, path.dirname(name)), { recursive: true });
    const hardLinks = this.#links.filter(({ entry }) => entry.kind === 'hardlink');
    const symlinks = this.#links.filter(({ entry }) => entry.kind === 'symlink');
    for (const { name, entry } of hardLinks) await this.#copyLinked(name, entry);
    for (const { name, entry } of symlinks) await this.#makeLink(name, entry);
  }

  async #writeFile(name: string, entry: ArchiveEntry, signal: AbortSignal): Promise<void> {
    const file = path.join(this.#deps.folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    // `wx`: of two entries with one name, or names that this file system takes for one, none is silently lost.
    const target = createWriteStream(file, { flags: 'wx', mode: entry.isExecutable ? 0o755 : 0o644 });
    await this.#once(name, async () => pipeline(await entry.content(), target, { signal }));
  }

  /** A second name of a file becomes a file of its own. */
  async #copyLinked(name: string, entry: ArchiveEntry): Promise<void> {
    const { folder } = this.#deps;
    const target = path.join(folder, this.#safeName(entry.target, entry.name));
    const facts = await stat(target).catch(() => undefined);
    if (!facts?.isFile()) throw this.#refused(entry.name, `is a link to \`${entry.target}\`, which is no file of it`);
    this.#count(entry.name, facts.size);
    await this.#once(name, () => copyFile(target, path.join(folder, name), 1));
  }

  async #makeLink(name: string, entry: ArchiveEntry): Promise<void> {
    const { folder } = this.#deps;
    const { target } = entry;
    const inside = path.posix.join(path.posix.dirname(name), target);
    const leadsOut = isAbsolute(target) || inside === '..' || inside.startsWith('../') || target.includes('\\');
    if (leadsOut) throw this.#refused(entry.name, `is a link that leads out of it, to \`${target}\``);
    await this.#once(name, () => symlink(target, path.join(folder, name)));
  }

  #count(name: string, bytes: number): void {
    const { limits, packedSize } = this.#deps;
    this.#entries += 1;
    this.#bytes += bytes;
    if (this.#entries > limits.entries) throw this.#tooLarge(`has more than ${limits.entries} entries`);
    if (this.#bytes > limits.bytes) throw this.#tooLarge(`unpacks to more than ${mib(limits.bytes)}, with \`${name}\``);
    if (this.#bytes > RATIO_FROM_BYTES && this.#bytes > packedSize * limits.ratio) {
      throw this.#tooLarge(`unpacks to more than ${limits.ratio} times its size, with \`${name}\``);
    }
  }

  /** The path inside the folder; empty for the folder itself. */
  #safeName(name: string, entry: string): string {
    if (isAbsolute(name)) throw this.#refused(entry, 'is an absolute path');
    if (name.includes('\\') || name.includes('\0')) throw this.#refused(entry, 'has a character that no file may have');
    const parts = name.split('/').filter((part) => part !== '' && part !== '.');
    if (parts.includes('..')) throw this.#refused(entry, 'leads out of it');
    return parts.join('/');
  }

  async #once(name: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EEXIST';
      throw isTaken ? this.#refused(name, 'is in it twice') : error;
    }
  }

  #refused(entry: string, why: string): StormletError {
    return new StormletError({
      code: 'pack/archive-refused',
      kind: 'pack',
      message: `the archive \`${this.#deps.shown}\` is refused: its entry \`${entry}\` ${why}`,
      hint: 'ask where the archive comes from; a pack that is well packed has no such entry',
    });
  }

  #tooLarge(why: string): StormletError {
    return new StormletError({
      code: 'pack/archive-too-large',
      kind: 'pack',
      message: `the archive \`${this.#deps.shown}\` is refused: it ${why}`,
      hint: 'if you trust it, unpack it yourself and install the folder',
    });
  }
}

function isAbsolute(name: string): boolean {
  return name.startsWith('/') || /^[A-Za-z]:/.test(name);
}

function mib(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MiB`;
}
