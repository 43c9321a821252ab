import { setTimeout as sleep } from 'node:timers/promises';
import type { ForkNode, NodeProcess, NodeStart } from '../kit/node-process.ts';
import { EXECUTION_MARK, endLeftovers } from './end-leftovers.ts';
import { DEFAULT_OUTPUT_LIMIT, OutputKeeper } from './output-keeper.ts';
import { endTree, sendSignal } from './process-tree.ts';
import {
  CANCEL_GRACE_MS,
  collect,
  DRAIN_GRACE_MS,
  type ProgramEnd,
  type ProgramSpec,
  stopReason,
} from './run-program.ts';

export type ForkedNodeSpec = NodeStart &
  Pick<ProgramSpec, 'onOutput' | 'onStart' | 'outputLimit'> & { readonly message: string };

/** `runProgram` for a process that the host starts (`ForkNode`): it leads no process group and has no stdin. */
export type RunForkedNode = (fork: ForkNode, spec: ForkedNodeSpec, signal: AbortSignal) => Promise<ProgramEnd>;

export const runForkedNode: RunForkedNode = async (fork, spec, signal) => {
  try {
    return await follow(fork(spec), spec, signal);
  } catch (error) {
    return { ...NOTHING, startError: error instanceof Error ? error.message : String(error) };
  }
};

const NOTHING: ProgramEnd = {
  exitCode: undefined,
  signal: undefined,
  stdout: '',
  stderr: '',
  truncated: false,
  stopped: undefined,
  startError: undefined,
};

async function follow(child: NodeProcess, spec: ForkedNodeSpec, signal: AbortSignal): Promise<ProgramEnd> {
  const limit = spec.outputLimit ?? DEFAULT_OUTPUT_LIMIT;
  const stdout = collect(child.stdout, new OutputKeeper(limit, (text) => spec.onOutput?.('stdout', text)));
  const stderr = collect(child.stderr, new OutputKeeper(limit, (text) => spec.onOutput?.('stderr', text)));
  const drained = Promise.all([whenRead(child.stdout), whenRead(child.stderr)]);
  const pid = await child.started;
  if (pid === undefined) return { ...NOTHING, stopped: stopReason(signal), startError: 'it ended before it began' };
  spec.onStart?.(pid);
  child.post(spec.message);
  const code = await endOrStop(child, pid, spec.env, signal);
  if (signal.aborted) await endLeftovers(spec.env[EXECUTION_MARK]);
  // One that ended may have left a child in the background that holds its stdout open.
  await Promise.race([drained, sleep(DRAIN_GRACE_MS, undefined, { ref: false })]);
  child.stdout.destroy();
  child.stderr.destroy();
  return {
    ...NOTHING,
    // What it is after a signal of ours says nothing of the program.
    ...(signal.aborted ? { signal: signal.reason === 'timeout' ? 'SIGKILL' : 'SIGTERM' } : { exitCode: code }),
    stdout: stdout.text,
    stderr: stderr.text,
    truncated: stdout.truncated || stderr.truncated,
    stopped: stopReason(signal),
  };
}

/** Resolves with its exit code, once it has ended. */
async function endOrStop(
  child: NodeProcess,
  pid: number,
  environment: NodeStart['env'],
  signal: AbortSignal,
): Promise<number> {
  if ((await Promise.race([child.ended, whenAborted(signal)])) === 'aborted') {
    const system = { platform: process.platform, environment };
    const asked = signal.reason === 'timeout' ? [] : await endTree(pid, 'SIGTERM', system);
    const grace = asked.length > 0 ? sleep(CANCEL_GRACE_MS, undefined, { ref: false }) : undefined;
    if ((await Promise.race([child.ended, grace])) === undefined) await endTree(pid, 'SIGKILL', system);
    await child.ended;
    // Those that did not listen belong to nobody now.
    for (const other of asked) if (other !== pid) sendSignal(other, 'SIGKILL');
  }
  return child.ended;
}

function whenAborted(signal: AbortSignal): Promise<'aborted'> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('aborted');
    else signal.addEventListener('abort', () => resolve('aborted'), { once: true });
  });
}

function whenRead(stream: NodeProcess['stdout']): Promise<void> {
  return new Promise((resolve) => {
    stream.once('end', () => resolve());
    stream.once('close', () => resolve());
  });
}
