import type { Command } from 'commander';
import type { Cli } from '../cli-context.ts';
import { localTime, table } from '../text.ts';

export function addBusKeyCommands(program: Command, cli: Cli): void {
  const key = program.command('bus-key').description('let programs and devices of yours use the MQTT broker');
  key
    .command('list')
    .description('list the keys with their topics')
    .action(() =>
      cli.ask(async (client) => {
        const keys = await client.bus.keys();
        const rows = keys.map(({ name, topics, createdAt }) => [name, localTime(createdAt), topics.join(' ')]);
        cli.show(keys, () => table(['KEY', 'SINCE', 'TOPICS'], rows, 'there are no bus keys'));
      }),
    );
  key
    .command('create')
    .description('make a key, and print its password, which is shown this once')
    .argument('<name>', 'also the MQTT user name')
    .requiredOption('--topics <filters...>', 'what it may publish and listen to, such as `home/#`')
    .action((name: string, { topics }: { topics: string[] }) =>
      cli.ask(async (client) => {
        const created = await client.bus.createKey({ name, topics });
        const { bus } = await client.settings.get();
        // Whoever has its settings written down somewhere needs a port that stays.
        const port = bus.port === 0 ? '\nhint: the port is another at each start; set `bus.port` to keep one' : '';
        cli.show(created, () => `user name: ${name}\npassword: ${created.password}\naddress: ${created.url}${port}`);
      }),
    );
  key
    .command('delete')
    .description('delete a key; whoever uses it is disconnected')
    .argument('<name>')
    .action((name: string) =>
      cli.ask(async (client) => {
        await client.bus.deleteKey({ name });
        cli.show({ name }, () => `${name} is deleted`);
      }),
    );
}
