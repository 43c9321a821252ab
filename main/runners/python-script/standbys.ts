import type { Clock } from '../../kit/clock.ts';
import type { ProgramEnd } from '../../supervisor/run-program.ts';
import type { StandbyProgram, StartStandby } from '../../supervisor/standby-program.ts';
import type { PythonJob } from './python-job.ts';
import { roomForMarks } from './room-for-marks.ts';

/** Interpreters that are started ahead of the actions of a pack, each for one. */
export type StandbysDeps = {
  readonly startStandby: StartStandby;
  readonly wrapper: string;
  readonly clock: Clock;
  idleMs(): number;
};

/** So many wait for each pack that is at work. */
const WAITING = 2;

type Waiting = { readonly programs: Set<StandbyProgram>; readonly key: string; callOff: () => void; running: number };

export class Standbys implements AsyncDisposable {
  readonly #deps: StandbysDeps;
  readonly #packs = new Map<string, Waiting>();

  constructor(deps: StandbysDeps) {
    this.#deps = deps;
  }

  /** Undefined when none waits yet; some will for the actions that follow. */
  run(job: PythonJob, signal: AbortSignal): Promise<ProgramEnd> | undefined {
    const waiting = this.#waitingFor(job);
    const running = this.#take(waiting, job, signal);
    if (running) waiting.running += 1;
    const refill = () => {
      if (running) waiting.running -= 1;
      this.#fill(waiting, job);
    };
    // After the action, not beside it: two starts at one time take twice as long. A burst is filled up at once.
    if (running) void running.then(refill, refill);
    else refill();
    return running;
  }

  retire(pack: string): void {
    const waiting = this.#packs.get(pack);
    if (!waiting) return;
    this.#packs.delete(pack);
    waiting.callOff();
    for (const program of waiting.programs) void program[Symbol.asyncDispose]();
    waiting.programs.clear();
  }

  retireAll(): void {
    for (const pack of [...this.#packs.keys()]) this.retire(pack);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const programs = [...this.#packs.values()].flatMap((waiting) => [...waiting.programs]);
    this.retireAll();
    await Promise.all(programs.map((program) => program[Symbol.asyncDispose]()));
  }

  #waitingFor(job: PythonJob): Waiting {
    const key = JSON.stringify([job.python, job.packEnv]);
    const known = this.#packs.get(job.pack);
    if (known?.key === key) {
      this.#postpone(job.pack, known);
      return known;
    }
    this.retire(job.pack);
    const waiting: Waiting = { programs: new Set(), key, callOff: () => {}, running: 0 };
    this.#packs.set(job.pack, waiting);
    this.#postpone(job.pack, waiting);
    return waiting;
  }

  #postpone(pack: string, waiting: Waiting): void {
    waiting.callOff();
    waiting.callOff = this.#deps.clock.after(this.#deps.idleMs(), () => this.retire(pack));
  }

  #take(waiting: Waiting, job: PythonJob, signal: AbortSignal): Promise<ProgramEnd> | undefined {
    for (const program of waiting.programs) {
      waiting.programs.delete(program);
      const running = program.run({ ...job, input: standbyInput(job) }, signal);
      if (running) return running;
    }
    return undefined;
  }

  #fill(waiting: Waiting, job: PythonJob): void {
    if (this.#packs.get(job.pack) !== waiting) return;
    while (waiting.programs.size < WAITING) {
      const program = this.#deps.startStandby({
        command: job.python,
        args: [this.#deps.wrapper, '--standby', roomForMarks.argument],
        env: { ...job.packEnv, ...roomForMarks.environment },
        onDeath: () => waiting.programs.delete(program),
      });
      waiting.programs.add(program);
    }
  }
}

/** A line with what the process is to become, then its set-up. */
function standbyInput(job: PythonJob): string {
  const env: Record<string, string | null> = {};
  for (const name in job.env) if (job.env[name] !== job.packEnv[name]) env[name] = job.env[name] ?? null;
  return `${JSON.stringify({ arguments: job.arguments, env })}\n${job.input}`;
}
