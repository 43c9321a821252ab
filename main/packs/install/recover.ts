import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Log } from '../../kit/log.ts';
import { type InstallFolders, namesIn, previousLink, strayVersions } from '../versions.ts';
import { finish } from './commit.ts';
import { isJournalRest, type Journal, readJournal } from './journal.ts';
import { isLinkAside, switchBack, switchForward } from './switch-links.ts';

/**
 * After a kill -9 in the middle: a transaction whose journal was written is brought to its end, one whose journal was not
 * has touched nothing. Either way what it left aside goes. To be called before packs and virtualenvs are read.
 */
export async function recoverInstalls(folders: InstallFolders, log: Log): Promise<void> {
  const { packs } = folders;
  try {
    const journal = await readJournal(packs);
    if (journal) {
      rollForward(journal);
      await finish(packs, journal, () => {});
      log.info('finished an installation that was cut off', { links: journal.switches.map(({ link }) => link) });
    }
  } catch (error) {
    // Its versions are kept, since the next start tries again; all other packs are to run meanwhile.
    log.error('an installation that was cut off could not be finished', { error });
    return;
  }
  await removeDebris(folders);
}

/** A disk that has become unwritable in one place must not leave half: then all goes back. */
function rollForward({ switches }: Journal): void {
  try {
    for (const one of switches) switchForward(one, undefined, () => {});
  } catch (error) {
    for (const one of switches.toReversed()) switchBack(one);
    throw error;
  }
}

async function removeDebris({ packs, virtualenvs }: InstallFolders): Promise<void> {
  const places = [packs, virtualenvs].flatMap((folder) => [folder, path.dirname(previousLink(path.join(folder, 'x')))]);
  for (const folder of places) {
    const names = (await namesIn(folder)).filter((name) => isLinkAside(name) || isJournalRest(name));
    for (const name of names) await rm(path.join(folder, name), { force: true });
  }
  for (const version of await strayVersions(packs)) await rm(version, { recursive: true, force: true, maxRetries: 5 });
}
