import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Fault } from '../contract/errors.ts';
import type { ProgramEnd, ProgramSpec, RunProgram } from '../supervisor/run-program.ts';

/**
 * Runs a program as root. sudo never asks: `-n`, or a password given on stdin. What root owns only root can stop, so the
 * program leaves its process group in a file, and an abort kills that group through sudo as well.
 */
export async function runWithSudo(
  runProgram: RunProgram,
  spec: ProgramSpec,
  password: string | undefined,
  signal: AbortSignal,
): Promise<ProgramEnd> {
  const folder = await mkdtemp(path.join(tmpdir(), 'stormlet-sudo-'));
  const groupFile = path.join(folder, 'group');
  const asRoot = (args: readonly string[]): ProgramSpec => ({
    ...spec,
    command: 'sudo',
    args: [...(password === undefined ? ['-n'] : ['-S', '-p', '']), '-E', '--', ...args],
    ...(password !== undefined && { input: `${password}\n` }),
  });
  const killGroup = async () => {
    const group = (await readFile(groupFile, 'utf8').catch(() => '')).trim();
    if (!/^\d+$/.test(group)) return;
    await runProgram(
      { ...asRoot(['kill', '-KILL', '--', `-${group}`]), onOutput: undefined, onStart: undefined },
      new AbortController().signal,
    );
  };
  let killed: Promise<void> | undefined;
  const onAbort = () => {
    killed = killGroup();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await runProgram(
      asRoot(['/bin/sh', '-c', LEAVE_GROUP_THEN_RUN, groupFile, spec.command, ...spec.args]),
      signal,
    );
  } finally {
    signal.removeEventListener('abort', onAbort);
    await killed;
    await rm(folder, { recursive: true, force: true });
  }
}

const LEAVE_GROUP_THEN_RUN = 'ps -o pgid= -p $$ > "$0"; exec "$@"';

/** sudo's own complaint, when that is why nothing ran. Its lines begin with `sudo: ` in every language. */
export function describeSudoRefusal(end: ProgramEnd): Fault | undefined {
  if (end.startError !== undefined) {
    return {
      code: 'sudo/not-found',
      kind: 'environment',
      message: `\`sudo\` could not be started: ${end.startError}`,
      hint: 'Install it, or run the action with `sudo: false`.',
    };
  }
  const complaint = end.exitCode === 1 ? /^sudo: (.+)$/m.exec(end.stderr)?.[1] : undefined;
  if (complaint === undefined) return undefined;
  return {
    code: 'sudo/refused',
    kind: 'environment',
    message: `\`sudo\` refused: ${complaint}`,
    hint: 'Allow the command without a password (`sudo visudo`, `NOPASSWD:`), or give the action a `sudo_password`.',
  };
}
