import type { Command } from 'commander';
import type { ResourceRef } from '../../contract/refs.ts';
import type { Cli } from '../cli-context.ts';
import { state, table } from '../text.ts';

export function addSensorCommands(program: Command, cli: Cli): void {
  const sensor = program.command('sensor').description('list and restart sensors');
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
}
