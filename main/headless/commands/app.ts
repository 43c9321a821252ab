import type { Command } from 'commander';
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
            stormlet: `${status.version} (${status.host})${status.paused ? ', paused' : ''}`,
            since: localTime(status.startedAt),
            executions: `${status.running} running, ${status.waiting} waiting`,
            bus: status.busUrl,
            packs: status.folders.packs,
            rules: status.folders.rules,
            data: status.folders.data,
          }),
        );
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
