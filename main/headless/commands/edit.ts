import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import type { AppFile, OpenFileRequest } from '../../contract/files.ts';
import type { Client } from '../../contract/rpc.ts';
import type { Cli } from '../cli-context.ts';
import { UsageError } from '../parse-values.ts';
import { table } from '../text.ts';

type Options = { readonly code?: true; readonly path?: true };

/** Opens what packs and the person have written, in the editor of the settings. */
export function addEditCommands(program: Command, cli: Cli): void {
  program
    .command('edit')
    .description(
      'open a file of the app in your editor: that of a pack, action, sensor, rule, policy, alias or trigger',
    )
    .argument('<ref|file>', '`pack`, `pack.name`, or a path, with `:LINE` if wanted')
    .option('--code', 'of an action or sensor: its code and not its metadata')
    .option('--path', 'print the path, and open nothing')
    .action((what: string, options: Options) =>
      cli.ask(async (client) => {
        const wanted = fileNamed(cli.folder, what) ?? { file: await fileOf(client, what, options) };
        if (options.path) return cli.show(wanted, () => wanted.file);
        const editor = await client.files.open(wanted);
        cli.show({ ...wanted, editor }, () => `${wanted.file} is open in ${editor.command.split(' ', 1)[0]}`);
      }),
    );
  program
    .command('editors')
    .description('list the editors that were found on this machine, and which one opens files')
    .action(() =>
      cli.ask(async (client) => {
        const editors = await client.files.editors();
        const rows = editors.found.map(({ name, command }) => [name, command]);
        cli.show(editors, () => {
          const found = table(['EDITOR', 'COMMAND'], rows, 'no editor was found');
          return `${found}\nin use: ${editors.inUse?.command ?? 'none; set `editor.command`'}`;
        });
      }),
    );
}

/** A path has a separator, or is a file here. Names of the app's have neither. */
function fileNamed(folder: string, what: string): OpenFileRequest | undefined {
  const [, name = what, line] = /^(.*?)(?::(\d+))?$/.exec(what) ?? [];
  const file = path.resolve(folder, name);
  if (!/[\\/]/.test(name) && !existsSync(file)) return undefined;
  return { file, ...(line !== undefined && { line: Number(line) }) };
}

async function fileOf(client: Client, ref: string, { code }: Options): Promise<string> {
  const files = await client.files.of({ ref });
  const part: AppFile['part'] = code ? 'code' : 'metadata';
  const [found, ...others] = files.filter((each) => each.part === part);
  if (!found) throw new UsageError(`\`${ref}\` has no ${part}`);
  if (others.length === 0) return found.file;
  const list = [found, ...others].map(({ kind, file }) => `${kind} ${file}`).join(', ');
  throw new UsageError(`\`${ref}\` is the name of several things; name a file: ${list}`);
}
