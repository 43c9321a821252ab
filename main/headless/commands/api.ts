import type { Command } from 'commander';
import type { ApiKey } from '../../contract/api.ts';
import type { Cli } from '../cli-context.ts';
import { fields, localTime, table } from '../text.ts';

/** StackStorm's HTTP API, and the keys that let programs in. */
export function addApiCommands(program: Command, cli: Cli): void {
  const api = program.command('api').description('StackStorm’s HTTP API, as this app serves it');
  api
    .command('address')
    .description('print where programs reach it; the settings `api.enabled` and `api.port` open it')
    .action(() =>
      cli.ask(async (client) => {
        const { public: address, problem, packs } = await client.api.addresses();
        const missing = problem ?? 'not open; set `api.enabled` in the settings';
        cli.show(await client.api.addresses(), () => fields({ programs: address ?? missing, packs }));
      }),
    );
  api
    .command('openapi')
    .description('print its description in OpenAPI 3.1')
    .action(() =>
      cli.ask(async (client) => {
        const description = await client.api.openapi();
        cli.show(description, () => JSON.stringify(description, null, 2));
      }),
    );
  addKeyCommands(program, cli);
}

function addKeyCommands(program: Command, cli: Cli): void {
  const key = program.command('api-key').description('keys that let programs use the API');
  key
    .command('create')
    .description('make a key and print it; it cannot be shown again')
    .option('--name <text>', 'what it is for', '')
    .action(({ name }: { name: string }) =>
      cli.ask(async (client) => {
        const created = await client.apiKeys.create({ name });
        cli.show(created, () => created.key);
      }),
    );
  key
    .command('list')
    .description('list the keys, which are not shown')
    .action(() =>
      cli.ask(async (client) => {
        const keys = await client.apiKeys.list();
        cli.show(keys, () => keyTable(keys));
      }),
    );
  for (const [name, enabled] of [
    ['enable', true],
    ['disable', false],
  ] as const) {
    key
      .command(name)
      .description(`${name} a key`)
      .argument('<id>')
      .action((id: string) =>
        cli.ask(async (client) => {
          const changed = await client.apiKeys.setEnabled({ id, enabled });
          cli.show(changed, () => `${changed.id} is ${changed.enabled ? 'enabled' : 'disabled'}`);
        }),
      );
  }
  key
    .command('delete')
    .description('delete a key')
    .argument('<id>')
    .action((id: string) =>
      cli.ask(async (client) => {
        await client.apiKeys.delete({ id });
        cli.show({ id }, () => `${id} is deleted`);
      }),
    );
}

function keyTable(keys: readonly ApiKey[]): string {
  const rows = keys.map(({ id, name, enabled, createdAt, lastUsedAt }) => [
    ...[id, name, enabled ? 'yes' : 'no', localTime(createdAt), localTime(lastUsedAt) || 'never'],
  ]);
  return table(['ID', 'NAME', 'ENABLED', 'MADE', 'USED'], rows, 'there are no API keys');
}
