import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StormletError } from '../contract/errors.ts';
import { publishEndpoint, type RunInfo, readRunFile, withdrawRunFile } from './run-file.ts';

/** One app works on these folders until it is disposed of. */
export type FolderClaim = AsyncDisposable;

/** Two that start at one time stand in each other's way for a moment; then one of them has the lock. */
const PATIENCE_MS = 500;

/**
 * Takes the folders for this process before anything in them is opened. Throws `app/already-running` when another one has
 * them. The lock is the system's own, by way of SQLite, on every platform: it ends with its process, however that ends, and
 * nobody has to guess from a file whether its writer is alive.
 */
export async function claimFolders(dataFolder: string, startedAt: string): Promise<FolderClaim> {
  const file = path.join(dataFolder, 'run', 'lock');
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(file);
  try {
    lock.exec(`PRAGMA busy_timeout = ${PATIENCE_MS}; BEGIN EXCLUSIVE`);
  } catch (error) {
    lock.close();
    throw isBusy(error) ? alreadyRunning(await readRunFile(dataFolder)) : error;
  }
  await publishEndpoint(dataFolder, { pid: process.pid, startedAt });
  return {
    async [Symbol.asyncDispose]() {
      await withdrawRunFile(dataFolder);
      lock.close();
    },
  };
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && Number(error.errcode) % 256 === SQLITE_BUSY;
}

const SQLITE_BUSY = 5;

function alreadyRunning(holder: RunInfo | undefined): StormletError {
  const who = holder ? `: process ${holder.pid}${holder.endpoint ? ` at ${holder.endpoint.url}` : ''}` : '';
  return new StormletError({
    code: 'app/already-running',
    kind: 'user',
    message: `Stormlet is already running${who}`,
    hint: '`stormlet open` prints its address; set `STORMLET_HOME` to run a second one on other folders',
  });
}
