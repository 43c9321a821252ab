import { StormletError } from '../../contract/errors.ts';
import { compareVersions, isVersion } from '../../kit/semantic-version.ts';
import type { Dependency } from '../metadata/load-dependencies.ts';

/** A pack that is there, or is being installed together with the one that is looked at. */
export type KnownPack = {
  readonly ref: string;
  readonly version: string;
  /** The branch, tag or commit that it came from, where it came from a repository. */
  readonly from?: readonly string[];
};

export type DependencyVerdict =
  | { readonly kind: 'satisfied' | 'fetch'; readonly dependency: Dependency }
  /** The pack is there at another version. Nothing of what is being installed may stay. */
  | { readonly kind: 'conflict'; readonly dependency: Dependency; readonly known: KnownPack }
  /** It needs a pack that itself needs it. No fault: both are being installed. */
  | { readonly kind: 'cyclic'; readonly dependency: Dependency; readonly circle: readonly string[] }
  | { readonly kind: 'too-deep'; readonly dependency: Dependency };

/** As StackStorm has it: packs of packs of packs, but not without end. */
const DEEPEST = 10;

/** StackStorm brings these along, so that no catalogue has them; nothing is to be fetched for a pack that names one. */
const ALWAYS_THERE: readonly string[] = ['core', 'packs', 'linux', 'chatops', 'default'];

/**
 * What is to be done for each pack that one pack needs. `path` are the refs from the pack that was asked for down to the
 * one whose dependencies these are, both included; all of them belong among `known`.
 */
export function judgeDependencies(
  known: readonly KnownPack[],
  dependencies: readonly Dependency[],
  path: readonly string[],
): DependencyVerdict[] {
  const wanted: KnownPack[] = [];
  return dependencies.map((dependency): DependencyVerdict => {
    if (dependency.refs.some((ref) => ALWAYS_THERE.includes(ref))) return { kind: 'satisfied', dependency };
    const found = find([...known, ...wanted], dependency);
    if (found && !fits(dependency, found)) return { kind: 'conflict', dependency, known: found };
    const start = found ? path.indexOf(found.ref) : -1;
    if (found && start >= 0) return { kind: 'cyclic', dependency, circle: [...path.slice(start), found.ref] };
    if (found) return { kind: 'satisfied', dependency };
    if (path.length > DEEPEST) return { kind: 'too-deep', dependency };
    // The same pack at another version further down the list would be a conflict too.
    wanted.push({ ref: dependency.refs[0] ?? '', version: dependency.version ?? '' });
    return { kind: 'fetch', dependency };
  });
}

/** Why the pack cannot be installed with what it needs; undefined where it can. */
export function dependencyFault(verdict: DependencyVerdict, path: readonly string[]): StormletError | undefined {
  const { kind, dependency } = verdict;
  const pack = path.at(-1);
  if (kind === 'conflict') {
    const { ref, version } = verdict.known;
    return fault(
      'pack/dependency-conflict',
      `\`${pack}\` needs \`${ref}\` at \`${dependency.version}\`, and it is there at \`${version}\``,
      `install \`${ref}=${dependency.version}\` if no other pack needs the version that is there, or another version of \`${pack}\``,
    );
  }
  if (kind === 'too-deep') {
    const hint = `install \`${dependency.asked}\` by itself first`;
    return fault(
      'pack/dependency-too-deep',
      `packs need packs in more than ${DEEPEST} levels: ${path.join(' → ')}`,
      hint,
    );
  }
  return undefined;
}

function find(known: readonly KnownPack[], { refs }: Dependency): KnownPack | undefined {
  return refs.map((ref) => known.find((pack) => pack.ref === ref)).find((pack) => pack !== undefined);
}

/** `1.0.0`, `v1.0.0` and `1.0` are one version; a branch or a commit fits where the pack came from it. */
function fits({ version }: Dependency, known: KnownPack): boolean {
  if (version === undefined || known.version === version || known.from?.includes(version)) return true;
  return isVersion(version) && isVersion(known.version) && compareVersions(version, known.version) === 0;
}

function fault(code: string, message: string, hint: string): StormletError {
  return new StormletError({ code, kind: 'user', message, hint });
}
