import type { Backup, BackupState } from '../../contract/backups.ts';
import type { Handlers } from '../../contract/rpc.ts';

export function backupHandlers(desk: {
  state(): Promise<BackupState>;
  create(file: string | undefined): Promise<Backup>;
  restore(file: string): Promise<Backup>;
  discard(): Promise<void>;
}): Handlers['backup'] {
  return {
    state: () => desk.state(),
    create: ({ file }) => desk.create(file),
    restore: ({ file }) => desk.restore(file),
    discard: () => desk.discard(),
  };
}
