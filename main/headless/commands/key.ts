import { type Command, Option } from 'commander';
import type { KeyScope, StoredKey } from '../../contract/keys.ts';
import type { Cli } from '../cli-context.ts';
import { UsageError } from '../parse-values.ts';
import { readSecret } from '../read-secret.ts';
import { localTime, table } from '../text.ts';

type Options = { readonly scope: KeyScope };

export function addKeyCommands(program: Command, cli: Cli): void {
  const key = program.command('key').description('look at and change the datastore');
  const scoped = (name: string, description: string) =>
    key
      .command(name)
      .description(description)
      .addOption(new Option('--scope <scope>', 'whose keys').choices(['system', 'user']).default('system'));
  scoped('list', 'list the keys; secrets are masked')
    .argument('[prefix]', 'only those whose name begins so', '')
    .action((prefix: string, { scope }: Options) =>
      cli.ask(async (client) => {
        const keys = await client.keys.list({ prefix, scope });
        cli.show(keys, () => keyTable(keys));
      }),
    );
  scoped('get', 'print the value of a key; a secret is masked')
    .argument('<name>')
    .option('--decrypt', 'print a secret as it is')
    .action((name: string, { scope, decrypt }: Options & { decrypt?: true }) =>
      cli.ask(async (client) => {
        const stored = await client.keys.get({ name, scope });
        const value = decrypt ? (await client.keys.decrypt({ name, scope })).value : stored.value;
        cli.show({ ...stored, value }, () => value);
      }),
    );
  scoped('set', 'store a value; without one it is read from stdin or asked for')
    .argument('<name>')
    .argument('[value]')
    .option('--secret', 'encrypt it; give it on stdin, not on the command line')
    .option('--ttl <seconds>', 'forget it after so long', readSeconds)
    .action((name: string, given: string | undefined, options: Options & { secret?: true; ttl?: number }) =>
      cli.ask(async (client) => {
        const { scope, secret = false, ttl } = options;
        const value = given ?? (await readSecret(name));
        const stored = await client.keys.set({
          name,
          scope,
          value,
          secret,
          ...(ttl !== undefined && { ttlSeconds: ttl }),
        });
        cli.show(stored, () => `${name} is set${secret ? ', encrypted' : ''}`);
      }),
    );
  scoped('delete', 'delete a key')
    .argument('<name>')
    .action((name: string, { scope }: Options) =>
      cli.ask(async (client) => {
        await client.keys.delete({ name, scope });
        cli.show({ name, scope }, () => `${name} is deleted`);
      }),
    );
}

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (seconds > 0 && Number.isFinite(seconds)) return seconds;
  throw new UsageError(`\`--ttl\` takes seconds, got \`${text}\``);
}

function keyTable(keys: readonly StoredKey[]): string {
  const rows = keys.map((key) => [
    key.name,
    key.secret ? 'secret' : '',
    localTime(key.expiresAt),
    JSON.stringify(key.value).slice(1, -1),
  ]);
  return table(['KEY', 'KIND', 'UNTIL', 'VALUE'], rows, 'there are no such keys');
}
