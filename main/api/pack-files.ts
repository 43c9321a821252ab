import { constants } from 'node:fs';
import { type FileHandle, open, readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { ApiFault } from './faults.ts';

/** StackStorm's own bound; what is larger is left out of lists, and refused by itself. */
export const MAX_FILE_BYTES = 500_000;
/** Of all files in one answer. */
const MAX_TOTAL_BYTES = 20_000_000;
const MAX_FILES = 5000;

export type PackFile = { readonly content: Buffer; readonly modifiedMs: number };

/**
 * The files of a pack, for whoever shows them. What a link leads to outside of the pack is no file of it; neither is what is
 * hidden (`.git`, `.env`) nor `config.yaml`, in which StackStorm once kept what is secret. `root` is the pack's folder.
 */
export async function readPackFile(root: string, file: string): Promise<PackFile> {
  const missing = new ApiFault(404, `File "${file}" not found`);
  const place = isShown(file) ? await placeOf(root, file) : undefined;
  if (place === undefined) throw missing;
  const read = await readBounded(place);
  if (read === 'none') throw missing;
  if (read !== 'too large') return read;
  throw new ApiFault(400, `File ${file} exceeds maximum allowed file size (${MAX_FILE_BYTES} bytes)`);
}

/** Those that are texts, by their paths. */
export async function readPackTexts(root: string): Promise<{ file_path: string; content: string }[]> {
  const found: { file_path: string; content: string }[] = [];
  let total = 0;
  for (const file of await listPackFiles(root)) {
    const place = await placeOf(root, file);
    const read = place === undefined ? 'none' : await readBounded(place);
    if (typeof read === 'string' || isBinary(read.content)) continue;
    total += read.content.length;
    if (total > MAX_TOTAL_BYTES) break;
    found.push({ file_path: file, content: read.content.toString('utf8') });
  }
  return found;
}

/** Folder by folder, so that nothing is looked into that is not shown, however large. */
async function listPackFiles(root: string): Promise<string[]> {
  const files: string[] = [];
  const folders = [''];
  for (let folder = folders.shift(); folder !== undefined && files.length < MAX_FILES; folder = folders.shift()) {
    const entries = await readdir(path.join(root, folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const file = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (!isShown(file)) continue;
      if (entry.isDirectory()) folders.push(file);
      else files.push(file);
    }
  }
  return files.slice(0, MAX_FILES).sort();
}

const LEGACY_CONFIG = 'config.yaml';

function isShown(file: string): boolean {
  const parts = file.split('/');
  const isPlain = parts.every((part) => part !== '' && !part.startsWith('.') && part !== '__pycache__');
  return isPlain && file !== LEGACY_CONFIG && !file.endsWith('.pyc') && !/[\\\0]/.test(file);
}

/** Where it really is; undefined where that is not within the pack, or hidden in it under another name. */
async function placeOf(root: string, file: string): Promise<string | undefined> {
  try {
    const home = await realpath(root);
    const place = await realpath(path.join(home, file));
    const within = path.relative(home, place).split(path.sep).join('/');
    return !path.isAbsolute(within) && isShown(within) ? place : undefined;
  } catch {
    // There is no such file.
    return undefined;
  }
}

async function readBounded(place: string): Promise<PackFile | 'none' | 'too large'> {
  // A pipe without a writer would be waited for otherwise.
  const handle = await open(place, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(() => undefined);
  if (!handle) return 'none';
  await using opened: FileHandle = handle;
  const stats = await opened.stat();
  const { size, mtimeMs } = stats;
  if (!stats.isFile()) return 'none';
  if (size > MAX_FILE_BYTES) return 'too large';
  return { content: await opened.readFile(), modifiedMs: mtimeMs };
}

function isBinary(content: Buffer): boolean {
  return content.includes(0);
}
