import type { Isolation } from '../contract/python-settings.ts';
import type { ForkNode } from '../kit/node-process.ts';
import type { RunForkedNode } from '../supervisor/run-forked-node.ts';
import type { ProgramEnd, ProgramSpec, RunProgram } from '../supervisor/run-program.ts';

export type NodeProcessesDeps = {
  readonly runProgram: RunProgram;
  readonly runForkedNode: RunForkedNode;
  /** Of the app: a program that is Node, or what starts the wrapper within a program that is more. */
  readonly own: { readonly command: string } | { readonly fork: ForkNode; readonly wrapper: string };
  /** Absolute path of `node-action-wrapper.ts`, for programs that are Node. */
  readonly wrapper: string;
  /** As the settings have it. */
  choice(): 'app' | 'machine';
};

export type NodeJob = Pick<ProgramSpec, 'env' | 'onOutput' | 'onStart'> & {
  readonly cwd: string;
  /** For the wrapper. */
  readonly args: readonly string[];
  readonly setUp: string;
};

export type RunNode = (job: NodeJob, signal: AbortSignal) => Promise<{ end: ProgramEnd; isolation: Isolation }>;

/** Runs the wrapper of JavaScript actions in a process of its own, on the Node that the settings want. */
export function nodeProcesses(deps: NodeProcessesDeps): RunNode {
  const { runProgram, own } = deps;
  const run = (command: string, { args, setUp, ...job }: NodeJob, signal: AbortSignal) =>
    runProgram({ ...job, command, args: [deps.wrapper, ...args, '--setup-from-stdin'], input: setUp }, signal);
  const runOwn = ({ args, setUp, ...job }: NodeJob, signal: AbortSignal) => {
    if ('command' in own) return run(own.command, { args, setUp, ...job }, signal);
    const spec = { ...job, file: own.wrapper, args: [...args, '--setup-from-parent'], message: setUp };
    return deps.runForkedNode(own.fork, spec, signal);
  };
  return async (job, signal) => {
    if (deps.choice() === 'machine') return { end: await run('node', job, signal), isolation: 'machine-node' };
    return { end: await runOwn(job, signal), isolation: 'app-node' };
  };
}
