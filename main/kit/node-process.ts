import type { Readable } from 'node:stream';

/** Starts a JavaScript file in a process of its own, on the runtime that the app itself is. Throws where it cannot even try. */
export type ForkNode = (start: NodeStart) => NodeProcess;

export type NodeStart = {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The complete environment, never empty. */
  readonly env: Readonly<Record<string, string>>;
};

export type NodeProcess = {
  /** Each ends once all that was printed is out, which may be after the process has ended. */
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Its id; undefined when it ended before it had one. */
  readonly started: Promise<number | undefined>;
  /** Its exit code. Of one that a signal ended, some systems tell the signal's number instead. */
  readonly ended: Promise<number>;
  /** It has no stdin: what it is to be told comes as a message. Once it has started. */
  post(message: unknown): void;
};
