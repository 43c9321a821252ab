import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { isPlainFolder, linkTarget } from '../versions.ts';

/** One link that is to lead elsewhere. Null: there is no such link, before or after. */
export type LinkSwitch = {
  readonly link: string;
  readonly before: string | null;
  readonly after: string | null;
  /** Where a plain folder in the link's place goes. */
  readonly folderTo?: string | undefined;
};

const ASIDE = '.link-';

/** From what is in the link's place now to `after`. */
export function switchTo(link: string, after: string | null, folderTo?: string): LinkSwitch {
  const before = linkTarget(link) ?? null;
  return { link, before, after, ...(folderTo !== undefined && isPlainFolder(link) && { folderTo }) };
}

/** Makes the new link beside its place. What follows only renames, and so needs no room on the disk. */
export function makeAside({ link, after, folderTo }: LinkSwitch): string | undefined {
  if (folderTo !== undefined) mkdirSync(path.dirname(folderTo), { recursive: true });
  return after === null ? undefined : makeLink(link, after);
}

/**
 * Both ways are synchronous, and do nothing where it was done already: within the app no one sees half of a transaction,
 * and after a kill the same steps are taken again. A link that somebody has pointed elsewhere since is left alone.
 */
export function switchForward(
  { link, before, after, folderTo }: LinkSwitch,
  aside: string | undefined,
  onFolderMoved: () => void,
): void {
  if (folderTo !== undefined && isPlainFolder(link) && !existsSync(folderTo)) {
    mkdirSync(path.dirname(folderTo), { recursive: true });
    renameSync(link, folderTo);
    onFolderMoved();
  }
  const now = linkTarget(link) ?? null;
  if (now === before || now === null) point(link, after, aside);
}

export function switchBack({ link, before, folderTo }: LinkSwitch): void {
  if (folderTo === undefined) point(link, before);
  else if (existsSync(folderTo)) {
    point(link, null);
    renameSync(folderTo, link);
  }
}

/** A link that was made aside and never came into its place. */
export function isLinkAside(name: string): boolean {
  return name.startsWith(ASIDE);
}

/** In one step where the platform can: Windows cannot rename over a junction. */
function point(link: string, target: string | null, aside?: string): void {
  if (linkTarget(link) === (target ?? undefined)) return;
  if (target === null) {
    unlinkSync(link);
    return;
  }
  const made = aside ?? makeLink(link, target);
  if (process.platform === 'win32') rmSync(link, { recursive: true, force: true });
  renameSync(made, link);
}

function makeLink(link: string, target: string): string {
  const folder = path.dirname(link);
  mkdirSync(folder, { recursive: true });
  const aside = path.join(folder, `${ASIDE}${randomUUID().slice(0, 8)}`);
  symlinkSync(path.relative(folder, target), aside, 'junction');
  return aside;
}
