import type { Readable } from 'node:stream';
import { execa } from 'execa';

/** A program that is spoken to line by line, for as long as its owner wants: no restarts, no policy. */
export type StartLineProcess = (spec: LineProcessSpec) => LineProcess;

export type LineProcessSpec = {
  readonly command: string;
  readonly args: readonly string[];
  /** The complete environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** A whole line of its stdout, without the newline. */
  onLine(line: string): void;
  onStderr(text: string): void;
  /** Called once, also after `kill`. */
  onExit(why: string): void;
};

export type LineProcess = {
  /** Writes one line to its stdin. What it can no longer read is dropped; `onExit` tells why. */
  send(line: string): void;
  /** Resolves when it and all it started are gone. */
  kill(): Promise<void>;
  readonly pid: number | undefined;
};

export const startLineProcess: StartLineProcess = (spec) => {
  const child = execa(spec.command, spec.args, {
    env: { ...spec.env },
    extendEnv: false,
    stdin: 'pipe',
    buffer: false,
    reject: false,
    killDescendants: true,
    windowsHide: true,
  });
  eachLine(child.stdout, spec.onLine);
  child.stderr.setEncoding('utf8').on('data', spec.onStderr);
  // A program that ends while it is written to breaks the pipe; how it ended says more than the failed write.
  child.stdin.on('error', () => {});
  // Whatever it left behind goes with it, also so that nothing holds its pipes open.
  child.nodeChildProcess.once('exit', () => child.kill('SIGKILL'));
  const ended = child.then((end) => spec.onExit(describeEnd(end)));
  return {
    pid: child.pid,
    send(line) {
      if (child.stdin.writable) child.stdin.write(`${line}\n`);
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
};

/** Pieces are joined only at a newline: a line of many megabytes must not be copied with each piece of it. */
function eachLine(stream: Readable, onLine: (line: string) => void): void {
  let pieces: string[] = [];
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = text.split('\n');
    const rest = lines.pop() ?? '';
    for (const line of lines) {
      pieces.push(line);
      onLine(pieces.join(''));
      pieces = [];
    }
    if (rest) pieces.push(rest);
  });
  stream.on('error', () => {});
}

type ProcessEnd = {
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly originalMessage?: string | undefined;
};

function describeEnd(end: ProcessEnd): string {
  if (end.exitCode !== undefined) return `it ended with exit code ${end.exitCode}`;
  if (end.signal !== undefined) return `it was ended by ${end.signal}`;
  return `it could not be started: ${end.originalMessage ?? 'unknown reason'}`;
}
