import { mkdir, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../../kit/atomic-file.ts';
import type { LinkSwitch } from './switch-links.ts';

/**
 * What is being switched, written before the first link is. While the file is there, the switching may be half done; what
 * has no journal is not begun or is over.
 */
export type Journal = { readonly switches: readonly LinkSwitch[] };

/** Paths are kept relative to the data folder, which may be moved between two starts. */
const JournalFile = z.object({
  version: z.literal(1),
  switches: z.array(
    z.object({
      link: z.string(),
      before: z.string().nullable(),
      after: z.string().nullable(),
      folderTo: z.string().optional(),
    }),
  ),
});

export async function writeJournal(packsFolder: string, journal: Journal): Promise<void> {
  const relative = (file: string) => path.relative(path.dirname(packsFolder), file);
  const text = JSON.stringify({ version: 1, ...mapPaths(journal, relative) }, undefined, 2);
  await writeFileAtomic(journalFile(packsFolder), `${text}\n`);
  await syncFolder(packsFolder);
}

/** Undefined when nothing was under way. Throws when it cannot be read: then nobody knows what was. */
export async function readJournal(packsFolder: string): Promise<Journal | undefined> {
  const text = await readFile(journalFile(packsFolder), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const absolute = (file: string) => path.resolve(path.dirname(packsFolder), file);
  return mapPaths(JournalFile.parse(JSON.parse(text)), absolute);
}

export async function removeJournal(packsFolder: string): Promise<void> {
  await rm(journalFile(packsFolder), { force: true });
  await syncFolder(packsFolder);
}

/** What a folder holds outlasts a power cut. Windows has no such call and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  await mkdir(folder, { recursive: true });
  await using handle = await open(folder, 'r');
  await handle.sync();
}

/** A rest of a journal that was being written: its place is never taken by half of one. */
export function isJournalRest(name: string): boolean {
  return name.startsWith('..journal.json.');
}

function journalFile(packsFolder: string): string {
  return path.join(packsFolder, '.journal.json');
}

function mapPaths({ switches }: Journal, map: (file: string) => string): Journal {
  const orNull = (file: string | null) => (file === null ? null : map(file));
  return {
    switches: switches.map(({ link, before, after, folderTo }) => ({
      link: map(link),
      before: orNull(before),
      after: orNull(after),
      ...(folderTo !== undefined && { folderTo: map(folderTo) }),
    })),
  };
}
