import { devNull } from 'node:os';
import { StormletError } from '../../contract/errors.ts';
import type { ProgramEnd, RunProgram } from '../../supervisor/run-program.ts';

export type GitDeps = {
  readonly runProgram: RunProgram;
  /** Cleaned of what would lead a child astray; see supervisor/child-environment.ts. */
  readonly environment: Readonly<Record<string, string>>;
  readonly platform: NodeJS.Platform;
};

export type GitCommand = {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  onOutput?(text: string): void;
};

/** Runs git so that it asks nothing, and runs nothing that comes with a repository: no hooks, no helpers, no submodules. */
export async function runGit(deps: GitDeps, command: GitCommand, signal: AbortSignal): Promise<ProgramEnd> {
  const end = await deps.runProgram(
    {
      command: 'git',
      args: [...SAFE_SETTINGS, ...command.args],
      cwd: command.cwd,
      env: { ...gitEnvironment(deps.environment), ...command.env },
      onOutput: (stream, text) => {
        if (stream === 'stderr') command.onOutput?.(text);
      },
    },
    signal,
  );
  if (end.startError !== undefined) throw cannotStart(deps.platform, end.startError);
  return end;
}

const SAFE_SETTINGS: readonly string[] = Object.entries({
  'core.hooksPath': devNull,
  'core.fsmonitor': 'false',
  'core.autocrlf': 'false',
  'submodule.recurse': 'false',
  'advice.detachedHead': 'false',
  // A server that says nothing for a minute is given up.
  'http.lowSpeedLimit': '1',
  'http.lowSpeedTime': '60',
}).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

/**
 * How ssh is called so that it asks nothing. A command that the person set up for git is theirs, and only gets the option:
 * it may name a key or a proxy that nothing works without.
 */
export async function quietSsh(deps: GitDeps, cwd: string, signal: AbortSignal): Promise<Record<string, string>> {
  if (deps.environment.GIT_SSH_COMMAND !== undefined || deps.environment.GIT_SSH !== undefined) return {};
  const { stdout } = await runGit(deps, { args: ['config', '--get', 'core.sshCommand'], cwd }, signal);
  return { GIT_SSH_COMMAND: `${stdout.trim() || 'ssh'} -oBatchMode=yes -oConnectTimeout=30` };
}

export function gitEnvironment(environment: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(environment).filter(([name]) => !LEFT_OUT.test(name));
  return {
    ...Object.fromEntries(kept),
    GIT_TERMINAL_PROMPT: '0',
    // Empty and not absent: git then looks for no other program that could ask.
    GIT_ASKPASS: '',
    SSH_ASKPASS_REQUIRE: 'never',
    GCM_INTERACTIVE: 'never',
    GIT_ALLOW_PROTOCOL: 'file:http:https:ssh',
    // Its messages are read.
    LC_ALL: 'C',
  };
}

/** Of the repository that the app may have been started from, and what could open a window. */
const LEFT_OUT =
  /^(GIT_(DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR|NAMESPACE|PREFIX|TEMPLATE_DIR|TRACE.*|ASKPASS)|SSH_ASKPASS|LANGUAGE)$/;

function cannotStart(platform: NodeJS.Platform, reason: string): StormletError {
  const isMissing = reason.includes('ENOENT');
  return new StormletError({
    code: isMissing ? 'git/not-found' : 'git/not-started',
    kind: 'environment',
    message: isMissing ? 'git is not installed on this machine' : `git could not be started: ${reason}`,
    hint: `${INSTALL_GIT[platform] ?? INSTALL_GIT.linux}, then try again; an archive of the pack (\`.zip\`, \`.tar.gz\`) needs no git`,
  });
}

const INSTALL_GIT: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  win32: 'run `winget install Git.Git`',
  darwin: 'run `xcode-select --install`',
  linux: "run `sudo apt install git` or your system's equal of it",
};
