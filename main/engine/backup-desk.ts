import path from 'node:path';
import { createBackup } from '../backup/create-backup.ts';
import { discardRestore, listBackups, pendingRestore, prepareRestore } from '../backup/read-backup.ts';
import type { Backup, BackupState } from '../contract/backups.ts';
import { StormletError } from '../contract/errors.ts';
import type { Host } from '../host.ts';
import { type Clock, isoTime } from '../kit/clock.ts';
import { settleCopy } from '../store/settle-copy.ts';

/** Answers what is asked about backups. A restore waits for the next start, when nothing is open. */
export class BackupDesk {
  readonly #host: Pick<Host, 'folders' | 'version'>;
  readonly #clock: Clock;
  readonly #secretKey: Buffer;

  constructor(host: Pick<Host, 'folders' | 'version'>, clock: Clock, secretKey: Buffer) {
    this.#host = host;
    this.#clock = clock;
    this.#secretKey = secretKey;
  }

  async state(): Promise<BackupState> {
    const { folders } = this.#host;
    const pending = await pendingRestore(folders);
    return { backups: await listBackups(folders), ...(pending && { pending }) };
  }

  create(file: string | undefined): Promise<Backup> {
    const { folders, version } = this.#host;
    const now = isoTime(this.#clock);
    const secretKey = this.#secretKey;
    return createBackup({ folders, version, now, file: absolute(file), secretKey, settle: settleCopy });
  }

  restore(file: string): Promise<Backup> {
    return prepareRestore(this.#host.folders, absolute(file) ?? file);
  }

  discard(): Promise<void> {
    return discardRestore(this.#host.folders);
  }
}

/** Whoever asks may have been started in another folder than the app. */
function absolute(file: string | undefined): string | undefined {
  if (file === undefined || path.isAbsolute(file)) return file;
  throw new StormletError({
    code: 'backup/path-relative',
    kind: 'user',
    message: `the path of a backup must be absolute, got \`${file}\``,
  });
}
