import { existsSync } from 'node:fs';
import path from 'node:path';
import { StormletError } from '../../contract/errors.ts';
import { throwIfCanceled } from '../../kit/cancel.ts';
import type { ProgramEnd } from '../../supervisor/run-program.ts';
import type { FetchProgress } from './fetch-progress.ts';
import { type GitDeps, quietSsh, runGit } from './git.ts';
import { readGitProgress } from './git-progress.ts';
import { type FoundRef, findRef } from './git-refs.ts';
import { withoutPassword } from './git-url.ts';

export type Repository = { readonly url: string; readonly ref?: string | undefined };

/**
 * Clones a repository and checks out what was asked for: a branch, a tag, a version or a commit; by itself what its HEAD
 * is at, also where that is on no branch. `folder` must not exist yet.
 */
export async function cloneRepository(
  deps: GitDeps,
  repository: Repository,
  folder: string,
  progress: FetchProgress,
  signal: AbortSignal,
): Promise<FoundRef> {
  const shown = withoutPassword(repository.url);
  const onOutput = readGitProgress(progress);
  const env = await quietSsh(deps, path.dirname(folder), signal);
  const run = async (cwd: string, ...args: string[]) => {
    const end = await runGit(deps, { args, cwd, env, onOutput }, signal);
    throwIfCanceled(signal);
    if (end.exitCode !== 0) throw gitFailure(shown, end);
  };
  progress.onOutput('stdout', `$ git clone ${shown}\n`);
  // `--template=` and `--origin`: what a person set up for repositories of their own is not for this one.
  const options = ['--no-checkout', '--no-recurse-submodules', '--template=', '--origin', 'origin', '--progress'];
  await run(path.dirname(folder), 'clone', ...options, '--', repository.url, folder);
  const found = await findRef(deps, { folder, shown, ref: repository.ref }, signal);
  await run(folder, 'checkout', '--progress', '--force', '--detach', found.commit);
  progress.onOutput('stdout', `at ${found.ref ?? 'HEAD'}, commit ${found.commit.slice(0, 12)}\n`);
  if (existsSync(path.join(folder, '.gitmodules'))) {
    progress.onOutput('stderr', 'The repository has submodules; they are not fetched.\n');
  }
  return found;
}

/** ssh says the reason first, and git then that it could not read; git's own reasons come after `fatal:`. */
function gitFailure(shown: string, end: ProgramEnd): StormletError {
  const lines = end.stderr.split(/[\r\n]+/).filter((line) => line.trim() !== '');
  const known = KNOWN_CAUSES.find(({ pattern }) => lines.some((line) => pattern.test(line)));
  const told = lines.find((line) => known?.pattern.test(line)) ?? lines.find((line) => line.startsWith('fatal:'));
  const reason = withoutPassword((told ?? lines.at(-1) ?? `exit code ${end.exitCode}`).replace(/^(fatal|error): /, ''));
  return new StormletError({
    code: 'git/failed',
    kind: 'environment',
    message: `git could not fetch \`${shown}\`: ${reason.trim()}`,
    hint: known?.hint ?? `try \`git clone ${shown}\` in a terminal`,
    details: { output: lines.slice(-20).map(withoutPassword).join('\n') },
  });
}

const KNOWN_CAUSES: readonly { readonly pattern: RegExp; readonly hint: string }[] = [
  {
    pattern: /could not resolve (host|hostname)|name or service not known/i,
    hint: "see that the host's name is spelled right and that the machine is online",
  },
  {
    pattern: /host key verification failed/i,
    hint: 'connect to the host once in a terminal with `ssh`, so that its key is known',
  },
  {
    pattern: /permission denied \(|too many authentication failures/i,
    hint: 'add your key to the agent with `ssh-add`, and see that the host knows it',
  },
  {
    pattern: /terminal prompts disabled|could not read (username|password)|authentication failed/i,
    hint: 'there is no such repository, or it needs a login: set up a credential helper for git, or use its ssh address',
  },
  {
    pattern: /connection refused|connection timed out|failed to connect|could not connect/i,
    hint: 'the host does not answer: see that the address is right, and what proxy git is to use',
  },
  {
    pattern: /repository .*not found|does not appear to be a git repository|does not exist/i,
    hint: 'see that the address is that of a git repository, as `git clone` takes it',
  },
];
