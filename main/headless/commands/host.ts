import { type Command, InvalidArgumentError, Option } from 'commander';
import type { DoctorCheck } from '../../contract/engine.ts';
import type { Cli } from '../cli-context.ts';
import { state } from '../text.ts';

/** The commands that work without a running app. */
export function addHostCommands(program: Command, cli: Cli): void {
  program
    .command('start')
    .description('start the app in this terminal; it serves its window at a local address, which it prints')
    .option('--port <number>', 'of that address; 0 takes a free one', port)
    // What `npm start` may be told is understood here too, where there is no other way.
    .addOption(new Option('--headless').hideHelp())
    .action(async (options: { port?: number }) => {
      const [{ serve }, { startEngine }] = await Promise.all([import('../serve.ts'), import('../../engine.ts')]);
      await serve({ ...cli, port: options.port, startEngine });
    });
  program
    .command('doctor')
    .description('check what Stormlet needs of this machine; exits with 1 when something is missing')
    .action(async () => {
      const checks = await examine(cli);
      cli.show(checks, () => doctorText(checks));
      if (checks.some((check) => check.state === 'failed')) cli.fail();
    });
}

function port(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= 65535) return number;
  throw new InvalidArgumentError('it must be a number from 0 to 65535.');
}

/** The running app knows its ports; without one, this process looks for itself. */
async function examine(cli: Cli): Promise<DoctorCheck[]> {
  try {
    return await cli.ask((client) => client.engine.doctor());
  } catch (error) {
    if (!isNotRunning(error)) throw error;
    const { examineMachine } = await import('../../examine-machine.ts');
    const { config, data } = cli.folders;
    const { builtInPacks, python, node } = cli.app;
    return examineMachine({ config, data, builtInPacks, python, node }, cli.environment);
  }
}

function isNotRunning(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('app/');
}

function doctorText(checks: readonly DoctorCheck[]): string {
  return checks
    .map(({ name, state: its, detail, hint }) => `${state(its)} ${name}: ${detail}${hint ? `\nhint: ${hint}` : ''}`)
    .join('\n');
}
