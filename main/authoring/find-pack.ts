import { existsSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { StormletError } from '../contract/errors.ts';
import { PackRef } from '../contract/refs.ts';
import { loadPack, PackCaches } from '../packs/metadata/load-pack.ts';
import type { Pack } from '../packs/pack.ts';
import { liveTree } from '../packs/versions.ts';
import type { Workbench } from './workbench.ts';

/** A pack from its folder, or by the ref of one that is installed or comes with the app. A folder goes first. */
export async function findPack(bench: Workbench, given: string): Promise<Pack> {
  const asFolder = path.resolve(bench.folder, given);
  if (isFolder(asFolder)) return readPack(bench, asFolder);
  const isRef = PackRef.safeParse(given).success;
  const found = isRef ? places(bench, given).find((place) => isFolder(place)) : undefined;
  if (found !== undefined) return readPack(bench, found);
  throw new StormletError({
    code: 'pack/not-found',
    kind: 'user',
    message: `\`${given}\` is ${isRef ? 'neither a folder nor an installed pack' : 'no folder'}`,
    hint: 'name the folder that has the pack.yaml in it',
  });
}

/** The pack that a file is in. */
export async function packOfFile(bench: Workbench, file: string): Promise<Pack> {
  for (let above = path.dirname(file); ; above = path.dirname(above)) {
    if (existsSync(path.join(above, 'pack.yaml'))) return readPack(bench, above);
    if (above === path.dirname(above)) break;
  }
  throw new StormletError({
    code: 'pack/not-found',
    kind: 'user',
    message: `\`${file}\` is in no pack: no folder above it has a pack.yaml`,
    hint: '`stormlet pack create` makes a pack to put it in',
  });
}

/** With its configuration, as a person has set it. Throws when its pack.yaml cannot be used. */
async function readPack(bench: Workbench, given: string): Promise<Pack> {
  const folder = realpathSync(given);
  const origin = isBuiltIn(bench, folder) ? 'built-in' : 'installed';
  const pack = await loadPack(folder, origin, path.join(bench.folders.config, 'configs'), new PackCaches());
  if (pack.manifest) return pack;
  const [problem] = pack.problems;
  throw new StormletError({
    code: problem?.code ?? 'pack/manifest-invalid',
    kind: 'pack',
    message: `\`${folder}\` holds no usable pack: ${problem?.message ?? 'its pack.yaml cannot be read'}`,
    hint: `\`stormlet pack check ${given}\` tells all that is wrong with it`,
  });
}

/** One whose virtualenv is the app's affair. */
export function isInstalled(bench: Workbench, pack: Pack): boolean {
  return liveTree(path.join(bench.folders.data, 'packs', pack.ref)) === pack.path;
}

function isBuiltIn(bench: Workbench, folder: string): boolean {
  return isIn(bench.app.builtInPacks, folder);
}

function isIn(parent: string, folder: string): boolean {
  return existsSync(parent) && path.dirname(folder) === realpathSync(parent);
}

function places(bench: Workbench, ref: string): string[] {
  return [path.join(bench.folders.data, 'packs', ref), path.join(bench.app.builtInPacks, ref)];
}

function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
}
