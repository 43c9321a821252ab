import { stat } from 'node:fs/promises';
import type { Fault } from '../contract/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../contract/json.ts';
import type { ParameterSpecs } from '../contract/parameter-spec.ts';
import type { ProgramEnd, ProgramSpec, RunProgram } from '../supervisor/run-program.ts';
import type { RunJob, RunOutcome } from './runner.ts';
import { describeExit, shellOutcome } from './shell-outcome.ts';
import { describeSudoRefusal, runWithSudo } from './sudo.ts';

export type ShellDeps = {
  readonly runProgram: RunProgram;
  readonly platform: NodeJS.Platform;
  /** What a child of this pack inherits: the app's own environment, cleaned, with `STORMLET_PACK_DATA`. */
  environment(pack: string): Readonly<Record<string, string>>;
  onStart(execution: string, pid: number): void;
};

export type Invocation = { readonly command: string; readonly args: readonly string[] };

/** The parameters that both shell runners take, under StackStorm's names. */
export const SHELL_PARAMETERS: ParameterSpecs = {
  cwd: { type: 'string', description: 'Folder to run in; by default your home folder.' },
  env: { type: 'object', description: 'Environment variables to add, by name.' },
  kwarg_op: { type: 'string', default: '--', description: 'What named arguments of a script begin with.' },
  sudo: {
    type: 'boolean',
    default: false,
    description: 'Run as root through sudo, which must not ask for a password.',
  },
  sudo_password: { type: 'string', secret: true, description: 'Password for sudo, where it asks for one.' },
  timeout: { type: 'integer', default: 60, description: 'Seconds after which the action is stopped.' },
};

/** Runs one program for a shell action, with sudo where the action asks for it. */
export async function runShellProgram(
  deps: ShellDeps,
  job: RunJob,
  invocation: Invocation,
  signal: AbortSignal,
): Promise<RunOutcome> {
  const { sudo, sudo_password: password } = job.runnerParameters;
  if (sudo === true && deps.platform === 'win32') return { status: 'failed', fault: NO_SUDO_ON_WINDOWS };
  const inherited = deps.environment(job.pack.ref);
  const cwd = text(job.runnerParameters.cwd) ?? inherited.HOME ?? inherited.USERPROFILE;
  if (cwd !== undefined && !(await isFolder(cwd))) return { status: 'failed', fault: missingFolder(cwd) };

  const spec: ProgramSpec = {
    ...invocation,
    cwd,
    env: { ...inherited, ...jobEnvironment(job) },
    onOutput: job.onOutput,
    onStart: (pid) => deps.onStart(job.execution, pid),
  };
  if (sudo !== true) return shellOutcome(await deps.runProgram(spec, signal), (end) => describeEnd(end, invocation));
  const end = await runWithSudo(deps.runProgram, spec, text(password), signal);
  return shellOutcome(end, (failed) => describeSudoRefusal(failed) ?? describeEnd(failed, invocation));
}

function jobEnvironment(job: RunJob): Record<string, string> {
  const own: JsonObject = isJsonObject(job.runnerParameters.env) ? job.runnerParameters.env : {};
  const given = Object.entries(own).flatMap(([name, value]): [string, string][] =>
    value === null ? [] : [[name, typeof value === 'string' ? value : JSON.stringify(value)]],
  );
  return {
    ...job.apiEnvironment,
    ST2_ACTION_PACK_NAME: job.pack.ref,
    ST2_ACTION_EXECUTION_ID: job.execution,
    ...Object.fromEntries(given),
    // By this the supervisor finds what left the process group, when the action is stopped.
    STORMLET_EXECUTION_ID: job.execution,
  };
}

function describeEnd(end: ProgramEnd, invocation: Invocation): Fault {
  if (end.startError === undefined) return describeExit(end);
  return {
    code: 'shell/not-started',
    kind: 'environment',
    message: `\`${invocation.command}\` could not be started: ${end.startError}`,
  };
}

const NO_SUDO_ON_WINDOWS: Fault = {
  code: 'sudo/not-found',
  kind: 'environment',
  message: 'this action asks for `sudo`, which Windows does not have',
  hint: 'Run it with `sudo: false`.',
};

function missingFolder(cwd: string): Fault {
  return {
    code: 'shell/cwd-missing',
    kind: 'user',
    message: `the folder to run in is not there: \`${cwd}\``,
    hint: 'Create it, or give the action another `cwd`.',
  };
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}
