import { StormletError } from '../../contract/errors.ts';
import { throwIfCanceled } from '../../kit/cancel.ts';
import { compareVersions, isVersion } from '../../kit/semantic-version.ts';
import { type GitDeps, runGit } from './git.ts';

export type FoundRef = {
  readonly commit: string;
  /** As git names it: `main`, `v1.2.0`; absent for a commit, and for HEAD where nothing was asked for. */
  readonly ref?: string;
  /** Where the ref is a version's tag: `1.2.0`. */
  readonly version?: string;
};

type Clone = { readonly folder: string; readonly shown: string; readonly ref: string | undefined };

/** StackStorm's order: a branch, then a tag or a commit, then the tag with a `v` in front. */
export async function findRef(deps: GitDeps, clone: Clone, signal: AbortSignal): Promise<FoundRef> {
  const { folder, shown, ref } = clone;
  for (const candidate of candidates(ref)) {
    const args = ['rev-parse', '--verify', '--quiet', `${candidate.name}^{commit}`];
    const end = await runGit(deps, { args, cwd: folder }, signal);
    throwIfCanceled(signal);
    if (end.exitCode === 0) return { commit: end.stdout.trim(), ...candidate.found };
  }
  throw unknownRef(shown, ref, await listRefs(deps, folder, signal));
}

type Candidate = { readonly name: string; readonly found: Omit<FoundRef, 'commit'> };

function candidates(ref: string | undefined): Candidate[] {
  if (ref === undefined) return [{ name: 'HEAD', found: {} }];
  const tag = (name: string): Candidate => ({
    name: `refs/tags/${name}`,
    found: { ref: name, ...(isVersion(name) && { version: name.replace(/^v/, '') }) },
  });
  const branch = { name: `refs/remotes/origin/${ref}`, found: { ref } };
  const commit = /^[0-9a-f]{4,64}$/i.test(ref) ? [{ name: ref, found: {} }] : [];
  return [branch, tag(ref), ...commit, tag(`v${ref}`)];
}

type Refs = {
  readonly versions: readonly string[];
  readonly tags: readonly string[];
  readonly branches: readonly string[];
};

async function listRefs(deps: GitDeps, folder: string, signal: AbortSignal): Promise<Refs> {
  const args = ['for-each-ref', '--format=%(refname)', 'refs/tags', 'refs/remotes/origin'];
  const { stdout } = await runGit(deps, { args, cwd: folder }, signal);
  throwIfCanceled(signal);
  const below = (prefix: string) =>
    stdout
      .split('\n')
      .filter((line) => line.startsWith(prefix))
      .map((line) => line.slice(prefix.length));
  const tags = below('refs/tags/');
  return {
    versions: tags.filter(isVersion).sort((a, b) => compareVersions(b, a)),
    tags: tags.filter((name) => !isVersion(name)),
    branches: below('refs/remotes/origin/').filter((name) => name !== 'HEAD'),
  };
}

function unknownRef(shown: string, ref: string | undefined, { versions, tags, branches }: Refs): StormletError {
  const lists = [some('versions', versions), some('tags', tags), some('branches', branches)].filter(Boolean);
  const what =
    ref === undefined ? 'has no branch that its HEAD is at' : `has no version, branch, tag or commit \`${ref}\``;
  return new StormletError({
    code: 'pack/ref-unknown',
    kind: 'user',
    message: `\`${shown}\` ${what}`,
    hint: lists.length > 0 ? `there are ${lists.join('; ')}` : 'the repository is empty',
    details: { versions: [...versions], tags: [...tags], branches: [...branches] },
  });
}

/** A repository may have hundreds; all of them are in the fault's details. */
const SHOWN = 12;

function some(what: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  return `${what} ${names
    .slice(0, SHOWN)
    .map((name) => `\`${name}\``)
    .join(', ')}${more}`;
}
