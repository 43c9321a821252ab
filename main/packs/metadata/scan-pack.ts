import type { Dirent, Stats } from 'node:fs';
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { FileStamp } from '../../kit/stamped-cache.ts';

/** The files of a pack that mean something to the app, by their path inside the pack, with `/` on every platform. */
export type PackTree = ReadonlyMap<string, FileStamp>;

/** Folders whose files are read or hashed. What else a pack keeps (data, tests, caches) is not even looked at. */
const FOLDERS: readonly string[] = ['actions', 'sensors', 'triggers', 'rules', 'aliases', 'policies', 'lib'];
const IGNORED_FOLDERS: readonly string[] = ['.git', '.hg', '.svn', '__pycache__', 'node_modules'];

export async function scanPack(folder: string): Promise<PackTree> {
  const tree = new Map<string, FileStamp>();
  await scanFolder(folder, '', [], tree);
  return tree;
}

/** The tree after a change of these paths and no others. What is not plainly files is scanned as a whole. */
export async function rescanPack(folder: string, before: PackTree, touched: ReadonlySet<string>): Promise<PackTree> {
  const tree = new Map(before);
  for (const file of touched) {
    const facts = await stat(path.join(folder, file)).catch(() => undefined);
    const isFolder = facts ? facts.isDirectory() : [...before.keys()].some((known) => known.startsWith(`${file}/`));
    if (isFolder) return scanPack(folder);
    if (facts?.isFile() && isReached(folder, file)) tree.set(file, stampOf(facts));
    else tree.delete(file);
  }
  return tree;
}

/** The files directly in a folder, by its own name and theirs: `rules/mine.yaml`. */
export async function scanFiles(folder: string): Promise<PackTree> {
  const tree = new Map<string, FileStamp>();
  const names = await readdir(folder).catch((): string[] => []);
  for (const name of names.filter((name) => !name.startsWith('.'))) {
    const facts = await stat(path.join(folder, name)).catch(() => undefined);
    if (facts?.isFile()) tree.set(`${path.basename(folder)}/${name}`, stampOf(facts));
  }
  return tree;
}

/**
 * Whether a change at this path inside a pack can be a change of the pack. A checkout inside the pack is data: a sensor
 * that watches repositories clones them into its own folder. So is what is neither Python nor YAML, but among actions,
 * which may be any program.
 */
export function concernsPack(packFolder: string, inside: string, isFolder: boolean): boolean {
  const parts = inside.split(/[\\/]/);
  const [top = ''] = parts;
  const name = parts.at(-1) ?? '';
  if (isFolder || parts.length > 1) {
    if (!FOLDERS.includes(top) || parts.some((part) => IGNORED_FOLDERS.includes(part))) return false;
  }
  if (!isFolder && parts.length > 1 && top !== 'actions' && !/\.(py|ya?ml)$/.test(name)) return false;
  if (!isFolder) return !name.startsWith('.') && !/\.py[cod]$|~$|\.tmp$/.test(name);
  return !existsSync(path.join(packFolder, inside, '.git'));
}

/** Whether a scan from the top would come to this file. */
function isReached(packFolder: string, file: string): boolean {
  const folders = file.split('/').slice(0, -1);
  const lead = folders.map((_, index) => folders.slice(0, index + 1).join('/'));
  return lead.every((above) => concernsPack(packFolder, above, true)) && concernsPack(packFolder, file, false);
}

/** `above` are the identities of the folders that lead here: a link back to one of them would have no end. */
async function scanFolder(
  packFolder: string,
  inside: string,
  above: readonly string[],
  tree: Map<string, FileStamp>,
): Promise<void> {
  const entries = await readdir(path.join(packFolder, inside), { withFileTypes: true }).catch((): Dirent[] => []);
  await Promise.all(
    entries.map(async (entry) => {
      const child = inside === '' ? entry.name : `${inside}/${entry.name}`;
      if (entry.isFile() && !concernsPack(packFolder, child, false)) return;
      const facts = await stat(path.join(packFolder, child)).catch(() => undefined);
      if (facts?.isFile()) tree.set(child, stampOf(facts));
      if (!facts?.isDirectory() || !concernsPack(packFolder, child, true)) return;
      const identity = `${facts.dev}:${facts.ino}`;
      if (!above.includes(identity)) await scanFolder(packFolder, child, [...above, identity], tree);
    }),
  );
}

function stampOf(facts: Stats): FileStamp {
  return `${facts.size}:${facts.mtimeMs}:${facts.ctimeMs}:${facts.ino}`;
}
