import { constants } from 'node:os';
import type { OutputStream } from '../contract/executions.ts';
import { EXECUTION_MARK, endLeftovers } from './end-leftovers.ts';
import type { FrameKind } from './fork-frames.ts';
import { DEFAULT_OUTPUT_LIMIT, OutputKeeper } from './output-keeper.ts';
import { CANCEL_GRACE_MS, type ProgramEnd, stopReason } from './run-program.ts';

/** What a fork server is to run, as a command line would say it. */
export type ForkJob = {
  readonly arguments: readonly string[];
  /** The complete environment. */
  readonly env: Readonly<Record<string, string>>;
  /** What a cold start would read from its stdin. */
  readonly input: string;
  /** Where the program leaves its result; the server reads it and takes it away. */
  readonly resultFile: string;
  readonly outputLimit?: number | undefined;
  readonly onOutput?: ((stream: OutputStream, text: string) => void) | undefined;
  readonly onStart?: ((pid: number) => void) | undefined;
};

export type ForkedEnd =
  | { readonly kind: 'ended'; readonly end: ProgramEnd; readonly result: ForkedResult }
  /** Nothing of it has run, so it may run in another way. */
  | { readonly kind: 'not-run'; readonly why: string }
  /** The server ended while it ran, or may have run. */
  | { readonly kind: 'lost'; readonly why: string };

/** `text` is undefined where the file was not there, or is larger than is taken. */
export type ForkedResult = { readonly size: number | undefined; readonly text: string | undefined };

type Deps = {
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
  isStuck(): void;
  onEnd(end: ForkedEnd): void;
};

/** A server that does not end a killed process within this time is not to be trusted any more. */
const KILL_LIMIT_MS = 3000;

/** One job of a fork server, from request to end. */
export class ForkedProgram {
  readonly #job: ForkJob;
  readonly #signal: AbortSignal;
  readonly #deps: Deps;
  readonly #output: Readonly<Record<OutputStream, OutputKeeper>>;
  #timer: NodeJS.Timeout | undefined;
  #isAccepted = false;
  #isEnding = false;

  constructor(job: ForkJob, signal: AbortSignal, deps: Deps) {
    this.#job = job;
    this.#signal = signal;
    this.#deps = deps;
    const limit = job.outputLimit ?? DEFAULT_OUTPUT_LIMIT;
    this.#output = {
      stdout: new OutputKeeper(limit, (text) => job.onOutput?.('stdout', text)),
      stderr: new OutputKeeper(limit, (text) => job.onOutput?.('stderr', text)),
    };
  }

  get execution(): string | undefined {
    return this.#job.env[EXECUTION_MARK];
  }

  /** The payload of its request: a line of what the process is to become, then its input. */
  request(serverEnvironment: Readonly<Record<string, string>>): string {
    // Not before the request is made: the server takes its frames in order.
    if (this.#signal.aborted) setImmediate(this.#stop);
    else this.#signal.addEventListener('abort', this.#stop, { once: true });
    const env = difference(serverEnvironment, this.#job.env);
    const head = JSON.stringify({ arguments: this.#job.arguments, env, result: this.#job.resultFile });
    return `${head}\n${this.#job.input}`;
  }

  onFrame(kind: FrameKind, payload: Buffer): void {
    if (kind === 'stdout' || kind === 'stderr') this.#output[kind].add(payload);
    else if (kind === 'accepted') {
      this.#isAccepted = true;
      // The process may be there already.
      if (payload.length > 0) this.#job.onStart?.(Number(payload.toString()));
    } else if (kind === 'started') this.#job.onStart?.(Number(payload.toString()));
    else if (kind === 'refused') this.#end({ kind: 'not-run', why: payload.toString() });
    else if (kind === 'ended') void this.#finish(payload);
  }

  onServerEnd(why: string): void {
    if (this.#isEnding) return;
    if (this.#signal.aborted) this.#end({ kind: 'ended', end: this.#programEnd({}), result: NO_RESULT });
    else this.#end({ kind: this.#isAccepted ? 'lost' : 'not-run', why });
  }

  readonly #stop = (): void => {
    if (this.#signal.reason === 'timeout') this.#kill();
    else {
      this.#deps.kill('SIGTERM');
      this.#timer = setTimeout(() => this.#kill(), CANCEL_GRACE_MS);
    }
  };

  #kill(): void {
    this.#deps.kill('SIGKILL');
    void endLeftovers(this.execution);
    this.#timer = setTimeout(() => this.#deps.isStuck(), KILL_LIMIT_MS);
  }

  async #finish(payload: Buffer): Promise<void> {
    this.#isEnding = true;
    clearTimeout(this.#timer);
    const line = payload.indexOf('\n');
    const head = JSON.parse(payload.toString('utf8', 0, line)) as { code?: number; signal?: number; size?: number };
    const result = payload.subarray(line + 1);
    for (const keeper of Object.values(this.#output)) keeper.end();
    if (this.#signal.aborted) await endLeftovers(this.execution);
    const text = result.length === head.size ? result.toString() : undefined;
    this.#end({ kind: 'ended', end: this.#programEnd(head), result: { size: head.size, text } });
  }

  #programEnd(head: { readonly code?: number; readonly signal?: number }): ProgramEnd {
    const { stdout, stderr } = this.#output;
    return {
      exitCode: head.code,
      signal: head.signal === undefined ? undefined : signalName(head.signal),
      stdout: stdout.text,
      stderr: stderr.text,
      truncated: stdout.truncated || stderr.truncated,
      stopped: stopReason(this.#signal),
      startError: undefined,
    };
  }

  #end(end: ForkedEnd): void {
    clearTimeout(this.#timer);
    this.#signal.removeEventListener('abort', this.#stop);
    this.#deps.onEnd(end);
  }
}

const NO_RESULT: ForkedResult = { size: undefined, text: undefined };

/** What to set, and as null what to take out. */
function difference(from: Readonly<Record<string, string>>, to: Readonly<Record<string, string>>) {
  const changes: Record<string, string | null> = {};
  for (const name in to) if (from[name] !== to[name]) changes[name] = to[name] ?? null;
  for (const name in from) if (to[name] === undefined) changes[name] = null;
  return changes;
}

function signalName(number: number): string {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? `signal ${number}`;
}
