import path from 'node:path';
import { execa } from 'execa';

const CLI = path.resolve(import.meta.dirname, '../../main/headless/cli.ts');

export type CliEnd = { readonly exitCode: number | undefined; readonly stdout: string; readonly stderr: string };

/** The CLI as a process of its own, as a person runs it. */
export async function runCli(home: string, args: readonly string[], options: RunOptions = {}): Promise<CliEnd> {
  const { exitCode, stdout, stderr } = await startCli(home, args, options);
  return { exitCode, stdout, stderr };
}

/** The same, to be talked to while it runs. */
export function startCli(home: string, args: readonly string[], options: RunOptions = {}) {
  const env = { PATH: process.env.PATH, HOME: home, STORMLET_HOME: home, ...options.env };
  const { cwd = home, input } = options;
  const started = { cwd, env, extendEnv: false, reject: false, ...(input !== undefined && { input }) } as const;
  return execa(process.execPath, [CLI, ...args], started);
}

type RunOptions = { readonly env?: Record<string, string>; readonly cwd?: string; readonly input?: string };
