import { execa } from 'execa';
import { describeEnd } from './describe-end.ts';
import { eachLine } from './each-line.ts';

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
  /** Called once, also after `kill`. `exitCode` is absent when it was ended by a signal or did not start. */
  onExit(why: string, exitCode: number | undefined): void;
};

export type LineProcess = {
  /** Writes one line to its stdin. What it can no longer read is dropped; `onExit` tells why. */
  send(line: string): void;
  /** Resolves when it and all it started are gone. */
  kill(): Promise<void>;
  /** Asks it to end, by the end of its stdin and SIGTERM, and kills it when it does not. */
  stop(): Promise<void>;
  readonly pid: number | undefined;
};

/** How long a program may tidy up after it was asked to end. */
const STOP_GRACE_MS = 5000;

export const startLineProcess: StartLineProcess = (spec) => {
  const child = execa(spec.command, spec.args, {
    env: { ...spec.env },
    extendEnv: false,
    stdin: 'pipe',
    buffer: false,
    reject: false,
    killDescendants: true,
    forceKillAfterDelay: STOP_GRACE_MS,
    windowsHide: true,
  });
  eachLine(child.stdout, spec.onLine);
  child.stderr.setEncoding('utf8').on('data', spec.onStderr);
  // A program that ends while it is written to breaks the pipe; how it ended says more than the failed write.
  child.stdin.on('error', () => {});
  // Whatever it left behind goes with it, also so that nothing holds its pipes open.
  child.nodeChildProcess.once('exit', () => child.kill('SIGKILL'));
  const ended = child.then((end) => spec.onExit(describeEnd(end), end.exitCode));
  return {
    pid: child.pid,
    send(line) {
      if (child.stdin.writable) child.stdin.write(`${line}\n`);
    },
    async stop() {
      child.stdin.end();
      child.kill('SIGTERM');
      await ended;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
};
