import type { Command } from 'commander';
import type { AliasDefinition, AliasMatch } from '../../contract/aliases.ts';
import type { ResourceRef } from '../../contract/refs.ts';
import type { Client } from '../../contract/rpc.ts';
import type { Cli } from '../cli-context.ts';
import { table } from '../text.ts';

/** Sentences that run actions. */
export function addAliasCommands(program: Command, cli: Cli): void {
  const alias = program.command('alias').description('run an action by saying what it is to do');
  alias
    .command('list')
    .description('list what can be said')
    .option('--pack <ref>', 'of one pack only')
    .action((options: { pack?: string }) =>
      cli.ask(async (client) => {
        const aliases = await client.aliases.list();
        const wanted = aliases.filter((each) => !options.pack || each.pack === options.pack);
        cli.show(wanted, () => aliasTable(wanted));
      }),
    );
  alias
    .command('match')
    .description('show what a sentence would run')
    .argument('<words...>')
    .action((words: string[]) =>
      cli.ask(async (client) => {
        const matches = await client.aliases.match({ text: words.join(' ') });
        cli.show(matches, () => matchTable(matches));
        if (matches.length === 0) cli.fail();
      }),
    );
  alias
    .command('run')
    .description('run what a sentence says; exits with 1 when that does not succeed')
    .argument('<words...>', 'for example `say hello to Ada`; quotes that belong to it need quotes around them')
    .option('--alias <ref>', 'which alias is meant, where several fit')
    .option('--no-wait', 'print the executions’ ids and leave them running')
    .action((words: string[], options: { alias?: string; wait: boolean }) =>
      cli.ask(async (client) => {
        const text = words.join(' ');
        const request = { text, ...(options.alias !== undefined && { alias: options.alias as ResourceRef }) };
        if (options.wait) return runSentence(cli, client, request);
        const run = await client.aliases.run(request);
        cli.show(run, () => run.executions.map(({ id }) => id).join('\n'));
      }),
    );
}

/** The first execution is followed; of the others, which only some formats make, the ids are told. */
async function runSentence(cli: Cli, client: Client, request: Parameters<Client['aliases']['run']>[0]): Promise<void> {
  const { runInFront } = await import('../run-action.ts');
  let followed = '';
  const start = async () => {
    const { executions, message } = await client.aliases.run(request);
    const [first, ...others] = executions;
    if (!first) throw new Error('nothing was run');
    followed = first.id;
    if (!cli.json && message !== '') process.stderr.write(`${message}\n`);
    if (!cli.json) for (const { id } of others) process.stderr.write(`also running: ${id}\n`);
    return first;
  };
  await runInFront(cli, client, start, { result: false });
  if (cli.json) return;
  const { message } = await client.aliases.result({ id: followed });
  if (message !== '') process.stdout.write(`${message}\n`);
}

function aliasTable(aliases: readonly AliasDefinition[]): string {
  const rows = aliases.flatMap(({ ref, enabled, action, formats }) =>
    formats.map(({ display }) => [display, action, enabled ? ref : `${ref} (off)`]),
  );
  return table(['SAY', 'RUNS', 'ALIAS'], rows, 'no pack brings an alias');
}

function matchTable(matches: readonly AliasMatch[]): string {
  const rows = matches.map(({ alias, action, parameters }) => [alias, action, parameters.map(shown).join(' and ')]);
  return table(['ALIAS', 'RUNS', 'WITH'], rows, 'no alias fits');
}

function shown(parameters: AliasMatch['parameters'][number]): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(' ');
}
