import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type BackupFolders, DATA_ENTRIES, DATABASES, MADE_AGAIN, MANIFEST, restoreFolder } from './backup-files.ts';

/**
 * Puts a prepared backup in place, before anything is opened. What was there is moved aside, never deleted: the answer is
 * the folder that holds it; undefined when there was nothing to restore. Renames only, each of which a start that was cut
 * off does not have to repeat.
 */
export function applyRestore(folders: BackupFolders, now: string): string | undefined {
  const ready = restoreFolder(folders);
  if (!existsSync(path.join(ready, MANIFEST))) return undefined;
  const aside = path.join(folders.data, `before-restore-${now.replaceAll(/[:.]/g, '-')}`);
  const kept = { config: path.join(aside, 'config'), data: path.join(aside, 'data') };
  mkdirSync(kept.config, { recursive: true, mode: 0o700 });
  mkdirSync(kept.data, { recursive: true, mode: 0o700 });
  mkdirSync(folders.config, { recursive: true });
  const logs = DATABASES.flatMap((name) => [`${name}-wal`, `${name}-shm`]);
  for (const name of [...DATABASES, ...logs, ...DATA_ENTRIES, ...MADE_AGAIN]) {
    move(path.join(folders.data, name), path.join(kept.data, name));
  }
  for (const name of namesIn(folders.config)) move(path.join(folders.config, name), path.join(kept.config, name));
  for (const name of namesIn(path.join(ready, 'config'))) {
    move(path.join(ready, 'config', name), path.join(folders.config, name));
  }
  for (const name of [...DATABASES, ...DATA_ENTRIES]) {
    move(path.join(ready, 'data', name), path.join(folders.data, name));
  }
  rmSync(ready, { recursive: true, force: true });
  return aside;
}

function move(from: string, to: string): void {
  if (existsSync(from)) renameSync(from, to);
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
