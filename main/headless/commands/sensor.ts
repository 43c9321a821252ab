import { type Command, InvalidArgumentError } from 'commander';
import type { ResourceRef } from '../../contract/refs.ts';
import type { Client } from '../../contract/rpc.ts';
import type { SensorStatus } from '../../contract/sensors.ts';
import type { Cli } from '../cli-context.ts';
import { state, table } from '../text.ts';

export function addSensorCommands(program: Command, cli: Cli): void {
  const sensor = program.command('sensor').description('list, pause, restart and try sensors, read what they print');
  sensor
    .command('list')
    .description('list the sensors of all packs, with the reason of their state')
    .action(() =>
      cli.ask(async (client) => {
        const sensors = await client.sensors.list();
        cli.show(sensors, () => table(HEADS, sensors.map(row), 'there are no sensors'));
      }),
    );
  sensor
    .command('restart')
    .description('restart a sensor, also one that was given up')
    .argument('<ref>')
    .action((ref: string) =>
      cli.ask(async (client) => {
        const restarted = await client.sensors.restart({ ref: ref as ResourceRef });
        cli.show(restarted, () => `${restarted.ref} is ${restarted.state}`);
      }),
    );
  for (const [name, paused, what] of [
    ['pause', true, 'stop a sensor until it is resumed, also over restarts of the app'],
    ['resume', false, 'let a paused sensor run again'],
  ] as const) {
    sensor
      .command(name)
      .description(what)
      .argument('<ref>')
      .action((ref: string) =>
        cli.ask(async (client) => {
          const changed = await client.sensors.setPaused({ ref: ref as ResourceRef, paused });
          cli.show(changed, () => `${changed.ref} is ${changed.state}`);
        }),
      );
  }
  sensor
    .command('logs')
    .description('print the last lines that a sensor printed')
    .argument('<ref>')
    .option('-n, --lines <count>', 'how many', wholeNumber, 100)
    .option('-f, --follow', 'go on with what it prints from now on, until you press Ctrl+C')
    .action((ref: string, options: { lines: number; follow?: true }) =>
      cli.ask((client) => printLog(client, cli, ref as ResourceRef, options)),
    );
  sensor
    .command('run')
    .description('run one sensor in this terminal, without the app; prints each event as a line of JSON')
    .argument('<sensor>', 'its metadata file, its Python file, or the ref of one of an installed pack')
    .option('--bus', 'publish to the running app, so that rules match and actions run')
    .option('--poll-interval <seconds>', 'instead of the one in its metadata', seconds)
    .action(async (given: string, options: { bus?: boolean; pollInterval?: number }) => {
      const { runSensor } = await import('../author.ts');
      await runSensor(cli, given, options);
    });
}

const HEADS = ['SENSOR', 'STATE', 'PID', 'CPU', 'MEMORY', 'RESTARTS', 'WHY'];

function row({ ref, state: now, pid, usage, restarts, why = '', dropped = 0 }: SensorStatus): string[] {
  const lost = dropped > 0 ? `${dropped} events were dropped` : '';
  return [
    ...[ref, state(now), String(pid ?? '')],
    usage ? `${usage.cpuPercent} %` : '',
    usage ? `${Math.round(usage.memoryBytes / 2 ** 20)} MB` : '',
    String(restarts),
    [why, lost].filter((part) => part !== '').join('; '),
  ];
}

function seconds(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('it must be a number above 0.');
}

function wholeNumber(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0 && count <= 10_000) return count;
  throw new InvalidArgumentError('it is a whole number from 1 to 10000.');
}

/** With `--json` each line is a JSON text of its own, so that what follows can be read as it comes. */
async function printLog(
  client: Client,
  cli: Cli,
  ref: ResourceRef,
  { lines, follow }: { readonly lines: number; readonly follow?: true },
): Promise<void> {
  const print = (printed: readonly string[]) => {
    for (const line of printed) process.stdout.write(`${cli.json ? JSON.stringify(line) : line}\n`);
  };
  // Followed before it is read, or what is printed in between would be missing.
  const meanwhile: string[] = [];
  let show = (printed: readonly string[]): void => void meanwhile.push(...printed);
  if (follow) client.sensors.onPrinted((printed) => printed.ref === ref && show(printed.lines));
  const before = await client.sensors.log({ ref, lines });
  print(before);
  if (!follow) return;
  const known = new Set(before);
  print(meanwhile.filter((line) => !known.has(line)));
  show = print;
  await new Promise(() => {});
}
