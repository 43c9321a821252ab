import type { Backup } from '../../main/contract/backups.ts';
import type { Handlers } from '../../main/contract/rpc.ts';

const FOLDER = '/home/ada/.local/share/stormlet/backups';

export function fakeBackups(): Handlers['backup'] {
  const backups: Backup[] = [backupOf('2026-11-01T09:00:00.000Z')];
  let pending: Backup | undefined;
  return {
    state: () => ({ backups: [...backups], ...(pending && { pending }) }),
    create: () => {
      const made = backupOf(new Date().toISOString());
      backups.unshift(made);
      return made;
    },
    restore: ({ file }) => {
      pending = backups.find((backup) => backup.file === file) ?? backupOf('2026-01-01T00:00:00.000Z');
      return pending;
    },
    discard: () => {
      pending = undefined;
    },
  };
}

function backupOf(createdAt: string): Backup {
  const file = `${FOLDER}/stormlet-${createdAt.replaceAll(/[:.]/g, '-')}.tar.gz`;
  return { file, bytes: 3_400_000, createdAt, version: '0.1.0', packs: ['examples', 'jira'] };
}
