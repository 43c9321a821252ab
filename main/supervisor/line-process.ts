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
