import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { StormletError } from '../../contract/errors.ts';
import { BUILT_IN_PACKS } from '../pack.ts';

/** Where a pack comes from: a folder whose content is copied. Other kinds of sources end up as one too. */
export type ResolvedSource = { readonly kind: 'bundled' | 'folder'; readonly folder: string };

export type SourceDeps = {
  /** The app's own packs; those that are not always there install by name. */
  readonly builtInFolder: string;
  /** Names of those. */
  bundled(): readonly string[];
  /** What `~` stands for. */
  readonly home: string;
};

/** Finds out what was asked for, or says in one message what can be. */
export function resolveSource(deps: SourceDeps, asked: string): ResolvedSource {
  if (BUILT_IN_PACKS.includes(asked)) throw builtInFault(asked);
  if (deps.bundled().includes(asked)) return { kind: 'bundled', folder: path.join(deps.builtInFolder, asked) };
  const folder = folderOf(deps, asked);
  if (folder === undefined) throw unknownSource(deps, asked, 'is neither a folder nor a pack that ships with the app');
  const facts = statSync(folder, { throwIfNoEntry: false });
  if (!facts) throw unknownSource(deps, asked, 'does not exist');
  if (!facts.isDirectory()) throw unknownSource(deps, asked, 'is not a folder');
  // Looked at before anything is copied: a mistyped path may be somebody's whole home folder.
  if (!existsSync(path.join(folder, 'pack.yaml'))) throw noManifest(folder);
  return { kind: 'folder', folder };
}

export function builtInFault(ref: string): StormletError {
  return new StormletError({
    code: 'pack/built-in',
    kind: 'user',
    message: `\`${ref}\` belongs to the app: it is neither installed nor removed`,
  });
}

function folderOf({ home }: SourceDeps, asked: string): string | undefined {
  if (asked === '~' || /^~[\\/]/.test(asked)) return path.join(home, asked.slice(1));
  if (asked.startsWith('file://')) return fileUrlFolder(asked);
  return path.isAbsolute(asked) ? path.normalize(asked) : undefined;
}

function fileUrlFolder(url: string): string | undefined {
  try {
    return fileURLToPath(url);
  } catch {
    // For example a host in it.
    return undefined;
  }
}

function unknownSource(deps: SourceDeps, asked: string, what: string): StormletError {
  const names = deps.bundled().map((name) => `\`${name}\``);
  const byName = names.length > 0 ? `, or the name of a pack that ships with the app: ${names.join(', ')}` : '';
  return new StormletError({
    code: 'pack/source-unknown',
    kind: 'user',
    message: `\`${asked}\` ${what}`,
    hint: `give the whole path of a pack's folder, which may begin with \`~\`${byName}`,
  });
}

function noManifest(folder: string): StormletError {
  const hint = existsSync(path.join(folder, 'pack.yml'))
    ? 'rename `pack.yml` to `pack.yaml`'
    : 'give the folder in which the pack.yaml is';
  const message = `\`${folder}\` has no pack.yaml, so it is no pack`;
  return new StormletError({ code: 'pack/manifest-missing', kind: 'user', message, hint });
}
