import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { Distribution } from '../../contract/packs.ts';
import { writeFileAtomic } from '../../kit/atomic-file.ts';
import { realPath } from '../../kit/real-path.ts';
import { linkTarget, previousLink } from '../versions.ts';

/** What a virtualenv was built from; kept inside it as `stormlet.json`. */
export const VirtualenvRecord = z.object({
  version: z.literal(1),
  python: z.string(),
  /** The interpreter outside that it stands on. */
  base: z.string(),
  /** What that interpreter's file was when it was last asked for its version: see base-python.ts. */
  baseStamp: z.string().optional(),
  /** Why it can no longer be used, although its interpreter can be started. */
  unusable: z.string().optional(),
  requirementsHash: z.string(),
  builtAt: z.string(),
  installer: z.enum(['uv', 'pip']),
  /** What was installed, exactly. */
  distributions: z.array(Distribution).default([]),
  /** Folder name of the version that this one took over from. */
  previous: z.string().optional(),
});
export type VirtualenvRecord = z.infer<typeof VirtualenvRecord>;

export type VirtualenvPlace = {
  /** Where everybody finds it: a link that always points at a whole virtualenv. */
  readonly link: string;
  /** Where the versions themselves are. */
  readonly versions: string;
  readonly name: string;
};

/** A place for a new version. What stands before the last `-` says whose it is. */
export function newVersionFolder(place: VirtualenvPlace): string {
  return path.join(place.versions, `${place.name}-${randomUUID().slice(0, 8)}`);
}

/** The live version's own folder. Processes are started from it and not through the link, so that a swap leaves them theirs. */
export function liveVersion(place: VirtualenvPlace): string | undefined {
  try {
    return realPath(place.link);
  } catch {
    // Not built yet.
    return undefined;
  }
}

export function readRecord(folder: string): VirtualenvRecord | undefined {
  try {
    const parsed = VirtualenvRecord.safeParse(JSON.parse(readFileSync(path.join(folder, 'stormlet.json'), 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    // Half built, or not built by the app.
    return undefined;
  }
}

/** What a live version was found to be since it was built. */
export async function amendRecord(folder: string, changes: Partial<VirtualenvRecord>): Promise<void> {
  const record = readRecord(folder);
  if (record) await writeFileAtomic(path.join(folder, 'stormlet.json'), recordText({ ...record, ...changes }));
}

/** Writes down what a finished version was built from, and which one it takes over from. */
export async function sealVersion(place: VirtualenvPlace, folder: string, record: VirtualenvRecord): Promise<void> {
  const before = liveVersion(place);
  const previous = before === undefined ? {} : { previous: path.basename(before) };
  await writeFile(path.join(folder, 'stormlet.json'), recordText({ ...record, ...previous }));
}

/** Makes a finished version the live one, in one step where the platform can: Windows cannot rename over a junction. */
export async function makeLive(place: VirtualenvPlace, folder: string, record: VirtualenvRecord): Promise<void> {
  await sealVersion(place, folder, record);
  await mkdir(path.dirname(place.link), { recursive: true });
  const aside = path.join(path.dirname(place.link), `.link-${randomUUID().slice(0, 8)}`);
  await symlink(path.relative(path.dirname(place.link), folder), aside, 'junction');
  if (process.platform === 'win32') await rm(place.link, { recursive: true, force: true });
  await rename(aside, place.link);
  await removeOldVersions(place);
}

function recordText(record: VirtualenvRecord): string {
  return `${JSON.stringify(record, undefined, 2)}\n`;
}

/**
 * Keeps the live version, the one before it, in which something may still run, and the one that the pack's previous version
 * had. Older ones, and what a killed app left half built, go.
 */
export async function removeOldVersions(place: VirtualenvPlace): Promise<void> {
  const live = liveVersion(place);
  const previous = live === undefined ? undefined : readRecord(live)?.previous;
  const ofPrevious = linkTarget(previousLink(place.link));
  const kept = [live, previous, ofPrevious].map((folder) => folder && path.basename(folder));
  await removeVersions(place, (name) => !kept.includes(name));
}

export async function removeAllVersions(place: VirtualenvPlace): Promise<void> {
  for (const link of [place.link, previousLink(place.link)]) await rm(link, { recursive: true, force: true });
  await removeVersions(place, () => true);
}

/** Names of everything that has a version there. */
export async function placeNames(versions: string): Promise<string[]> {
  const names = await readdir(versions).catch((): string[] => []);
  return [...new Set(names.map((name) => name.replace(/-[^-]*$/, '')))];
}

async function removeVersions(place: VirtualenvPlace, which: (name: string) => boolean): Promise<void> {
  const names = await readdir(place.versions).catch((): string[] => []);
  const own = names.filter((name) => name.replace(/-[^-]*$/, '') === place.name && which(name));
  for (const name of own) await rm(path.join(place.versions, name), { recursive: true, force: true, maxRetries: 3 });
}
