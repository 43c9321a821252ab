import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { extract, list } from 'tar';
import type { Backup } from '../contract/backups.ts';
import { StormletError } from '../contract/errors.ts';
import { type BackupFolders, backupFolder, MANIFEST, Manifest, restoreFolder } from './backup-files.ts';

/** What a file says of itself. Throws `backup/unreadable` when it is no backup. */
export async function readBackup(file: string): Promise<Backup> {
  try {
    const { size } = await stat(file);
    const { format: _, ...manifest } = Manifest.parse(JSON.parse(await manifestOf(file)));
    return { file, bytes: size, ...manifest };
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** Those in the app's own folder, the newest first; what is none is left out. */
export async function listBackups(folders: BackupFolders): Promise<Backup[]> {
  const names = await readdir(backupFolder(folders)).catch(() => []);
  const files = names.filter((name) => name.endsWith('.tar.gz')).map((name) => path.join(backupFolder(folders), name));
  const read = await Promise.all(files.map((file) => readBackup(file).catch(() => undefined)));
  return read.flatMap((backup) => backup ?? []).sort((a, b) => b.createdAt.localeCompare(a.createdAt));
}

/** Unpacks it beside everything; the next start puts it in place. A backup that is broken has changed nothing. */
export async function prepareRestore(folders: BackupFolders, file: string): Promise<Backup> {
  const backup = await readBackup(file);
  const ready = restoreFolder(folders);
  const stage = `${ready}.part`;
  await rm(stage, { recursive: true, force: true });
  await mkdir(stage, { recursive: true, mode: 0o700 });
  // A filter that throws would do so in the middle of tar's own work, where nobody catches it.
  let foreign: string | undefined;
  const belongs = (name: string, entry: object) => {
    const isPart = isPartOfBackup(name, 'type' in entry ? String(entry.type) : '');
    if (!isPart) foreign ??= name;
    return isPart;
  };
  try {
    await extract({ file, cwd: stage, strict: true, preserveOwner: false, filter: belongs });
    if (foreign !== undefined) throw new Error(`it holds \`${foreign}\`, which is no part of a backup`);
  } catch (error) {
    await rm(stage, { recursive: true, force: true });
    throw unreadable(file, error);
  }
  await rm(ready, { recursive: true, force: true });
  await rename(stage, ready);
  return backup;
}

export async function pendingRestore(folders: BackupFolders): Promise<Backup | undefined> {
  const ready = restoreFolder(folders);
  try {
    const { format: _, ...manifest } = Manifest.parse(JSON.parse(await readFile(path.join(ready, MANIFEST), 'utf8')));
    return { file: ready, bytes: 0, ...manifest };
  } catch {
    return undefined;
  }
}

export async function discardRestore(folders: BackupFolders): Promise<void> {
  await rm(restoreFolder(folders), { recursive: true, force: true });
}

/** Files and folders of the two places only: no link leads out of them, because there is none. */
function isPartOfBackup(name: string, type: string): boolean {
  const isPlain = ['File', 'OldFile', 'Directory'].includes(type);
  const isInside = /^(?:\.\/)?(?:(?:config|data)(?:\/|$)|stormlet-backup\.json$)/.test(name);
  return isPlain && isInside && !name.split('/').includes('..');
}

async function manifestOf(file: string): Promise<string> {
  const chunks: Buffer[] = [];
  await list({
    file,
    strict: true,
    onReadEntry: (entry) => {
      if (entry.path.replace(/^\.\//, '') === MANIFEST) entry.on('data', (chunk: Buffer) => chunks.push(chunk));
      else entry.resume();
    },
  });
  return Buffer.concat(chunks).toString('utf8');
}

function unreadable(file: string, cause: unknown): StormletError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StormletError(
    {
      code: 'backup/unreadable',
      kind: 'user',
      message: `\`${file}\` cannot be restored: ${reason}`,
      hint: 'give the path of a file that `stormlet backup create` has written',
    },
    { cause },
  );
}
