import type { Readable } from 'node:stream';
import { execa } from 'execa';
import type { OutputStream } from '../contract/executions.ts';
import { EXECUTION_MARK, endLeftovers } from './end-leftovers.ts';
import { DEFAULT_OUTPUT_LIMIT, OutputKeeper } from './output-keeper.ts';

/**
 * The only folder that starts processes. This file: one program, from start to end, with its whole process tree. It knows
 * no action and no pack, and never throws for what a program does: how it ended is its value.
 */
export type RunProgram = (spec: ProgramSpec, signal: AbortSignal) => Promise<ProgramEnd>;

export type ProgramSpec = {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string | undefined;
  /** The complete environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Written to its stdin, which is then closed. Absent: stdin is empty. */
  readonly input?: string | undefined;
  /** Characters kept of each stream; what comes after is read, passed to `onOutput` no more, and thrown away. Default 4 MiB. */
  readonly outputLimit?: number | undefined;
  readonly onOutput?: ((stream: OutputStream, text: string) => void) | undefined;
  /** Called once with the id of the process, which on Unix is also its process group. */
  readonly onStart?: ((pid: number) => void) | undefined;
};

export type ProgramEnd = {
  /** Undefined when it ended by a signal or did not start. */
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** True when a stream went past its limit. */
  readonly truncated: boolean;
  /** The abort signal's reason, when that is what ended it. */
  readonly stopped: 'timeout' | 'canceled' | undefined;
  /** Why it could not be started, for example that the file does not exist. */
  readonly startError: string | undefined;
};

/** How long a canceled program may tidy up before it is killed. */
export const CANCEL_GRACE_MS = 3000;
/** A program that ended may have left a child in the background that holds its stdout open: no longer is that waited for. */
export const DRAIN_GRACE_MS = 500;

export const runProgram: RunProgram = (spec, signal) => {
  const child = startProgram(spec, spec.input === undefined ? 'ignore' : 'pipe');
  child.stdin?.end(spec.input);
  return followProgram(child, spec, signal);
};

export type StartedProgram = ReturnType<typeof startProgram>;

/** In a process group of its own. What it prints has to be read, by `followProgram`, soon. */
export function startProgram(spec: Pick<ProgramSpec, 'command' | 'args' | 'cwd' | 'env'>, stdin: 'ignore' | 'pipe') {
  const child = execa(spec.command, spec.args, {
    ...(spec.cwd !== undefined && { cwd: spec.cwd }),
    env: { ...spec.env },
    extendEnv: false,
    stdin,
    buffer: false,
    reject: false,
    killDescendants: true,
    forceKillAfterDelay: CANCEL_GRACE_MS,
    windowsHide: true,
  });
  // A program that ends while it is written to breaks the pipe; how it ended says more than the failed write.
  child.stdin?.on('error', () => {});
  return child;
}

/** Keeps what it prints, ends it when it is called off, and tells how it ended. */
export async function followProgram(
  child: StartedProgram,
  spec: Pick<ProgramSpec, 'env' | 'outputLimit' | 'onOutput' | 'onStart'>,
  signal: AbortSignal,
): Promise<ProgramEnd> {
  if (child.pid !== undefined) spec.onStart?.(child.pid);
  const limit = spec.outputLimit ?? DEFAULT_OUTPUT_LIMIT;
  const stdout = collect(child.stdout, new OutputKeeper(limit, (text) => spec.onOutput?.('stdout', text)));
  const stderr = collect(child.stderr, new OutputKeeper(limit, (text) => spec.onOutput?.('stderr', text)));
  const stop = () => child.kill(signal.reason === 'timeout' ? 'SIGKILL' : 'SIGTERM');
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  let leftovers: Promise<unknown> | undefined;
  child.nodeChildProcess.once('exit', () => {
    if (signal.aborted) leftovers = endLeftovers(spec.env[EXECUTION_MARK]);
    const drain = setTimeout(() => {
      child.stdout.destroy();
      child.stderr.destroy();
    }, DRAIN_GRACE_MS);
    child.nodeChildProcess.once('close', () => clearTimeout(drain));
  });
  const end = await child;
  signal.removeEventListener('abort', stop);
  await leftovers;
  return {
    exitCode: end.exitCode,
    signal: end.signal,
    stdout: stdout.text,
    stderr: stderr.text,
    truncated: stdout.truncated || stderr.truncated,
    stopped: stopReason(signal),
    startError:
      end.exitCode === undefined && end.signal === undefined ? (end.originalMessage ?? 'did not start') : undefined,
  };
}

export function stopReason(signal: AbortSignal): ProgramEnd['stopped'] {
  if (!signal.aborted) return undefined;
  return signal.reason === 'timeout' ? 'timeout' : 'canceled';
}

export function collect(stream: Readable, keeper: OutputKeeper): OutputKeeper {
  stream.on('data', (data: Buffer) => keeper.add(data));
  stream.on('end', () => keeper.end());
  // Destroyed on purpose after the drain grace; how the program ended is read from its exit.
  stream.on('error', () => {});
  return keeper;
}
