import { rmSync } from 'node:fs';
import type { Isolation, IsolationChoice } from '../../contract/python-settings.ts';
import type { Log } from '../../kit/log.ts';
import type { RunProgram } from '../../supervisor/run-program.ts';
import type { ForkServers } from './fork-servers.ts';
import type { PythonJob } from './python-job.ts';
import type { PythonEnd } from './python-outcome.ts';
import type { Standbys } from './standbys.ts';
import { readResult, readResultFile } from './written-result.ts';

/**
 * Chooses how an action's process comes to be: forked from its pack's warm interpreter, in one that stands by, or cold.
 * An action cannot tell which. Cold always works, so each other way that does not suit or is not ready falls back to it.
 */
export type PythonProcessesDeps = {
  readonly runProgram: RunProgram;
  /** Absolute path of the wrapper. */
  readonly wrapper: string;
  readonly platform: NodeJS.Platform;
  readonly servers: ForkServers;
  readonly standbys: Standbys;
  readonly log: Log;
};

export type RunChoice = { readonly isolation: IsolationChoice; readonly preImport: boolean };

export class PythonProcesses implements AsyncDisposable {
  readonly #deps: PythonProcessesDeps;

  constructor(deps: PythonProcessesDeps) {
    this.#deps = deps;
  }

  async run(job: PythonJob, choice: RunChoice, signal: AbortSignal): Promise<PythonEnd> {
    const way = wayFor(choice.isolation, this.#deps.platform);
    const warm = way === 'cold' ? undefined : await this.#runWarm(way, job, choice, signal);
    const ended = warm ?? (await this.#runCold(job, signal));
    if (choice.preImport && ended.written && 'imported' in ended.written) {
      this.#deps.servers.learn(job, ended.written.imported);
    }
    return ended;
  }

  /** Ends what waits for a pack's actions, because what it was made of has changed; what runs finishes on what it had. */
  retire(pack: string, why: string): void {
    this.#deps.servers.retire(pack, why);
    this.#deps.standbys.retire(pack);
  }

  retireAll(why: string): void {
    this.#deps.servers.retireAll(why);
    this.#deps.standbys.retireAll();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#deps.servers[Symbol.asyncDispose](), this.#deps.standbys[Symbol.asyncDispose]()]);
  }

  /** Undefined when nothing of it has run. */
  async #runWarm(way: Warm, job: PythonJob, choice: RunChoice, signal: AbortSignal): Promise<PythonEnd | undefined> {
    return way === 'forked' ? this.#fork(job, choice, signal) : this.#standBy(job, choice, signal);
  }

  async #fork(job: PythonJob, { preImport }: RunChoice, signal: AbortSignal): Promise<PythonEnd | undefined> {
    const server = this.#deps.servers.get(job, preImport);
    if (!server) return undefined;
    const forked = await server.run(job, signal);
    if (forked.kind === 'ended') {
      return { isolation: 'forked', end: forked.end, written: readResult(forked.result) };
    }
    if (forked.kind === 'lost') {
      return { isolation: 'forked', end: LOST, written: undefined, lost: forked.why };
    }
    this.#deps.log.info('an action runs cold: its warm interpreter did not take it', {
      pack: job.pack,
      why: forked.why,
    });
    this.#deps.servers.retire(job.pack, forked.why);
    return undefined;
  }

  async #standBy(job: PythonJob, { preImport }: RunChoice, signal: AbortSignal): Promise<PythonEnd | undefined> {
    const running = this.#deps.standbys.run(job, preImport, signal);
    return running && this.#withResultFile('standby', job, running);
  }

  #runCold(job: PythonJob, signal: AbortSignal): Promise<PythonEnd> {
    const { runProgram, wrapper } = this.#deps;
    const spec = { ...job, command: job.python, args: [wrapper, ...job.arguments] };
    return this.#withResultFile('cold', job, runProgram(spec, signal));
  }

  async #withResultFile(isolation: Isolation, job: PythonJob, running: ReturnType<RunProgram>): Promise<PythonEnd> {
    try {
      const end = await running;
      return { isolation, end, written: await readResultFile(job.resultFile) };
    } finally {
      rmSync(job.resultFile, { force: true });
    }
  }
}

type Warm = 'forked' | 'standby';

/** Windows cannot fork. */
function wayFor(choice: IsolationChoice, platform: NodeJS.Platform): Warm | 'cold' {
  if (choice === 'cold' || choice === 'standby') return choice;
  return platform === 'win32' ? 'standby' : 'forked';
}

const LOST = {
  exitCode: undefined,
  signal: undefined,
  stdout: '',
  stderr: '',
  truncated: false,
  stopped: undefined,
  startError: undefined,
};
