import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { syncFolder } from './journal.ts';

/** As many as Node's threads take at one time. */
const AT_ONCE = 4;
const GIT = '.git';

/**
 * Resolves when all files below a folder, and their names, outlast a power cut, with how many there are. A link that is switched
 * to a tree may reach the disk before what the tree holds: then the pack would be live, and its files empty. Git's own folder
 * can be fetched again. 500 files take some 80 ms, 3,000 some 700.
 */
export async function syncTree(folder: string): Promise<{ readonly files: number; readonly folders: number }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const wanted = entries.filter(({ parentPath, name }) => !isOfGit(path.relative(folder, path.join(parentPath, name))));
  const files = wanted.filter((entry) => entry.isFile()).map(pathOf);
  const folders = [...wanted.filter((entry) => entry.isDirectory()).map(pathOf), folder, path.dirname(folder)];
  await takeInTurn(files, syncFile);
  await takeInTurn(folders, syncFolder);
  return { files: files.length, folders: folders.length };
}

function isOfGit(relative: string): boolean {
  return relative.split(path.sep).includes(GIT);
}

function pathOf({ parentPath, name }: { readonly parentPath: string; readonly name: string }): string {
  return path.join(parentPath, name);
}

async function takeInTurn(paths: readonly string[], work: (path: string) => Promise<void>): Promise<void> {
  const left = [...paths];
  const worker = async () => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) await work(next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function syncFile(file: string): Promise<void> {
  // Windows flushes only what it may write.
  await using handle = await open(file, process.platform === 'win32' ? 'r+' : 'r').catch(unlessUnreadable);
  await handle?.sync();
}

/** What its owner may not read is of no use to a pack either. */
function unlessUnreadable(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'EACCES' && error.code !== 'EPERM') throw error;
}
