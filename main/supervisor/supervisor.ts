import { execa } from 'execa';
import type { ProcessState } from '../contract/sensors.ts';
import type { Clock } from '../kit/clock.ts';
import { type ChildEnd, describeEnd } from './describe-end.ts';
import { eachLine } from './each-line.ts';
import { nextDelay, type RestartPolicy } from './restart-policy.ts';

/**
 * Keeps one program running: starts it again after it died, later each time, forgives what is long ago, gives up visibly,
 * and stops it with its whole process tree. It knows no sensor.
 */
export type LongLivedSpec = {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string | undefined;
  /** The complete environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Written as the first line of its stdin at each start; stdin then stays open until the program is to end. */
  firstLine(): string;
};

export type ProcessReport = {
  readonly state: ProcessState;
  readonly why?: string | undefined;
  readonly pid?: number | undefined;
  /** Deaths in a row. */
  readonly deaths: number;
};

export type SupervisorDeps = {
  readonly spec: LongLivedSpec;
  readonly policy: RestartPolicy;
  readonly clock: Clock;
  onReport(report: ProcessReport): void;
  onLine(line: string): void;
  onStart?(pid: number): void;
  /** Null when a signal ended it. Also after `stop`. */
  onExit?(exitCode: number | null): void;
};

/** How long a program may tidy up after SIGTERM and the end of its stdin. */
const STOP_GRACE_MS = 5000;
/** A line is given out in parts of this length, so that a program cannot fill memory by never printing a newline. */
const MAX_LINE = 8192;

export class SupervisedProcess implements AsyncDisposable {
  readonly #deps: SupervisorDeps;
  #child: ReturnType<typeof startChild> | undefined;
  #deaths = 0;
  #callOff: (() => void) | undefined;
  #stopping = false;
  #ended: Promise<void> = Promise.resolve();

  constructor(deps: SupervisorDeps) {
    this.#deps = deps;
  }

  /** Starts it; after `given-up` or `stopped`, afresh. */
  start(): void {
    if (this.#child) return;
    this.#stopping = false;
    this.#deaths = 0;
    this.#callOff?.();
    this.#spawn();
  }

  /** Resolves when the program and all it started are gone. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#callOff?.();
    this.#callOff = undefined;
    if (this.#child) {
      this.#report('stopping');
      // The end of stdin asks it to clean up on every platform; Windows has no SIGTERM to ask with.
      this.#child.stdin.end();
      this.#child.kill('SIGTERM');
      await this.#ended;
    }
    this.#report('stopped');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #spawn(): void {
    this.#report('starting');
    const startedAt = this.#deps.clock.now();
    const child = startChild(this.#deps.spec);
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) eachLine(stream, (line) => this.#deps.onLine(line), MAX_LINE);
    // A program that ends at once breaks the pipe; how it ended says more than the failed write.
    child.stdin.on('error', () => {});
    child.stdin.write(`${this.#deps.spec.firstLine()}\n`);
    child.nodeChildProcess.once('spawn', () => {
      this.#report('running');
      if (child.pid !== undefined) this.#deps.onStart?.(child.pid);
    });
    // Whatever it left behind in its process group goes with it, also so that nothing holds its pipes open.
    child.nodeChildProcess.once('exit', () => child.kill('SIGKILL'));
    this.#ended = child.then((end) => {
      this.#child = undefined;
      if (child.pid !== undefined) this.#deps.onExit?.(end.exitCode ?? null);
      this.#onEnd(end, this.#deps.clock.now() - startedAt);
    });
  }

  #onEnd(end: ChildEnd, aliveMs: number): void {
    if (this.#stopping) return;
    if (end.exitCode === 0) {
      this.#report('stopped', 'it ended by itself with exit code 0');
      return;
    }
    if (aliveMs >= this.#deps.policy.healthyAfterMs) this.#deaths = 0;
    this.#deaths += 1;
    const how = describeEnd(end);
    const delay = nextDelay(this.#deps.policy, this.#deaths);
    if (delay === undefined) {
      const times = this.#deaths === 1 ? 'once' : `${this.#deaths} times in a row`;
      this.#report('given-up', `it died ${times}, at last because ${how}`);
      return;
    }
    this.#report('backing-off', `${how}; it is started again in ${Math.round(delay / 100) / 10} s`);
    this.#callOff = this.#deps.clock.after(delay, () => this.#spawn());
  }

  #report(state: ProcessState, why?: string): void {
    this.#deps.onReport({ state, why, pid: this.#child?.pid, deaths: this.#deaths });
  }
}

function startChild(spec: LongLivedSpec) {
  return execa(spec.command, spec.args, {
    ...(spec.cwd !== undefined && { cwd: spec.cwd }),
    env: { ...spec.env },
    extendEnv: false,
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
    buffer: false,
    reject: false,
    killDescendants: true,
    forceKillAfterDelay: STOP_GRACE_MS,
    windowsHide: true,
  });
}
