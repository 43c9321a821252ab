import { existsSync } from 'node:fs';
import path from 'node:path';
import type { PackRef } from '../../contract/refs.ts';
import { isPlainFolder, linkTarget, newVersion, previousLink, versionOf } from '../versions.ts';
import type { Virtualenvs } from '../virtualenvs/virtualenvs.ts';
import { type LinkSwitch, switchTo } from './switch-links.ts';

/** Which links a change of one pack moves, and which of its versions nothing leads to afterwards. */
export type PackSwitch = {
  readonly ref: PackRef;
  /** The pack's folder: `packs/hello`. */
  readonly target: string;
  /** What it leads to afterwards; undefined: the pack is gone. */
  readonly tree: string | undefined;
  readonly switches: readonly LinkSwitch[];
  readonly superseded: readonly string[];
};

type Deps = { readonly packsFolder: string; readonly virtualenvs: Pick<Virtualenvs, 'link'> };
type Wanted = { readonly ref: PackRef; readonly target: string };

/** A new version comes in; what was live becomes the previous one. Without a new virtualenv the live one stays. */
export function planUpdate(
  deps: Deps,
  wanted: Wanted & { readonly tree: string; readonly virtualenv: string | undefined },
): PackSwitch {
  const { ref, target, tree } = wanted;
  const now = placesOf(deps, wanted);
  const virtualenv = wanted.virtualenv ?? now.virtualenv;
  return {
    ref,
    target,
    tree,
    switches: [
      switchTo(target, tree, now.movedTo),
      switchTo(now.previous, now.tree),
      switchTo(now.virtualenvLink, virtualenv),
      switchTo(previousLink(now.virtualenvLink), now.tree === null ? null : now.virtualenv),
    ],
    superseded: versionsOf(deps, [now.previousTree]),
  };
}

/** The live version and the previous one change places. Undefined where there is no previous one. */
export function planRollback(deps: Deps, wanted: Wanted): PackSwitch | undefined {
  const { ref, target } = wanted;
  const now = placesOf(deps, wanted);
  if (now.previousTree === null || !existsSync(now.previousTree)) return undefined;
  return {
    ref,
    target,
    tree: now.previousTree,
    switches: [
      switchTo(target, now.previousTree, now.movedTo),
      switchTo(now.previous, now.tree),
      switchTo(now.virtualenvLink, now.previousVirtualenv),
      switchTo(previousLink(now.virtualenvLink), now.virtualenv),
    ],
    superseded: [],
  };
}

export function planRemoval(deps: Deps, wanted: Wanted): PackSwitch {
  const now = placesOf(deps, wanted);
  return {
    ...{ ref: wanted.ref, target: wanted.target, tree: undefined },
    switches: [
      switchTo(wanted.target, null, now.movedTo),
      ...[now.previous, now.virtualenvLink, previousLink(now.virtualenvLink)].map((link) => switchTo(link, null)),
    ],
    superseded: versionsOf(deps, [now.tree, now.previousTree]),
  };
}

/** Null is what is not there. `tree` is where the live tree is afterwards: a plain folder is moved among the versions. */
function placesOf({ packsFolder, virtualenvs }: Deps, { ref, target }: Wanted) {
  const previous = previousLink(target);
  const virtualenvLink = virtualenvs.link(ref);
  const movedTo = isPlainFolder(target) ? path.join(newVersion(packsFolder), path.basename(target)) : undefined;
  return {
    previous,
    virtualenvLink,
    movedTo,
    tree: movedTo ?? linkTarget(target) ?? null,
    previousTree: linkTarget(previous) ?? null,
    virtualenv: linkTarget(virtualenvLink) ?? null,
    previousVirtualenv: linkTarget(previousLink(virtualenvLink)) ?? null,
  };
}

/** Somebody's own folder, to which a link of theirs leads, is never ours to delete. */
function versionsOf({ packsFolder }: Deps, trees: readonly (string | null)[]): string[] {
  return trees.flatMap((tree) => (tree === null ? [] : (versionOf(packsFolder, tree) ?? [])));
}
