import { Command, CommanderError } from 'commander';
import { appFiles, userFolders } from '../host-folders.ts';
import { type Cli, createCli, printError } from './cli-context.ts';
import { addActionCommands } from './commands/action.ts';
import { addAliasCommands } from './commands/alias.ts';
import { addApiCommands } from './commands/api.ts';
import { addAppCommands } from './commands/app.ts';
import { addBackupCommands } from './commands/backup.ts';
import { addBusKeyCommands } from './commands/bus-key.ts';
import { addEditCommands } from './commands/edit.ts';
import { addExecutionCommands } from './commands/execution.ts';
import { addHostCommands } from './commands/host.ts';
import { addInquiryCommands } from './commands/inquiry.ts';
import { addKeyCommands } from './commands/key.ts';
import { addLimitsCommands } from './commands/limits.ts';
import { addLogsCommand } from './commands/logs.ts';
import { addPackCommands } from './commands/pack.ts';
import { addPolicyCommands } from './commands/policy.ts';
import { addPythonCommands } from './commands/python.ts';
import { addRuleCommands } from './commands/rule.ts';
import { addSensorCommands } from './commands/sensor.ts';
import { addSettingsCommands } from './commands/settings.ts';
import { addTraceCommand } from './commands/trace.ts';
import { addTriggerCommands } from './commands/trigger.ts';
import { addWorkflowCommands } from './commands/workflow.ts';

/**
 * Parses the command line and runs its command. What a command needs beyond parsing its words is imported when it runs, so
 * that `--help` and the client commands start quickly and never load the engine.
 */
export async function runCli(environment: Cli['environment']): Promise<void> {
  process.stdout.on('error', leaveWhenNobodyReads);
  const program = new Command('stormlet');
  const app = appFiles(import.meta.dirname);
  const folders = userFolders(environment.STORMLET_HOME);
  const isJson = () => program.opts<{ json?: boolean }>().json === true;
  const cli = createCli({ environment, folders, app, isJson });
  program
    .description('StackStorm’s integration packs for one workstation')
    .option('--json', 'print machine-readable JSON')
    .version(app.version)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: (text, write) => write(inBackticks(text)) })
    .exitOverride();
  addHostCommands(program, cli);
  for (const add of [addAppCommands, addPackCommands, addActionCommands, addRuleCommands]) add(program, cli);
  for (const add of [addTriggerCommands, addTraceCommand, addExecutionCommands, addSensorCommands, addInquiryCommands])
    add(program, cli);
  for (const add of [addPythonCommands, addLimitsCommands, addPolicyCommands, addKeyCommands]) add(program, cli);
  for (const add of [addBusKeyCommands, addAliasCommands, addApiCommands, addSettingsCommands]) add(program, cli);
  for (const add of [addWorkflowCommands, addLogsCommand, addBackupCommands, addEditCommands]) add(program, cli);
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = report(error);
  }
}

const FAILED = 1;
const USED_WRONGLY = 2;

function report(error: unknown): number {
  // Commander has printed its own message already; asking for help is no error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USED_WRONGLY;
  printError(error);
  return error instanceof Error && error.name === 'UsageError' ? USED_WRONGLY : FAILED;
}

function inBackticks(text: string): string {
  return text.replace(/'([^']*)'/g, '`$1`');
}

/** `stormlet … | head` closes the pipe when it has seen enough. */
function leaveWhenNobodyReads(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
}
