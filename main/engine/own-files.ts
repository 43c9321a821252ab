import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { StormletError } from '../contract/errors.ts';

export type OwnFile = { readonly file: string; readonly isFolder: boolean };

/**
 * A file below one of the folders, wherever links lead: one that lies there and points out of them is refused, and so is
 * whatever is neither a file nor a folder.
 */
export async function findOwnFile(file: string, folders: readonly string[]): Promise<OwnFile> {
  if (!path.isAbsolute(file)) throw outside(file);
  const asked = path.resolve(file);
  const roots = (await Promise.all(folders.map(realOf))).filter((folder) => folder !== undefined);
  const real = await realOf(asked);
  // Whether something is there is told of places that are the app's only.
  if (real === undefined) throw folders.some((folder) => isWithin(asked, folder)) ? missing(asked) : outside(asked);
  if (!roots.some((root) => isWithin(real, root))) throw outside(asked);
  const stats = await stat(real);
  if (!stats.isFile() && !stats.isDirectory()) throw outside(asked);
  return { file: asked, isFolder: stats.isDirectory() };
}

function realOf(file: string): Promise<string | undefined> {
  return realpath(file).catch(() => undefined);
}

function isWithin(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

function outside(file: string): StormletError {
  return new StormletError({
    code: 'files/outside',
    kind: 'user',
    message: `\`${file}\` is no file of a pack, rule, policy, configuration or log, so it is not opened`,
  });
}

function missing(file: string): StormletError {
  return new StormletError({
    code: 'files/missing',
    kind: 'user',
    message: `there is no file \`${file}\` any more`,
  });
}
