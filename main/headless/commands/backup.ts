import path from 'node:path';
import type { Command } from 'commander';
import type { Backup } from '../../contract/backups.ts';
import type { Cli } from '../cli-context.ts';
import { localTime, table } from '../text.ts';

export function addBackupCommands(program: Command, cli: Cli): void {
  const backup = program.command('backup').description('keep everything as one file, and bring it back');
  backup
    .command('create')
    .description('write settings, configurations, rules, packs, history and datastore into one file')
    .argument('[file]', 'a path; by default one in the app’s own folder')
    .action((file: string | undefined) =>
      cli.ask(async (client) => {
        const made = await client.backup.create(file === undefined ? {} : { file: path.resolve(file) });
        cli.show(made, () => `${made.file} (${megabytes(made)}) holds ${made.packs.length} packs and all else`);
      }),
    );
  backup
    .command('list')
    .description('list the backups in the app’s own folder')
    .action(() =>
      cli.ask(async (client) => {
        const state = await client.backup.state();
        const rows = state.backups.map((each) => [localTime(each.createdAt), megabytes(each), each.file]);
        cli.show(state, () => table(['CREATED', 'SIZE', 'FILE'], rows, 'there are no backups'));
      }),
    );
  backup
    .command('restore')
    .description('put a backup in the place of everything at the next start; what was there is moved aside')
    .argument('<file>')
    .action((file: string) =>
      cli.ask(async (client) => {
        const restored = await client.backup.restore({ file: path.resolve(file) });
        cli.show(restored, () => `the backup of ${localTime(restored.createdAt)} is put in place at the next start`);
      }),
    );
}

function megabytes({ bytes }: Backup): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
