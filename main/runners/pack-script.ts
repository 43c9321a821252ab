import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { StormletError } from '../contract/errors.ts';
import type { RunProgram } from '../supervisor/run-program.ts';
import { makeExecutable } from './local-shell-script.ts';
import { type RemoteCommand, remoteScript } from './remote-command.ts';
import { text } from './remote-parameters.ts';
import type { RunJob } from './runner.ts';
import { shellArguments } from './shell-arguments.ts';

type Deps = { readonly runProgram: RunProgram; environment(pack: string): Readonly<Record<string, string>> };

/** A script of the pack as one command for a host: the file and the pack's `actions/lib` are sent along. */
export async function packScript(
  deps: Deps,
  job: RunJob,
  variables: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<RemoteCommand> {
  const script = job.entryPoint;
  if (script === undefined) throw noEntryPoint(job);
  const fault = await makeExecutable(script);
  if (fault) throw new StormletError(fault);
  const given = job.runnerParameters;
  const kwargOp = typeof given.kwarg_op === 'string' ? given.kwarg_op : '--';
  const sent = {
    folder: `${text(given.dir) ?? '/tmp'}/stormlet-${job.execution}`,
    file: path.basename(script),
    args: shellArguments(job.action.parameters, job.parameters, kwargOp),
    archive: await archive(deps, job, script, signal),
  };
  return remoteScript(sent, given, variables);
}

async function archive(deps: Deps, job: RunJob, script: string, signal: AbortSignal): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'stormlet-script-'));
  const file = path.join(folder, 'script.tgz');
  const actions = path.join(job.pack.path, 'actions');
  const lib = existsSync(path.join(actions, 'lib')) ? ['-C', actions, 'lib'] : [];
  try {
    const end = await deps.runProgram(
      {
        command: 'tar',
        args: ['-czf', file, '-C', path.dirname(script), path.basename(script), ...lib],
        // Without it macOS adds files of its own.
        env: { ...deps.environment(job.pack.ref), COPYFILE_DISABLE: '1' },
      },
      signal,
    );
    if (end.exitCode !== 0 && !end.stopped) throw notArchived(end.startError ?? end.stderr.trim());
    return await readFile(file, 'base64').catch(() => '');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function noEntryPoint(job: RunJob): StormletError {
  return new StormletError({
    code: 'action/entry-point-missing',
    kind: 'pack',
    message: `\`${job.action.ref}\` names no script to run`,
    hint: `set \`entry_point\` in \`${job.action.file}\`, or use the runner \`remote-shell-cmd\``,
  });
}

function notArchived(why: string): StormletError {
  return new StormletError({
    code: 'script/not-packed',
    kind: 'environment',
    message: `the script could not be packed for its way to the hosts: ${why}`,
    hint: 'it needs the program `tar` on this machine',
  });
}
