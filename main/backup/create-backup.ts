import { cp, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { create } from 'tar';
import type { Backup } from '../contract/backups.ts';
import {
  type BackupFolders,
  backupFolder,
  DATA_ENTRIES,
  DATABASES,
  FORMAT,
  HISTORY,
  MANIFEST,
  type Manifest,
  SECRET_KEY,
} from './backup-files.ts';

export type CreateBackup = {
  readonly folders: BackupFolders;
  readonly version: string;
  /** ISO 8601. */
  readonly now: string;
  /** Absent: one in the app's own folder. */
  readonly file?: string | undefined;
  /** Of the datastore, wherever it is kept. */
  readonly secretKey: Buffer;
  /** Brings the copy of the history to rest. */
  settle(history: string): void;
};

/** Gathers everything beside its places, so that what changes meanwhile is in the file as a whole or not at all. */
export async function createBackup({ folders, version, now, file, secretKey, settle }: CreateBackup): Promise<Backup> {
  const target = file ?? path.join(backupFolder(folders), `stormlet-${now.replaceAll(/[:.]/g, '-')}.tar.gz`);
  await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
  const stage = await mkdtemp(path.join(folders.data, '.backup-'));
  try {
    await copyAll(folders, stage);
    settle(path.join(stage, 'data', HISTORY));
    await writeFile(path.join(stage, 'data', SECRET_KEY), secretKey.toString('base64'), { mode: 0o600 });
    const packs = await packsIn(path.join(stage, 'data', 'packs'));
    const manifest: Manifest = { format: FORMAT, version, createdAt: now, packs };
    await writeFile(path.join(stage, MANIFEST), JSON.stringify(manifest, null, 2));
    // The manifest is first, so that a look at a file need not read all of it.
    const entries = [MANIFEST, ...(await readdir(stage)).filter((name) => name !== MANIFEST)];
    await create({ gzip: true, file: `${target}.part`, cwd: stage, portable: true, mode: 0o600 }, entries);
    await rename(`${target}.part`, target);
    return { file: target, bytes: (await stat(target)).size, createdAt: now, version, packs };
  } finally {
    await rm(stage, { recursive: true, force: true });
    await rm(`${target}.part`, { force: true });
  }
}

async function copyAll({ config, data }: BackupFolders, stage: string): Promise<void> {
  await copyIfThere(config, path.join(stage, 'config'));
  await mkdir(path.join(stage, 'data'), { recursive: true });
  for (const name of DATABASES) snapshot(path.join(data, name), path.join(stage, 'data', name));
  for (const name of DATA_ENTRIES) await copyIfThere(path.join(data, name), path.join(stage, 'data', name));
}

/** SQLite's own copy of a database that is in use. */
function snapshot(from: string, to: string): void {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(from, { readOnly: true });
    database.prepare('VACUUM INTO ?').run(to);
  } catch (error) {
    if (!isMissing(error)) throw error;
  } finally {
    database?.close();
  }
}

/** A pack's folder is a link to its live version: the version itself is copied. What begins with a dot is the app's own. */
async function copyIfThere(from: string, to: string): Promise<void> {
  const keeps = (source: string) => source === from || !path.basename(source).startsWith('.');
  try {
    await cp(from, to, { recursive: true, dereference: true, filter: (source) => keeps(source) });
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

async function packsIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const code = (error as { code?: string }).code;
  return code === 'ENOENT' || (code === 'ERR_SQLITE_ERROR' && /unable to open/.test(String(error)));
}
