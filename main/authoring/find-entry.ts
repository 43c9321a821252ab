import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { StormletError } from '../contract/errors.ts';
import { packOf, ResourceRef } from '../contract/refs.ts';
import type { Pack } from '../packs/pack.ts';
import { findPack, packOfFile } from './find-pack.ts';
import type { Workbench } from './workbench.ts';

type Entry = { readonly ref: string; readonly file: string; readonly entryPoint: string };
export type FoundEntry<T> = { readonly pack: Pack; readonly definition: T; readonly code: string };

/** An action or a sensor by its reference, its metadata file, or its Python file. */
export async function findEntry<T extends Entry>(
  bench: Workbench,
  given: string,
  kind: { readonly name: 'action' | 'sensor'; list(pack: Pack): readonly T[] },
): Promise<FoundEntry<T>> {
  const file = path.resolve(bench.folder, given);
  const isFile = /\.(yaml|json|py)$/.test(given) && existsSync(file);
  const ref = ResourceRef.safeParse(given);
  if (!isFile && !ref.success) throw notFound(given, kind.name);
  const pack = isFile ? await packOfFile(bench, file) : await findPack(bench, ref.success ? packOf(ref.data) : given);
  const codeOf = (entry: T) => path.join(pack.path, `${kind.name}s`, entry.entryPoint);
  const found = kind
    .list(pack)
    .filter((entry) => (isFile ? [entry.file, codeOf(entry)].some((its) => isSame(its, file)) : entry.ref === given));
  const [definition, ...others] = found;
  if (!definition) throw noSuchEntry(pack, given, kind.name, kind.list(pack));
  if (others.length > 0) throw ambiguous(given, found);
  return { pack, definition, code: codeOf(definition) };
}

/** The pack's own path is a real one; the given one may lead there by a link. */
function isSame(a: string, b: string): boolean {
  return path.basename(a) === path.basename(b) && existsSync(a) && existsSync(b) && realpathSync(a) === realpathSync(b);
}

function notFound(given: string, kind: string): StormletError {
  return new StormletError({
    code: `${kind}/not-found`,
    kind: 'user',
    message: `\`${given}\` is neither a file nor a reference`,
    hint: `name the ${kind}'s metadata file, or write \`pack.name\``,
  });
}

function noSuchEntry(pack: Pack, given: string, kind: string, entries: readonly Entry[]): StormletError {
  const names = entries.map(({ ref }) => `\`${ref}\``).join(', ');
  return new StormletError({
    code: `${kind}/not-found`,
    kind: 'user',
    message: `\`${given}\` is no ${kind} that the pack \`${pack.ref}\` has`,
    hint: `${names === '' ? `it has none` : `it has ${names}`}; \`stormlet pack check ${pack.path}\` tells what is wrong in it`,
  });
}

function ambiguous(given: string, found: readonly Entry[]): StormletError {
  const files = found.map(({ file }) => `\`${file}\``).join(', ');
  return new StormletError({
    code: 'entry/ambiguous',
    kind: 'user',
    message: `\`${given}\` is named by more than one metadata file`,
    hint: `name one of them: ${files}`,
  });
}
