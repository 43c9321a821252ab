import { chmod, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Fault } from '../contract/errors.ts';
import type { RunJob, Runner, RunOutcome } from './runner.ts';
import { shellArguments } from './shell-arguments.ts';
import { type Invocation, runShellProgram, SHELL_PARAMETERS, type ShellDeps } from './shell-program.ts';

/** `local-shell-script`: a file of the pack, run by its shebang (by its extension on Windows) with arguments. */
export function localShellScript(deps: ShellDeps): Runner {
  return {
    name: 'local-shell-script',
    parameters: SHELL_PARAMETERS,
    run: (job, signal) => runScript(deps, job, signal),
  };
}

async function runScript(deps: ShellDeps, job: RunJob, signal: AbortSignal): Promise<RunOutcome> {
  const script = job.entryPoint;
  if (script === undefined) return { status: 'failed', fault: noEntryPoint(job) };
  const fault = deps.platform === 'win32' ? undefined : await makeExecutable(script);
  if (fault) return { status: 'failed', fault };
  const kwargOp = job.runnerParameters.kwarg_op;
  const args = shellArguments(job.action.parameters, job.parameters, typeof kwargOp === 'string' ? kwargOp : '--');
  const invocation = scriptInvocation(script, args, deps.platform, job.pack.python);
  if (!invocation) return { status: 'failed', fault: unknownExtension(script) };
  return runShellProgram(deps, job, invocation, signal);
}

/** Undefined for a file that Windows has no program for. */
export function scriptInvocation(
  script: string,
  args: readonly string[],
  platform: NodeJS.Platform,
  python: string | undefined,
): Invocation | undefined {
  // By way of sh, because it also runs a file that has no shebang, as StackStorm does.
  if (platform !== 'win32') return { command: '/bin/sh', args: ['-c', 'exec "$0" "$@"', script, ...args] };
  switch (path.win32.extname(script).toLowerCase()) {
    case '.ps1':
      return {
        command: 'powershell.exe',
        args: ['-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-File', script, ...args],
      };
    case '.py':
      return { command: python ?? 'python.exe', args: [script, ...args] };
    case '.sh':
      return { command: 'bash.exe', args: [script, ...args] };
    case '.bat':
    case '.cmd':
    case '.exe':
      return { command: script, args };
    default:
      return undefined;
  }
}

/** Packs lose the bit on their way through archives and Windows checkouts, so it is set, never asked for. */
export async function makeExecutable(script: string): Promise<Fault | undefined> {
  try {
    const { mode } = await stat(script);
    if ((mode & 0o111) !== 0o111) await chmod(script, mode | 0o111);
    return undefined;
  } catch (error) {
    return {
      code: 'script/not-executable',
      kind: 'environment',
      message: `the script cannot be made executable: ${error instanceof Error ? error.message : String(error)}`,
      hint: `Run \`chmod +x ${script}\`.`,
    };
  }
}

function noEntryPoint(job: RunJob): Fault {
  return {
    code: 'action/entry-point-missing',
    kind: 'pack',
    message: `\`${job.action.ref}\` names no script to run`,
    hint: `Set \`entry_point\` in \`${job.action.file}\`.`,
  };
}

function unknownExtension(script: string): Fault {
  return {
    code: 'script/unknown-extension',
    kind: 'pack',
    message: `Windows has no program for the script: \`${script}\``,
    hint: 'Scripts that run on Windows end in `.ps1`, `.py`, `.sh`, `.bat`, `.cmd` or `.exe`.',
  };
}
