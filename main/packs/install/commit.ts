import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { KeyedLock } from '../../kit/keyed-lock.ts';
import type { Log } from '../../kit/log.ts';
import type { PackRegistry } from '../pack-registry.ts';
import type { Checkpoint } from './checkpoints.ts';
import { type Journal, removeJournal, syncFolder, writeJournal } from './journal.ts';
import { makeAside, switchBack, switchForward } from './switch-links.ts';

export type CommitDeps = {
  readonly registry: Pick<PackRegistry, 'replace'>;
  readonly packsFolder: string;
  /** There is one journal. */
  readonly lock: KeyedLock;
  readonly checkpoint: Checkpoint;
  readonly log: Log;
};

export type Transaction = Journal & {
  /** Pack folders, with the trees that they are about to lead to; undefined for a pack that goes. */
  readonly trees: ReadonlyMap<string, string | undefined>;
};

/**
 * Switches all links of a transaction, trees and virtualenvs of several packs, or none. A process that starts takes either
 * all that was before or all that is after: the links and the list of packs change in one tick.
 */
export function commit(deps: CommitDeps, transaction: Transaction): Promise<void> {
  return deps.lock.run('journal', () => commitAlone(deps, transaction));
}

async function commitAlone(deps: CommitDeps, { trees, ...journal }: Transaction): Promise<void> {
  const { packsFolder, checkpoint } = deps;
  const asides: (string | undefined)[] = [];
  try {
    for (const one of journal.switches) asides.push(makeAside(one));
    checkpoint('links-made');
    await writeJournal(packsFolder, journal);
    checkpoint('journal-written');
    await deps.registry.replace(trees, () => switchAll(journal, asides, checkpoint));
  } catch (error) {
    await removeJournal(packsFolder);
    for (const aside of asides) if (aside) await rm(aside, { force: true });
    for (const { folderTo } of journal.switches) if (folderTo) await rm(path.dirname(folderTo), EMPTIED);
    throw error;
  }
  // All is in place, and that is what the next start will find: no reason to call it a failure.
  await finish(packsFolder, journal, checkpoint).catch((error) => {
    deps.log.warn('the journal of an installation could not be removed', { error });
  });
}

/** The folder itself is in its old place again. */
const EMPTIED = { recursive: true, force: true };

/** What is left of a transaction whose links are switched; also after a kill. */
export async function finish(packsFolder: string, journal: Journal, checkpoint: Checkpoint): Promise<void> {
  for (const folder of new Set(journal.switches.map(({ link }) => path.dirname(link)))) await syncFolder(folder);
  await removeJournal(packsFolder);
  checkpoint('journal-removed');
}

/** All or nothing: what was switched before a failure is switched back. */
function switchAll(journal: Journal, asides: readonly (string | undefined)[], checkpoint: Checkpoint): void {
  try {
    journal.switches.forEach((one, index) => {
      switchForward(one, asides[index], () => checkpoint('folder-moved'));
      checkpoint('link-switched');
    });
    checkpoint('all-switched');
  } catch (error) {
    for (const one of journal.switches.toReversed()) switchBack(one);
    throw error;
  }
}
