import { existsSync } from 'node:fs';
import type { ParameterSpecs } from '../contract/parameter-spec.ts';
import type { Runner } from './runner.ts';
import { type Invocation, runShellProgram, SHELL_PARAMETERS, type ShellDeps } from './shell-program.ts';

export const COMMAND_PARAMETERS: ParameterSpecs = {
  cmd: { type: 'string', required: true, description: 'The command line to run.' },
  ...SHELL_PARAMETERS,
};

/** `local-shell-cmd`: one command line, run by the platform's shell. */
export function localShellCommand(deps: ShellDeps): Runner {
  return {
    name: 'local-shell-cmd',
    parameters: COMMAND_PARAMETERS,
    run: (job, signal) =>
      runShellProgram(deps, job, shellInvocation(String(job.runnerParameters.cmd ?? ''), deps.platform), signal),
  };
}

/**
 * bash where it is installed, as in StackStorm, else sh. On Windows PowerShell: it is on every machine, and it takes the
 * command encoded, so that no quoting can change it.
 */
export function shellInvocation(cmd: string, platform: NodeJS.Platform): Invocation {
  if (platform === 'win32') return powerShellInvocation(cmd);
  return { command: existsSync('/bin/bash') ? '/bin/bash' : '/bin/sh', args: ['-c', cmd] };
}

function powerShellInvocation(cmd: string): Invocation {
  // Without these lines PowerShell answers 0 or 1 whatever a program's own exit code was.
  const script = `$ProgressPreference = 'SilentlyContinue'\n${cmd}\n$ok = $?\nif ($LASTEXITCODE) { exit $LASTEXITCODE }\nif (-not $ok) { exit 1 }`;
  const encoded = Buffer.from(script, 'utf16le').toString('base64');
  return {
    command: 'powershell.exe',
    args: ['-NoProfile', '-NonInteractive', '-OutputFormat', 'Text', '-EncodedCommand', encoded],
  };
}
