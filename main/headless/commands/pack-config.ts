import type { Command } from 'commander';
import type { PackRef } from '../../contract/refs.ts';
import type { Cli } from '../cli-context.ts';

type Options = { readonly unset: string[]; readonly secret: string[]; readonly encrypt?: boolean };

export function addPackConfigCommand(pack: Command, cli: Cli): void {
  const collect = (value: string, before: string[]) => [...before, value];
  pack
    .command('config')
    .description('show or change the configuration of a pack; secrets are masked')
    .argument('<ref>')
    .argument('[values...]', '`name=value`, `nested.name=value` or `list[0]=value`')
    .option('--unset <name>', 'take a value away, so that its default counts', collect, [])
    .option('--secret <name>', 'read the value of this one from stdin, or ask for it', collect, [])
    .option('--encrypt', 'encrypt the secrets that stand readable in the file')
    .action((ref: string, words: string[], { unset, secret, encrypt = false }: Options) =>
      cli.ask(async (client) => {
        const { changedValues, configText } = await import('../pack-config.ts');
        const before = await client.packs.config({ ref: ref as PackRef });
        const isRead = words.length + unset.length + secret.length === 0 && !encrypt;
        const config = isRead
          ? before
          : await client.packs.saveConfig({
              ref: before.ref,
              values: await changedValues(before, { words, unset, secret }),
              revision: before.revision,
              encrypt,
            });
        cli.show(config, () => configText(config));
      }),
    );
}
