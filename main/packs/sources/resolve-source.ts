import { existsSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { StormletError } from '../../contract/errors.ts';
import { BUILT_IN_PACKS } from '../pack.ts';
import { checkGitUrl, gitUrlOf, splitRef } from './git-url.ts';

/**
 * Where packs come from: this folder finds out what was asked for and brings its files into a folder of their own. It
 * never looks into what is installed, and runs nothing of what it fetches.
 *
 * This file: what a person typed, as one of the kinds of sources. Nothing is fetched, but the file system is looked at.
 */
export type ResolvedSource =
  | { readonly kind: 'bundled'; readonly name: string; readonly folder: string }
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'git'; readonly url: string; readonly ref?: string | undefined }
  /** Exactly one of the two. */
  | { readonly kind: 'archive'; readonly file?: string; readonly url?: string }
  | { readonly kind: 'catalogue'; readonly name: string; readonly ref?: string | undefined };

export type ResolveDeps = {
  /** The app's own packs; those that are not always there install by name. */
  readonly builtInFolder: string;
  /** Names of those. */
  bundled(): readonly string[];
  /** What `~` stands for. */
  readonly home: string;
};

/** Finds out what was asked for, or says in one message what can be. */
export function resolveSource(deps: ResolveDeps, asked: string): ResolvedSource {
  const text = asked.trim();
  if (BUILT_IN_PACKS.includes(text)) throw builtInFault(text);
  if (deps.bundled().includes(text)) {
    return { kind: 'bundled', name: text, folder: path.join(deps.builtInFolder, text) };
  }
  const local = localPath(deps, text);
  if (local !== undefined) return resolveLocal(local, text);
  if (isArchiveUrl(text)) return { kind: 'archive', url: text };
  const repository = gitUrlOf(text);
  if (repository) return { kind: 'git', ...repository };
  return resolveName(deps, text);
}

export function builtInFault(ref: string): StormletError {
  return new StormletError({
    code: 'pack/built-in',
    kind: 'user',
    message: `\`${ref}\` belongs to the app: it is neither installed nor removed`,
  });
}

function localPath({ home }: ResolveDeps, asked: string): string | undefined {
  if (asked === '~' || /^~[\\/]/.test(asked)) return path.join(home, asked.slice(1));
  if (/^file:/i.test(asked)) return fileUrlPath(asked);
  return path.isAbsolute(asked) ? path.normalize(asked) : undefined;
}

function fileUrlPath(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    // For example a host in it.
    throw fault(
      'pack/source-unknown',
      `\`${url}\` names no file of this machine`,
      'write `file:///` and the whole path',
    );
  }
}

/** A file URL of a git repository is cloned, a plain folder is copied as it is, uncommitted changes included. */
function resolveLocal(local: string, asked: string): ResolvedSource {
  const whole = look(local);
  const { before, ref } = whole ? { before: local, ref: undefined } : splitRef(local);
  const facts = whole ?? look(before);
  if (!facts) throw fault('pack/source-unknown', `\`${before}\` does not exist`, 'see that the path is spelled right');
  if (facts.isFile() && ref === undefined) return { kind: 'archive', file: before };
  if (!facts.isDirectory()) throw fault('pack/source-unknown', `\`${asked}\` is not a folder`, FORMS);
  const isRepository = existsSync(path.join(before, '.git')) || isBareRepository(before);
  if (isRepository && (ref !== undefined || /^file:/i.test(asked) || isBareRepository(before))) {
    return { kind: 'git', url: checkGitUrl(before), ...(ref !== undefined && { ref }) };
  }
  if (ref !== undefined) {
    const hint = `leave \`=${ref}\` out to install the folder as it is`;
    throw fault('pack/ref-unknown', `\`${before}\` is no git repository, so it has no \`${ref}\``, hint);
  }
  // Looked at before anything is copied: a mistyped path may be somebody's whole home folder.
  if (!existsSync(path.join(before, 'pack.yaml'))) throw noManifest(before, before);
  return { kind: 'folder', folder: before };
}

function isBareRepository(folder: string): boolean {
  return ['HEAD', 'objects', 'refs'].every((name) => existsSync(path.join(folder, name)));
}

/** StackStorm's form: a name, and with `=` the version of it. */
function resolveName(deps: ResolveDeps, asked: string): ResolvedSource {
  const { before: name, ref } = splitRef(asked);
  if (!/^[A-Za-z0-9][\w-]*$/.test(name)) {
    throw fault('pack/source-unknown', `\`${asked}\` is no name of a pack, no whole path and no address`, FORMS);
  }
  if (BUILT_IN_PACKS.includes(name)) throw builtInFault(name);
  if (!deps.bundled().includes(name)) return { kind: 'catalogue', name, ref };
  throw fault(
    'pack/ref-unknown',
    `\`${name}\` ships with the app, in one version only`,
    `leave \`=${ref}\` out, or give the address of its repository`,
  );
}

/** All else on the web is taken for a git repository. */
function isArchiveUrl(asked: string): boolean {
  return (
    /^https?:$/.test(URL.parse(asked)?.protocol ?? '') && /\.(zip|tar\.gz|tgz|tar)$/i.test(new URL(asked).pathname)
  );
}

const FORMS =
  'give a name, the whole path of a folder or an archive (`~/…` too), the address of an archive, or that of a git repository';

export function noManifest(folder: string, shown: string): StormletError {
  const hint = existsSync(path.join(folder, 'pack.yml'))
    ? 'rename `pack.yml` to `pack.yaml`'
    : 'give the folder in which the pack.yaml is';
  return fault('pack/manifest-missing', `\`${shown}\` has no pack.yaml, so it is no pack`, hint);
}

function look(file: string): Stats | undefined {
  return statSync(file, { throwIfNoEntry: false });
}

function fault(code: string, message: string, hint: string): StormletError {
  return new StormletError({ code, kind: 'user', message, hint });
}
