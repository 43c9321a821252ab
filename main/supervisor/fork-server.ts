import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import type { JsonObject } from '../contract/json.ts';
import { endLeftovers } from './end-leftovers.ts';
import { encodeFrame, type Frame, FrameReader } from './fork-frames.ts';
import { type ForkedEnd, ForkedProgram, type ForkJob } from './forked-program.ts';

/**
 * One process that forks another for each job, for as long as its owner wants. It starts nothing anew and knows no pack.
 * The process speaks over its descriptor 3; when that closes on either side, it and all its children end.
 */
export type ForkServerSpec = {
  readonly command: string;
  readonly args: readonly string[];
  /** The complete environment, which each job's is a difference to. */
  readonly env: Readonly<Record<string, string>>;
  /** The first that it is told. */
  readonly hello: JsonObject;
};

/** How its start went. `unsuitable`: a module that it was to import ahead left something behind that no fork may share. */
export type ForkServerStart =
  | { readonly kind: 'ready'; readonly imported: readonly string[]; readonly failed: readonly string[] }
  | { readonly kind: 'unsuitable'; readonly module: string; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string };

export type StartForkServer = (spec: ForkServerSpec, onEnd: (why: string) => void) => ForkServer;

export const startForkServer: StartForkServer = (spec, onEnd) => new ForkServer(spec, onEnd);

const START_LIMIT_MS = 15_000;
/** Of what it says on its stderr, so much is kept for its owner. */
const LAST_WORDS = 2000;

export class ForkServer implements AsyncDisposable {
  /** Settles once; never rejects. */
  readonly started: Promise<ForkServerStart>;
  readonly #spec: ForkServerSpec;
  readonly #process: ChildProcess;
  readonly #channel: Socket;
  readonly #running = new Map<number, ForkedProgram>();
  readonly #ended: Promise<void>;
  #settleStart: (start: ForkServerStart) => void = () => {};
  #isAlive = true;
  #isRetired = false;
  #last = 0;
  #lastWords = '';

  constructor(spec: ForkServerSpec, onEnd: (why: string) => void) {
    this.#spec = spec;
    this.started = new Promise((resolve) => {
      this.#settleStart = resolve;
    });
    // Not through execa: the channel is one socket for both directions, which only Node's own function gives.
    this.#process = spawn(spec.command, spec.args, {
      env: { ...spec.env },
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      detached: true,
    });
    this.#channel = this.#process.stdio[3] as Socket;
    this.#ended = new Promise((resolve) => {
      const end = (why: string) => {
        if (!this.#isAlive) return;
        this.#isAlive = false;
        this.#onEnd(why);
        onEnd(why);
        resolve();
      };
      this.#process.once('error', (error) => end(`it could not be started: ${error.message}`));
      // Once its pipes are closed too: until then there may be frames to read.
      this.#process.once('close', (code, signal) => end(this.#describe(code, signal)));
    });
    this.#listen();
    const limit = setTimeout(() => this.#fail(`it was not ready within ${START_LIMIT_MS / 1000} s`), START_LIMIT_MS);
    void this.started.then(() => clearTimeout(limit));
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get runningCount(): number {
    return this.#running.size;
  }

  /** Ends it once its last job has ended; until then it takes no more. */
  retire(): void {
    this.#isRetired = true;
    if (this.#running.size === 0) this.#channel.destroy();
  }

  /** Never rejects: what became of the job is its value. */
  run(job: ForkJob, signal: AbortSignal): Promise<ForkedEnd> {
    if (!this.#isAlive || this.#isRetired) return Promise.resolve({ kind: 'not-run', why: 'it has ended' });
    this.#last = (this.#last + 1) % 2 ** 32;
    const number = this.#last;
    return new Promise((resolve) => {
      const program = new ForkedProgram(job, signal, {
        kill: (name) => this.#channel.write(encodeFrame('k', number, Buffer.from([name === 'SIGKILL' ? 9 : 15]))),
        isStuck: () => this.#fail('it did not end a process that it was told to end'),
        onEnd: (end) => {
          this.#running.delete(number);
          resolve(end);
          if (this.#isRetired) this.retire();
        },
      });
      this.#running.set(number, program);
      this.#channel.write(encodeFrame('r', number, program.request(this.#spec.env)));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isAlive) {
      this.#isRetired = true;
      this.#channel.destroy();
      // It ends its children first, so that it is killed only when it does not answer.
      const limit = setTimeout(() => this.#kill(), 2000);
      await this.#ended;
      clearTimeout(limit);
    }
  }

  #listen(): void {
    const reader = new FrameReader((frame) => this.#onFrame(frame));
    this.#channel.on('data', (data) => reader.add(data));
    for (const stream of [this.#channel, ...this.#process.stdio.slice(0, 3)]) {
      // How the process ends says more than a write that it no longer reads.
      stream?.on('error', () => {});
    }
    this.#process.stdout?.resume();
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS);
    });
    this.#channel.write(encodeFrame('h', 0, JSON.stringify(this.#spec.hello)));
  }

  #onFrame({ kind, number, payload }: Frame): void {
    if (kind === 'ready') this.#settleStart({ kind, ...JSON.parse(payload.toString()) });
    else if (kind === 'unsuitable') this.#settleStart({ kind, ...JSON.parse(payload.toString()) });
    else this.#running.get(number)?.onFrame(kind, payload);
  }

  #fail(why: string): void {
    this.#settleStart({ kind: 'failed', why });
    this.#lastWords = why;
    this.#kill();
  }

  #kill(): void {
    this.#process.kill('SIGKILL');
  }

  #onEnd(why: string): void {
    this.#settleStart({ kind: 'failed', why });
    for (const program of [...this.#running.values()]) {
      void endLeftovers(program.execution).then(() => program.onServerEnd(why));
    }
  }

  #describe(code: number | null, signal: string | null): string {
    const how = signal === null ? `it ended with exit code ${code}` : `it was ended by ${signal}`;
    const words = this.#lastWords.trim();
    return words === '' ? how : `${how}: ${words}`;
  }
}
