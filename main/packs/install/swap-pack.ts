import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** Names with a dot in front are never listed as packs. `replaced` is followed by the folder's own name. */
const STAGING = '.staging-';
const REMOVED = '.removed-';
const REPLACED = '.replaced-';

/** Where a new tree is put together, on the same file system as its final place. */
export function stagingFolder(packsFolder: string): string {
  return path.join(packsFolder, `${STAGING}${randomUUID().slice(0, 8)}`);
}

/** Puts a finished tree in the place of the pack's folder. */
export async function swapIn(staging: string, target: string): Promise<void> {
  const replaced = path.join(path.dirname(target), `${REPLACED}${path.basename(target)}`);
  const isUpdate = existsSync(target);
  if (isUpdate) await rename(target, replaced);
  try {
    await rename(staging, target);
  } catch (error) {
    if (isUpdate) await rename(replaced, target);
    throw error;
  }
  await remove(replaced);
}

/** Takes a pack's folder away in one step, then deletes it. */
export async function takeAway(folder: string): Promise<void> {
  const removed = path.join(path.dirname(folder), `${REMOVED}${randomUUID().slice(0, 8)}`);
  await rename(folder, removed);
  await remove(removed);
}

/** After a kill -9 in the middle: a pack whose new tree had not come yet gets its old one back; debris goes. */
export async function recoverPacks(packsFolder: string): Promise<void> {
  for (const name of await readdir(packsFolder)) {
    const folder = path.join(packsFolder, name);
    if (name.startsWith(REPLACED)) {
      const target = path.join(packsFolder, name.slice(REPLACED.length));
      await (existsSync(target) ? remove(folder) : rename(folder, target));
    }
    if (name.startsWith(STAGING) || name.startsWith(REMOVED)) await remove(folder);
  }
}

async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
