import { type Command, InvalidArgumentError } from 'commander';
import type { ResourceRef } from '../../contract/refs.ts';
import type { Cli } from '../cli-context.ts';
import { state, table } from '../text.ts';

export function addSensorCommands(program: Command, cli: Cli): void {
  const sensor = program.command('sensor').description('list, restart and try sensors');
  sensor
    .command('list')
    .description('list the sensors of all packs, with the reason of their state')
    .action(() =>
      cli.ask(async (client) => {
        const sensors = await client.sensors.list();
        cli.show(sensors, () =>
          table(
            ['SENSOR', 'STATE', 'PID', 'RESTARTS', 'WHY'],
            sensors.map((each) => [
              each.ref,
              state(each.state),
              String(each.pid ?? ''),
              String(each.restarts),
              each.why ?? '',
            ]),
            'there are no sensors',
          ),
        );
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

function seconds(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('it must be a number above 0.');
}
