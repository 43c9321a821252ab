import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { StormletError } from '../../contract/errors.ts';
import { noManifest } from './resolve-source.ts';

/** Archives that a forge makes have the whole repository in one folder, and a repository may hold the pack in one of its own. */
const DEEPEST = 2;

/** The folder of what was fetched that holds the pack.yaml. `shown` is where it came from. */
export async function findPackRoot(folder: string, shown: string): Promise<string> {
  let within = folder;
  for (let depth = 0; depth <= DEEPEST; depth += 1) {
    if (existsSync(path.join(within, 'pack.yaml'))) return within;
    const folders = await foldersIn(within);
    const packs = folders.filter((name) => existsSync(path.join(within, name, 'pack.yaml')));
    if (packs.length > 1) throw severalPacks(shown, packs);
    const [next] = packs.length === 1 ? packs : folders;
    if (next === undefined || (packs.length === 0 && folders.length > 1)) break;
    within = path.join(within, next);
  }
  throw noManifest(within, shown);
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== '__MACOSX')
    .map(({ name }) => name)
    .sort();
}

function severalPacks(shown: string, packs: readonly string[]): StormletError {
  return new StormletError({
    code: 'pack/several',
    kind: 'user',
    message: `\`${shown}\` holds ${packs.length} packs: ${packs.map((name) => `\`${name}\``).join(', ')}`,
    hint: 'fetch it yourself, then install the folder of each pack that you want',
  });
}
