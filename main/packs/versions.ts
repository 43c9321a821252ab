import { randomUUID } from 'node:crypto';
import { lstatSync, readlinkSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { realPath } from '../kit/real-path.ts';

/**
 * Installed packs on disk. `packs/hello` is a link to a version, `packs/.versions/ID/hello`; `packs/.previous/hello` links to
 * the one before it, for a rollback and for what still runs on it. Virtualenvs are kept in the same way. A plain folder in
 * `packs/` is somebody's own work: it is a pack like any other, and becomes the previous version when it is updated.
 *
 * This file: where versions are, and which ones are in use. It changes nothing.
 */
export type InstallFolders = {
  /** `<data>/packs` */
  readonly packs: string;
  /** `<data>/virtualenvs` */
  readonly virtualenvs: string;
};

/** Names with a dot in front are never listed as packs. */
const VERSIONS = '.versions';
const PREVIOUS = '.previous';

/** Where a new version is put together. The tree inside is called as its link, which some packs take for their name. */
export function newVersion(packsFolder: string): string {
  return path.join(packsFolder, VERSIONS, randomUUID().slice(0, 8));
}

export function versionsFolder(packsFolder: string): string {
  return path.join(packsFolder, VERSIONS);
}

/** The link to the version before the one that `link` leads to; also for virtualenvs. */
export function previousLink(link: string): string {
  return path.join(path.dirname(link), PREVIOUS, path.basename(link));
}

/** The tree itself. What is started from it, and not through the link, keeps its files when an update switches the link. */
export function liveTree(packPath: string): string {
  try {
    return realPath(packPath);
  } catch {
    // Gone meanwhile: whoever starts something there is told so.
    return packPath;
  }
}

/** The folder in `.versions` that a tree belongs to, beside which its record is; undefined for somebody's own folder. */
export function versionOf(packsFolder: string, tree: string): string | undefined {
  const version = path.dirname(tree);
  return path.dirname(version) === versionsFolder(packsFolder) ? version : undefined;
}

/** What a link leads to, whether it is there or not. Undefined where there is no link. */
export function linkTarget(link: string): string | undefined {
  const facts = lstatSync(link, { throwIfNoEntry: false });
  return facts?.isSymbolicLink() ? path.resolve(path.dirname(link), readlinkSync(link)) : undefined;
}

export function isPlainFolder(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Versions that no link leads to: what a killed app left. */
export async function strayVersions(packsFolder: string): Promise<string[]> {
  const versions = versionsFolder(packsFolder);
  const used = new Set<string>();
  for (const folder of [packsFolder, path.join(packsFolder, PREVIOUS)]) {
    for (const name of await namesIn(folder)) {
      const target = linkTarget(path.join(folder, name));
      if (target !== undefined) used.add(path.dirname(target));
    }
  }
  return (await namesIn(versions)).map((name) => path.join(versions, name)).filter((version) => !used.has(version));
}

export async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
