import type { Fault } from '../contract/errors.ts';
import { StormletError, toFault } from '../contract/errors.ts';
import type { JsonObject } from '../contract/json.ts';
import { inBatches } from '../kit/in-batches.ts';
import type { ProgramEnd, RunProgram } from '../supervisor/run-program.ts';
import { packScript } from './pack-script.ts';
import { type RemoteCommand, remoteCommand } from './remote-command.ts';
import { REMOTE_COMMAND_PARAMETERS, REMOTE_PARAMETERS, type RemoteHost, readHosts } from './remote-parameters.ts';
import type { RunJob, Runner, RunOutcome } from './runner.ts';
import { shellOutput } from './shell-outcome.ts';
import { prepareSsh, type SshConnection } from './ssh-connection.ts';

export type RemoteDeps = {
  readonly runProgram: RunProgram;
  readonly platform: NodeJS.Platform;
  /** What ssh inherits: the app's own environment, cleaned; the agent is found through it. */
  environment(pack: string): Readonly<Record<string, string>>;
  onStart(execution: string, pid: number): void;
};

/** `remote-shell-cmd`: one command line on each host. */
export function remoteShellCommand(deps: RemoteDeps): Runner {
  return {
    name: 'remote-shell-cmd',
    parameters: REMOTE_COMMAND_PARAMETERS,
    run: (job, signal) => {
      const given = job.runnerParameters;
      return runOnHosts(deps, job, async () => remoteCommand(String(given.cmd ?? ''), given, variablesOf(job)), signal);
    },
  };
}

/** `remote-shell-script`: a file of the pack, copied to each host with the pack's `actions/lib`, and run there. */
export function remoteShellScript(deps: RemoteDeps): Runner {
  return {
    name: 'remote-shell-script',
    parameters: REMOTE_PARAMETERS,
    run: (job, signal) => runOnHosts(deps, job, () => packScript(deps, job, variablesOf(job), signal), signal),
  };
}

/** How many hosts are talked to at one time. */
const AT_ONCE = 20;
/** ssh's own exit code, for what it could not do itself. */
const SSH_FAILED = 255;

async function runOnHosts(
  deps: RemoteDeps,
  job: RunJob,
  prepare: () => Promise<RemoteCommand>,
  signal: AbortSignal,
): Promise<RunOutcome> {
  const given = job.runnerParameters;
  try {
    const hosts = readHosts(given);
    await using ssh = await prepareSsh(given, deps.platform);
    const command = await prepare();
    const ends = await inBatches(hosts, given.parallel === false ? 1 : AT_ONCE, async (host) => ({
      host,
      end: await runOnHost(deps, job, ssh, host, command, hosts.length > 1, signal),
    }));
    return outcomeOf(ends);
  } catch (error) {
    if (error instanceof StormletError) return { status: 'failed', fault: toFault(error) };
    throw error;
  }
}

function runOnHost(
  deps: RemoteDeps,
  job: RunJob,
  ssh: SshConnection,
  host: RemoteHost,
  { command, input }: RemoteCommand,
  isOneOfMany: boolean,
  signal: AbortSignal,
): Promise<ProgramEnd> {
  const prefix = isOneOfMany ? `${host.label}: ` : '';
  return deps.runProgram(
    {
      command: 'ssh',
      args: [...ssh.args(host), command],
      env: { ...deps.environment(job.pack.ref), ...ssh.environment },
      input,
      onOutput: (stream, text) => job.onOutput(stream, prefix === '' ? text : text.replace(/^(?=.)/gm, prefix)),
      onStart: (pid) => deps.onStart(job.execution, pid),
    },
    signal,
  );
}

type HostEnd = { readonly host: RemoteHost; readonly end: ProgramEnd };

/** StackStorm's shape: what a local shell action gives, by host. */
function outcomeOf(ends: readonly HostEnd[]): RunOutcome {
  const output = Object.fromEntries(ends.map(({ host, end }) => [host.label, hostOutput(end)]));
  const stopped = ends.find(({ end }) => end.stopped)?.end.stopped;
  if (stopped) return { status: stopped, output };
  const failed = ends.filter(({ end }) => end.exitCode !== 0);
  if (failed.length === 0) return { status: 'succeeded', output };
  return { status: 'failed', fault: describeFailure(failed, ends.length), output };
}

function hostOutput(end: ProgramEnd): JsonObject {
  const output = shellOutput(end);
  if (end.startError !== undefined) return { ...output, error: end.startError };
  return end.exitCode === SSH_FAILED && output.error === undefined
    ? { ...output, error: lastLine(end.stderr) }
    : output;
}

function describeFailure(failed: readonly HostEnd[], all: number): Fault {
  const [first] = failed;
  const how = first ? `${first.host.label}: ${describeEnd(first.end)}` : '';
  const hint = first && hintFor(first);
  const many = all > 1 ? `${failed.length} of ${all} hosts failed; ` : '';
  const isOurs = failed.some(({ end }) => end.startError !== undefined || end.exitCode === SSH_FAILED);
  return {
    code: isOurs ? 'ssh/failed' : 'action/exit-code',
    kind: isOurs ? 'environment' : 'pack',
    message: `${many}${how}`,
    ...(hint !== undefined && { hint }),
  };
}

function describeEnd(end: ProgramEnd): string {
  if (end.startError !== undefined) return `\`ssh\` could not be started: ${end.startError}`;
  const said = lastLine(end.stderr);
  if (end.exitCode === SSH_FAILED) return said || 'the connection failed';
  const code =
    end.exitCode === undefined ? `was ended by ${end.signal ?? 'a signal'}` : `exited with code ${end.exitCode}`;
  return `the command ${code}${said ? `: ${said}` : ''}`;
}

function hintFor({ host, end }: HostEnd): string | undefined {
  if (end.startError !== undefined) return 'install the OpenSSH client';
  const { stderr } = end;
  if (/^sudo: /m.test(stderr)) return 'allow sudo without a password there (`NOPASSWD:`), or give a `sudo_password`';
  if (end.exitCode !== SSH_FAILED) return undefined;
  if (/host key/i.test(stderr)) return `look at its key and accept it once: \`ssh ${host.name}\``;
  if (/permission denied/i.test(stderr)) return 'give a `username` and a `private_key` that the host accepts';
  return `see whether \`ssh ${host.name}\` works in a terminal`;
}

function variablesOf(job: RunJob): Record<string, string> {
  return { ST2_ACTION_PACK_NAME: job.pack.ref, ST2_ACTION_EXECUTION_ID: job.execution };
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.trim() ?? '';
}
