import path from 'node:path';
import { z } from 'zod';

/**
 * Backups: everything of a person's that the app holds, in one `.tar.gz`, and its way back. What can be made again
 * (virtualenvs, logs, what runs) is no part of it. Nothing here knows packs or history: they are files.
 */
export type BackupFolders = {
  readonly config: string;
  readonly data: string;
};

/** Names directly below the data folder; databases are copied by SQLite itself, since they are in use. */
export const HISTORY = 'stormlet.db';
export const DATABASES = [HISTORY, 'datastore.db'] as const;
/** The key of secrets, plain: a keychain stays on its machine. */
export const SECRET_KEY = 'secret.key';
export const DATA_ENTRIES = [SECRET_KEY, 'packs', 'pack-data'] as const;
/** Moved aside with the rest by a restore, and made anew. */
export const MADE_AGAIN = ['virtualenvs', `${SECRET_KEY}.sealed`] as const;

export const MANIFEST = 'stormlet-backup.json';
export const FORMAT = 1;

export const Manifest = z.object({
  format: z.literal(FORMAT, 'it was written by a newer Stormlet'),
  version: z.string(),
  createdAt: z.string(),
  packs: z.array(z.string()),
});
export type Manifest = z.infer<typeof Manifest>;

export function backupFolder({ data }: BackupFolders): string {
  return path.join(data, 'backups');
}

/** Where a backup lies unpacked until the next start puts it in place. */
export function restoreFolder({ data }: BackupFolders): string {
  return path.join(data, 'restore');
}
