import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { StormletError } from '../contract/errors.ts';
import { PackRef } from '../contract/refs.ts';
import { isReservedRef } from '../packs/pack.ts';

/** What the template, itself a whole pack, is called. */
const TEMPLATE_NAME = 'my_pack';

export type CreatedPack = { readonly path: string; readonly files: readonly string[] };

/** Makes the pack `name` below `parent` from the template. It is there as a whole or not at all, and replaces nothing. */
export async function createPack(template: string, name: string, parent: string): Promise<CreatedPack> {
  if (!PackRef.safeParse(name).success) throw badName(name, 'it holds only a-z, 0-9 and _');
  if (isReservedRef(name)) throw badName(name, "it is the app's own");
  const target = path.join(parent, name);
  if (existsSync(target)) throw alreadyThere(target);
  const aside = path.join(parent, `.${name}.${process.pid}`);
  await mkdir(parent, { recursive: true });
  try {
    await cp(template, aside, { recursive: true, filter: (file) => !file.includes('__pycache__') });
    const files = await filesIn(aside);
    for (const file of files) await giveName(path.join(aside, file), name);
    await rename(aside, target);
    return { path: target, files };
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    throw error;
  }
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name))).sort();
}

async function giveName(file: string, name: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  if (text.includes(TEMPLATE_NAME)) await writeFile(file, text.replaceAll(TEMPLATE_NAME, name));
}

function badName(name: string, why: string): StormletError {
  return new StormletError({
    code: 'pack/name-invalid',
    kind: 'user',
    message: `a pack cannot be called \`${name}\`: ${why}`,
    hint: 'for example `stormlet pack create my_pack`',
  });
}

function alreadyThere(target: string): StormletError {
  return new StormletError({
    code: 'pack/folder-exists',
    kind: 'user',
    message: `\`${target}\` is there already, and nothing is overwritten`,
    hint: 'choose another name, or another folder with `--dir`',
  });
}
