import type { Readable } from 'node:stream';
import { execa } from 'execa';
import type { OutputStream } from '../contract/executions.ts';

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

const DEFAULT_OUTPUT_LIMIT = 4 * 1024 * 1024;
/** How long a canceled program may tidy up before it is killed. */
const CANCEL_GRACE_MS = 3000;
/** A program that ended may have left a child in the background that holds its stdout open: no longer is that waited for. */
const DRAIN_GRACE_MS = 500;

export const runProgram: RunProgram = async (spec, signal) => {
  const child = execa(spec.command, spec.args, {
    ...(spec.cwd !== undefined && { cwd: spec.cwd }),
    env: { ...spec.env },
    extendEnv: false,
    ...(spec.input === undefined ? { stdin: 'ignore' as const } : { input: spec.input }),
    buffer: false,
    reject: false,
    killDescendants: true,
    forceKillAfterDelay: CANCEL_GRACE_MS,
    windowsHide: true,
  });
  if (child.pid !== undefined) spec.onStart?.(child.pid);
  const limit = spec.outputLimit ?? DEFAULT_OUTPUT_LIMIT;
  const stdout = collect(child.stdout, limit, (text) => spec.onOutput?.('stdout', text));
  const stderr = collect(child.stderr, limit, (text) => spec.onOutput?.('stderr', text));

  const stop = () => child.kill(signal.reason === 'timeout' ? 'SIGKILL' : 'SIGTERM');
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  child.nodeChildProcess.once('exit', () => {
    const drain = setTimeout(() => {
      child.stdout.destroy();
      child.stderr.destroy();
    }, DRAIN_GRACE_MS);
    child.nodeChildProcess.once('close', () => clearTimeout(drain));
  });

  const end = await child;
  signal.removeEventListener('abort', stop);
  return {
    exitCode: end.exitCode,
    signal: end.signal,
    stdout: stdout.text(),
    stderr: stderr.text(),
    truncated: stdout.truncated() || stderr.truncated(),
    stopped: signal.aborted ? (signal.reason === 'timeout' ? 'timeout' : 'canceled') : undefined,
    startError:
      end.exitCode === undefined && end.signal === undefined ? (end.originalMessage ?? 'did not start') : undefined,
  };
};

/** Keeps the first `limit` characters of a stream and goes on reading, so that a chatty program neither blocks nor fills memory. */
function collect(stream: Readable, limit: number, onText: (text: string) => void) {
  const kept: string[] = [];
  let size = 0;
  let truncated = false;
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    if (truncated) return;
    const room = limit - size;
    truncated = text.length > room;
    const part = truncated ? text.slice(0, room) : text;
    size += part.length;
    kept.push(part);
    onText(part);
  });
  // Destroyed on purpose after the drain grace; how the program ended is read from its exit.
  stream.on('error', () => {});
  return { text: () => kept.join(''), truncated: () => truncated };
}
