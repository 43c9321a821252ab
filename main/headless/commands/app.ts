import { type Command, InvalidArgumentError, Option } from 'commander';
import type { EngineStatus } from '../../contract/engine.ts';
import type { PackRef } from '../../contract/refs.ts';
import type { Cli } from '../cli-context.ts';
import { fields, localTime } from '../text.ts';

/** What concerns the app itself and not what it works on. */
export function addAppCommands(program: Command, cli: Cli): void {
  program
    .command('status')
    .description('show what runs, and where its folders are')
    .action(() =>
      cli.ask(async (client) => {
        const status = await client.engine.status();
        cli.show(status, () =>
          fields({
            stormlet: `${status.version} (${status.host})${pausedText(status)}`,
            since: localTime(status.startedAt),
            executions: `${status.running} running, ${status.waiting} waiting`,
            'held up': `${status.loopDelay.maxMs} ms at worst in the last minute, ${status.loopDelay.p99Ms} ms at the 99th percentile`,
            bus: status.busUrl,
            packs: status.folders.packs,
            rules: status.folders.rules,
            data: status.folders.data,
          }),
        );
      }),
    );
  program
    .command('pause')
    .description('stop starting actions for events; they are kept, and judged when you resume')
    .addOption(new Option('--for <time>', 'resumes by itself then, for example `45m`, `2h` or `1d`').argParser(lasting))
    .action((options: { for?: number }) =>
      cli.ask(async (client) => {
        const until = options.for === undefined ? {} : { until: new Date(Date.now() + options.for).toISOString() };
        const status = await client.engine.setPaused({ paused: true, ...until });
        cli.show(status, () => `automation is paused${untilText(status)}`);
      }),
    );
  program
    .command('resume')
    .description('go on, with the events that were kept')
    .action(() =>
      cli.ask(async (client) => {
        const status = await client.engine.setPaused({ paused: false });
        cli.show(status, () => 'automation goes on');
      }),
    );
  program
    .command('open')
    .description('print the address of the window for a browser; it holds the secret that lets one in')
    .action(async () => {
      const { runningApp } = await import('../websocket-client.ts');
      const { url, token } = await runningApp(cli.folders.data);
      const address = `${url}/#token=${token}`;
      cli.show({ address }, () => address);
    });
  program
    .command('bus')
    .description('the MQTT bus')
    .command('url')
    .description('print an `mqtt://` address with credentials, for `$(…)` in a terminal')
    .option('--pack <ref>', 'may publish this pack’s triggers only, as its sensors may')
    .action((options: { pack?: string }) =>
      cli.ask(async (client) => {
        const bus = await client.bus.url(options.pack ? { pack: options.pack as PackRef } : {});
        cli.show(bus, () => bus.url);
      }),
    );
}

function pausedText(status: EngineStatus): string {
  return status.paused ? `, paused${untilText(status)}` : '';
}

function untilText({ pausedUntil }: EngineStatus): string {
  return pausedUntil === undefined ? '' : ` until ${localTime(pausedUntil)}`;
}

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds. */
function lasting(text: string): number {
  const [, number, unit] = /^([1-9]\d{0,4})([mhd])$/.exec(text) ?? [];
  if (number === undefined || unit === undefined)
    throw new InvalidArgumentError('it is written like `45m`, `2h` or `1d`.');
  return Number(number) * UNITS[unit as keyof typeof UNITS];
}
