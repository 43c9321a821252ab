import type { Command } from 'commander';
import type { ResourceRef } from '../../contract/refs.ts';
import type { Cli } from '../cli-context.ts';
import { parseDelay } from '../parse-delay.ts';
import { parseValues } from '../parse-values.ts';
import { startExecution } from '../start-execution.ts';
import { table } from '../text.ts';

export function addActionCommands(program: Command, cli: Cli): void {
  const action = program.command('action').description('list and run actions');
  action
    .command('list')
    .description('list the actions of all packs')
    .option('--pack <ref>', 'of one pack only')
    .action((options: { pack?: string }) =>
      cli.ask(async (client) => {
        const actions = await client.actions.list();
        const wanted = actions.filter((each) => !options.pack || each.pack === options.pack);
        cli.show(wanted, () =>
          table(
            ['ACTION', 'RUNNER', 'DESCRIPTION'],
            wanted.map((each) => [each.ref, each.runner, each.description.split('\n', 1)[0] ?? '']),
            'there are no actions',
          ),
        );
      }),
    );
  action
    .command('run')
    .description('run an action, with its output as it comes; exits with 1 when it does not succeed')
    .argument('<ref>', 'for example `core.local`; with `--standalone` also a file of the action')
    .argument('[values...]', '`key=value`, read by the types of the action’s parameters')
    .option('--parameters <json>', 'the parameters as one JSON object; `key=value` words go on top')
    .option('--delay <time>', 'run it so much later: `1500` and `1500ms`, `10s`, `5m`, `2h`, `1d`', parseDelay)
    .option('--no-wait', 'print the execution’s id and leave it running')
    .option('--standalone', 'run it in this terminal, without the app; nothing is recorded')
    .action(async (ref: string, words: string[], options: RunOptions) => {
      if (options.standalone) {
        const { runAction } = await import('../author.ts');
        return runAction(cli, ref, words, options.parameters);
      }
      return cli.ask(async (client) => {
        const definition = await client.actions.get({ ref: ref as ResourceRef });
        const parameters = parseValues(words, options.parameters, definition.parameters);
        const { delay } = options;
        const request = { action: definition.ref, parameters, ...(delay !== undefined && { delay }) };
        await startExecution(cli, client, () => client.executions.run(request), options);
      });
    });
}

type RunOptions = {
  readonly parameters?: string;
  readonly delay?: number;
  readonly wait: boolean;
  readonly standalone?: boolean;
};
