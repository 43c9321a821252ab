import type { Clock } from '../../kit/clock.ts';
import type { Log } from '../../kit/log.ts';
import type { ProgramEnd } from '../../supervisor/run-program.ts';
import type { StandbyProgram, StartStandby } from '../../supervisor/standby-program.ts';
import type { LearnedModules } from './learned-modules.ts';
import { aheadOf, type PythonJob, steersTheInterpreter } from './python-job.ts';
import { roomForMarks } from './room-for-marks.ts';

/** Interpreters that are started ahead of the actions of a pack, each for one. */
export type StandbysDeps = {
  readonly startStandby: StartStandby;
  readonly wrapper: string;
  /** Where what packs import from StackStorm lies. */
  readonly st2Folder: string;
  readonly learned: LearnedModules;
  readonly clock: Clock;
  readonly log: Log;
  idleMs(): number;
  isMemoryShort(): boolean;
};

/** So many wait for each pack that is at work. */
const WAITING = 2;
const REFILL_MS = 20;

type Waiting = {
  /** Those that are ready, with how many modules they imported ahead. */
  readonly ready: Map<StandbyProgram, { readonly imported: number }>;
  readonly starting: Set<StandbyProgram>;
  readonly key: string;
  callOff: () => void;
};

export class Standbys implements AsyncDisposable {
  readonly #deps: StandbysDeps;
  readonly #packs = new Map<string, Waiting>();

  constructor(deps: StandbysDeps) {
    this.#deps = deps;
  }

  /** Undefined when none waits that suits; some will for the actions that follow. */
  run(job: PythonJob, preImport: boolean, signal: AbortSignal): Promise<ProgramEnd> | undefined {
    if (steersTheInterpreter(job)) return undefined;
    const waiting = this.#waitingFor(job, preImport);
    const running = this.#take(waiting, job, signal);
    const refill = () => this.#fill(waiting, job, preImport);
    // After the action and what it leads to, not beside them: a start keeps a processor busy for several times as long as
    // a small action takes. A burst is filled up at once.
    const refillLater = () => void this.#deps.clock.after(REFILL_MS, refill);
    if (running) void running.then(refillLater, refillLater);
    else refill();
    return running;
  }

  retire(pack: string): void {
    const waiting = this.#packs.get(pack);
    if (!waiting) return;
    this.#packs.delete(pack);
    waiting.callOff();
    for (const program of programsOf(waiting)) void program[Symbol.asyncDispose]();
  }

  retireAll(): void {
    for (const pack of [...this.#packs.keys()]) this.retire(pack);
  }

  /** For those who want to see them: packs, how many are ready, and the modules that the next one has imported. */
  list(): readonly { readonly pack: string; readonly ready: number; readonly imported: number }[] {
    return [...this.#packs].map(([pack, { ready }]) => {
      return { pack, ready: ready.size, imported: ready.values().next().value?.imported ?? 0 };
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const programs = [...this.#packs.values()].flatMap(programsOf);
    this.retireAll();
    await Promise.all(programs.map((program) => program[Symbol.asyncDispose]()));
  }

  #waitingFor(job: PythonJob, preImport: boolean): Waiting {
    const key = JSON.stringify([job.python, job.sharedSitePackages, job.packEnv, preImport]);
    const known = this.#packs.get(job.pack);
    if (known?.key === key) {
      this.#postpone(job.pack, known);
      return known;
    }
    this.retire(job.pack);
    const waiting: Waiting = { ready: new Map(), starting: new Set(), key, callOff: () => {} };
    this.#packs.set(job.pack, waiting);
    this.#postpone(job.pack, waiting);
    return waiting;
  }

  #postpone(pack: string, waiting: Waiting): void {
    waiting.callOff();
    waiting.callOff = this.#deps.clock.after(this.#deps.idleMs(), () => this.retire(pack));
  }

  #take(waiting: Waiting, job: PythonJob, signal: AbortSignal): Promise<ProgramEnd> | undefined {
    for (const [program, { imported }] of waiting.ready) {
      // Modules that were imported ahead did not see the environment that this action asks for.
      if (imported > 0 && job.ownEnv.length > 0) continue;
      waiting.ready.delete(program);
      const running = program.run({ ...job, input: standbyInput(job) }, signal);
      if (running) return running;
    }
    return undefined;
  }

  #fill(waiting: Waiting, job: PythonJob, preImport: boolean): void {
    if (this.#packs.get(job.pack) !== waiting || this.#deps.isMemoryShort()) return;
    while (waiting.ready.size + waiting.starting.size < WAITING) this.#start(waiting, job, preImport);
  }

  #start(waiting: Waiting, job: PythonJob, preImport: boolean): void {
    const { startStandby, wrapper, st2Folder, learned, log } = this.#deps;
    const { pack, python } = job;
    const program = startStandby({
      command: python,
      args: [wrapper, '--standby', roomForMarks.argument],
      env: { ...job.packEnv, ...roomForMarks.environment },
      hello: aheadOf(job, st2Folder, preImport ? learned.of(pack, python) : []),
      onDeath: () => {
        waiting.starting.delete(program);
        waiting.ready.delete(program);
      },
    });
    waiting.starting.add(program);
    void program.started.then((start) => {
      if (start.kind === 'ready' && waiting.starting.delete(program)) {
        waiting.ready.set(program, { imported: start.imported.length });
      } else if (start.kind === 'unsuitable') {
        log.info('a module is not imported ahead', { pack, module: start.module, why: start.why });
        learned.ban(pack, python, start.module, start.why);
        this.#fill(waiting, job, preImport);
      }
    });
  }
}

const programsOf = ({ ready, starting }: Waiting) => [...ready.keys(), ...starting];

/** A line with what the process is to become, then its set-up. */
function standbyInput(job: PythonJob): string {
  const env: Record<string, string | null> = {};
  for (const name in job.env) if (job.env[name] !== job.packEnv[name]) env[name] = job.env[name] ?? null;
  return `${JSON.stringify({ arguments: job.arguments, env })}\n${job.input}`;
}
