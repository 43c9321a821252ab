import { type Command, Option } from 'commander';
import type { LogLevel, LogLine } from '../../contract/logs.ts';
import type { Client } from '../../contract/rpc.ts';
import type { Cli } from '../cli-context.ts';
import { wholeNumber } from '../option-values.ts';

export function addLogsCommand(program: Command, cli: Cli): void {
  program
    .command('logs')
    .description('print what the app said last of its own work')
    .option('-n, --lines <count>', 'how many', wholeNumber, 100)
    .option('-f, --follow', 'go on with what it says from now on, until you press Ctrl+C')
    .addOption(new Option('--level <level>', 'of that weight or more').choices(['info', 'warn', 'error']))
    .option('--scope <stage>', 'of one stage only: rules, runners, packs …')
    .action((options: LogOptions) => cli.ask((client) => printLog(client, cli, options)));
}

/** By weight. Written out, since the contract's own list would load every schema at each command. */
const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

type LogOptions = { lines: number; follow?: true; level?: LogLevel; scope?: string };

async function printLog(client: Client, cli: Cli, { lines, follow, level = 'info', scope }: LogOptions): Promise<void> {
  const levels = LEVELS.slice(LEVELS.indexOf(level));
  const print = (printed: readonly LogLine[]) => {
    for (const line of printed) {
      if (!levels.includes(line.level) || (scope !== undefined && line.scope !== scope)) continue;
      process.stdout.write(`${cli.json ? JSON.stringify(line) : textOf(line)}\n`);
    }
  };
  print(await client.engine.log({ lines }));
  if (!follow) return;
  client.engine.onLogged(print);
  await new Promise(() => {});
}

function textOf({ at, level, scope, text }: LogLine): string {
  return `${at} ${level.padEnd(5)} ${scope ? `${scope}: ` : ''}${text}`;
}
