import type { Command } from 'commander';
import type { Cli } from '../cli-context.ts';

/** The app's settings, as its window and their file name them. */
export function addSettingsCommands(program: Command, cli: Cli): void {
  const settings = program.command('settings').description('how the app behaves: notices, tray, desktop, limits');
  settings
    .command('show', { isDefault: true })
    .description('print all of them, or one group')
    .argument('[group]', 'for example `notifications`')
    .action((group: string | undefined) =>
      cli.ask(async (client) => {
        const all = await client.settings.get();
        const { knownGroup } = await import('../settings-patch.ts');
        const shown = group === undefined ? all : all[knownGroup(all, group)];
        cli.show(shown, () => JSON.stringify(shown, null, 2));
      }),
    );
  settings
    .command('set')
    .description('change some, for example `notifications.quietHours.enabled=true`; values are JSON, or else text')
    .argument('<key=value...>')
    .action((words: string[]) =>
      cli.ask(async (client) => {
        const all = await client.settings.get();
        const { patchOf } = await import('../settings-patch.ts');
        const { patch, groups } = patchOf(all, words);
        const changed = await client.settings.update(patch);
        const shown = Object.fromEntries(groups.map((group) => [group, changed[group]]));
        cli.show(shown, () => JSON.stringify(shown, null, 2));
      }),
    );
}
