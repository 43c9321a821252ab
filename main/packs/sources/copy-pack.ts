import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, readlink, realpath, symlink } from 'node:fs/promises';
import path from 'node:path';
import { StormletError } from '../../contract/errors.ts';
import { throwIfCanceled } from '../../kit/cancel.ts';

/** What tools leave in a folder that is worked in; none of it is the pack's. */
const LEFT_OUT: readonly string[] = [
  ...['.git', '.hg', '.svn', '.venv', 'venv', '.tox', '.nox', 'node_modules', '.DS_Store'],
  ...['__pycache__', '.mypy_cache', '.pytest_cache', '.ruff_cache'],
];

/**
 * Copies a pack's folder. A link that leads out of it is refused: the copy would depend on, and hand to the pack, files
 * that are no part of it. `forbidden` is never entered: the app's own data may lie within the source.
 */
export async function copyPack(from: string, to: string, forbidden: string, signal: AbortSignal): Promise<void> {
  try {
    await copyFolder({ root: await realpath(from), forbidden: await realpath(forbidden), signal }, '', to);
  } catch (error) {
    throw error instanceof StormletError ? error : copyFailure(error);
  }
}

type Copying = { readonly root: string; readonly forbidden: string; readonly signal: AbortSignal };

async function copyFolder(copying: Copying, inside: string, to: string): Promise<void> {
  const folder = path.join(copying.root, inside);
  if (folder === copying.forbidden) return;
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    throwIfCanceled(copying.signal);
    if (LEFT_OUT.includes(entry.name) || /\.py[co]$/.test(entry.name)) continue;
    const child = path.join(inside, entry.name);
    const target = path.join(to, entry.name);
    if (entry.isDirectory()) await copyFolder(copying, child, target);
    else if (entry.isSymbolicLink()) await copyLink(copying, child, target);
    // Copies share their blocks where the file system can. Sockets and pipes are no part of a pack.
    else if (entry.isFile()) await copyFile(path.join(folder, entry.name), target, constants.COPYFILE_FICLONE);
  }
}

async function copyLink(copying: Copying, inside: string, to: string): Promise<void> {
  const link = path.join(copying.root, inside);
  const target = path.resolve(path.dirname(link), await readlink(link));
  const real = await realpath(link).catch(() => target);
  if (!isInside(copying.root, real) || !isInside(copying.root, target)) {
    throw new StormletError({
      code: 'pack/link-outside',
      kind: 'pack',
      message: `\`${inside}\` is a link that leads out of the pack, to \`${real}\``,
      hint: 'put the file itself in its place',
    });
  }
  await symlink(path.relative(path.dirname(link), target), to);
}

/** A full disk, a file that may not be read. */
function copyFailure(cause: unknown): StormletError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StormletError(
    {
      code: 'pack/copy-failed',
      kind: 'environment',
      message: `the pack could not be copied: ${reason}`,
      hint: 'see that its files can be read and that there is room on the disk, then install it again',
    },
    { cause },
  );
}

function isInside(folder: string, file: string): boolean {
  return file === folder || file.startsWith(folder + path.sep);
}
