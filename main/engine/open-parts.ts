import { applyRestore } from '../backup/apply-restore.ts';
import { Credentials } from '../bus/credentials.ts';
import type { Host } from '../host.ts';
import { type Clock, isoTime } from '../kit/clock.ts';
import { DatastoreFile } from '../store/datastore-file.ts';
import { sealWithKey } from '../store/seal.ts';
import { openSecretKey } from '../store/secret-key.ts';
import { openStore, type Store } from '../store/store.ts';
import { findBusKey } from './bus-keys.ts';
import { dataFolders } from './data-folders.ts';
import { KeptLog } from './kept-log.ts';

/** What is open before the engine is built, and ends after it. */
export type OpenParts = {
  /** With a log that is kept for the window. */
  readonly host: Host;
  readonly keptLog: KeptLog;
  /** A backup has just taken the place of what was there. */
  readonly isRestored: boolean;
  /** That secrets are sealed with. */
  readonly secretKey: Buffer;
  readonly store: Store;
  readonly datastore: DatastoreFile;
  readonly credentials: Credentials;
};

/** Puts a backup that waits in place first: from here on files are open. */
export async function openParts(given: Host, clock: Clock, opened: AsyncDisposableStack): Promise<OpenParts> {
  const folders = dataFolders(given.folders);
  const keptLog = opened.use(new KeptLog(given.log, clock));
  const host: Host = { ...given, log: keptLog.log };
  const restored = applyRestore(given.folders, isoTime(clock));
  if (restored !== undefined) host.log.warn('a backup was restored', { before: restored });
  const secretKey = await openSecretKey(folders.key, host.keychain);
  const seal = sealWithKey(secretKey);
  const store = opened.use(openStore(folders.history, seal));
  const datastore = opened.use(new DatastoreFile(folders.datastore, clock, seal));
  const credentials = new Credentials((name, password) => findBusKey(store.busKeys, name, password));
  return { host, keptLog, isRestored: restored !== undefined, secretKey, store, datastore, credentials };
}
