import type { Clock } from '../../kit/clock.ts';
import type { Log } from '../../kit/log.ts';
import type { ForkServer, StartForkServer } from '../../supervisor/fork-server.ts';
import type { LearnedModules } from './learned-modules.ts';
import { aheadOf, type PythonJob, steersTheInterpreter } from './python-job.ts';
import { roomForMarks } from './room-for-marks.ts';

/**
 * One warm interpreter for each pack that is at work. It starts with the pack's first action, which does not wait for it,
 * and ends when the pack is idle, when memory is short, and when anything that it was made of has changed.
 */
export type ForkServersDeps = {
  readonly startForkServer: StartForkServer;
  readonly wrapper: string;
  /** Where what packs import from StackStorm lies. */
  readonly st2Folder: string;
  readonly platform: NodeJS.Platform;
  readonly learned: LearnedModules;
  readonly clock: Clock;
  readonly log: Log;
  idleMs(): number;
  isMemoryShort(): boolean;
};

type Warm = {
  readonly pack: string;
  readonly server: ForkServer;
  readonly key: string;
  readonly startedAt: number;
  isReady: boolean;
  /** Modules that it imported ahead. */
  imported: ReadonlySet<string>;
  usedAt: number;
};

/** The least recently used one ends when there would be more. */
const MOST_SERVERS = 16;
const LOOK_AFTER_MS = 15_000;
/** What actions newly import is learned in a burst; one new server serves all of it. */
const RELEARN_MS = 1000;
/** A pack whose server cannot be started runs cold for so long, doubled with each failure. */
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 3_600_000;

export class ForkServers implements AsyncDisposable {
  readonly #deps: ForkServersDeps;
  readonly #warm = new Map<string, Warm>();
  readonly #paused = new Map<string, { readonly until: number; readonly pauseMs: number }>();
  readonly #relearning = new Map<string, () => void>();
  /** Those that have ended, or end once their last action has. */
  readonly #ending = new Set<ForkServer>();
  #callOffLook: (() => void) | undefined;
  #isClosed = false;

  constructor(deps: ForkServersDeps) {
    this.#deps = deps;
  }

  /** Undefined while there is none, or none that suits: then the action runs cold. Starts one where there is none. */
  get(job: PythonJob, preImport: boolean): ForkServer | undefined {
    if (steersTheInterpreter(job)) return undefined;
    const key = JSON.stringify([job.python, job.sharedSitePackages, job.packEnv, preImport]);
    const warm = this.#warm.get(job.pack);
    if (warm && warm.key !== key) this.retire(job.pack, 'its environment has changed');
    if (!warm || warm.key !== key) {
      this.#start(job, preImport, key);
      return undefined;
    }
    warm.usedAt = this.#deps.clock.now();
    // Modules that were imported ahead did not see the environment that this action asks for.
    if (!warm.isReady || (job.ownEnv.length > 0 && warm.imported.size > 0)) return undefined;
    return warm.server;
  }

  /** What an action imported may be imported ahead by the next server, which is started soon where that is news. */
  learn(job: PythonJob, modules: readonly string[]): void {
    if (modules.length === 0 || !this.#deps.learned.add(job.pack, job.python, modules)) return;
    if (this.#relearning.has(job.pack)) return;
    const callOff = this.#deps.clock.after(RELEARN_MS, () => {
      this.#relearning.delete(job.pack);
      const warm = this.#warm.get(job.pack);
      if (warm) this.#start(job, true, warm.key);
    });
    this.#relearning.set(job.pack, callOff);
  }

  retire(pack: string, why: string): void {
    this.#relearning.get(pack)?.();
    this.#relearning.delete(pack);
    this.#paused.delete(pack);
    const warm = this.#warm.get(pack);
    if (!warm) return;
    this.#warm.delete(pack);
    this.#deps.log.debug('a warm interpreter retires', { pack, why });
    this.#end(warm.server);
  }

  retireAll(why: string): void {
    for (const pack of [...this.#warm.keys()]) this.retire(pack, why);
  }

  /** For those who want to see them: packs with a ready server, and its process. */
  list(): readonly { readonly pack: string; readonly pid: number | undefined; readonly imported: number }[] {
    const ready = [...this.#warm.values()].filter((warm) => warm.isReady);
    return ready.map(({ pack, server, imported }) => ({ pack, pid: server.pid, imported: imported.size }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#callOffLook?.();
    for (const callOff of this.#relearning.values()) callOff();
    const servers = [...[...this.#warm.values()].map((warm) => warm.server), ...this.#ending];
    this.#warm.clear();
    await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
    await this.#deps.learned[Symbol.asyncDispose]();
  }

  /** One that is there serves until the new one is ready. */
  #start(job: PythonJob, preImport: boolean, key: string): void {
    const { clock, startForkServer } = this.#deps;
    const { pack } = job;
    if (this.#isClosed || (this.#paused.get(pack)?.until ?? 0) > clock.now()) return;
    const server: ForkServer = startForkServer(this.#spec(job, preImport), (why) => this.#onEnd(pack, server, why));
    const now = clock.now();
    const warm: Warm = { pack, server, key, startedAt: now, isReady: false, imported: new Set(), usedAt: now };
    const before = this.#warm.get(pack);
    if (!before) this.#warm.set(pack, warm);
    this.#makeRoom();
    this.#callOffLook ??= clock.after(LOOK_AFTER_MS, () => this.#look());
    void server.started.then((start) => {
      if (start.kind === 'unsuitable') {
        this.#deps.log.info('a module is not imported ahead', { pack, module: start.module, why: start.why });
        this.#deps.learned.ban(pack, job.python, start.module, start.why);
        if (this.#warm.get(pack) === warm) this.#warm.delete(pack);
        this.#start(job, preImport, key);
      } else if (start.kind === 'failed') this.#pause(pack, warm, start.why);
      else this.#becomeReady(warm, before, start.imported);
    });
  }

  #spec(job: PythonJob, preImport: boolean) {
    const { wrapper, st2Folder, platform, learned } = this.#deps;
    // Forking after something in Objective-C was loaded is unsafe, and on macOS that is more than one would think.
    const modules = preImport && platform !== 'darwin' ? learned.of(job.pack, job.python) : [];
    return {
      command: job.python,
      args: [wrapper, '--serve', roomForMarks.argument],
      env: { ...job.packEnv, ...roomForMarks.environment },
      hello: aheadOf(job, st2Folder, modules),
    };
  }

  #becomeReady(warm: Warm, before: Warm | undefined, imported: readonly string[]): void {
    const current = this.#warm.get(warm.pack);
    // Retired while it started: something has changed meanwhile.
    if (current !== warm && (current !== before || current?.key !== warm.key)) {
      this.#end(warm.server);
      return;
    }
    warm.isReady = true;
    warm.imported = new Set(imported);
    this.#paused.delete(warm.pack);
    this.#warm.set(warm.pack, warm);
    if (before && before !== warm) this.#end(before.server);
    const ms = this.#deps.clock.now() - warm.startedAt;
    this.#deps.log.debug('a warm interpreter is ready', { pack: warm.pack, ms, imported: imported.length });
  }

  #pause(pack: string, warm: Warm, why: string): void {
    if (this.#isClosed || this.#ending.has(warm.server)) return;
    const pauseMs = Math.min((this.#paused.get(pack)?.pauseMs ?? FIRST_PAUSE_MS / 2) * 2, LONGEST_PAUSE_MS);
    this.#paused.set(pack, { until: this.#deps.clock.now() + pauseMs, pauseMs });
    if (this.#warm.get(pack) === warm) this.#warm.delete(pack);
    this.#deps.log.warn('the actions of a pack run cold: its warm interpreter cannot be started', { pack, why });
  }

  #onEnd(pack: string, server: ForkServer, why: string): void {
    this.#ending.delete(server);
    const warm = this.#warm.get(pack);
    if (warm?.server !== server || !warm.isReady) return;
    this.#warm.delete(pack);
    this.#deps.log.warn('a warm interpreter died; the next action starts another', { pack, why });
  }

  #end(server: ForkServer): void {
    this.#ending.add(server);
    server.retire();
  }

  #makeRoom(): void {
    const idle = [...this.#warm.values()].filter((warm) => warm.isReady).sort((a, b) => a.usedAt - b.usedAt);
    for (const warm of idle.slice(0, Math.max(0, this.#warm.size - MOST_SERVERS))) {
      this.retire(warm.pack, `there are more than ${MOST_SERVERS}`);
    }
  }

  /** Now and then: which ones are idle for long, or all where memory is short. */
  #look(): void {
    this.#callOffLook = undefined;
    const { clock, isMemoryShort, idleMs } = this.#deps;
    const usedBefore = clock.now() - idleMs();
    const isShort = this.#warm.size > 0 && isMemoryShort();
    for (const { pack, server, usedAt } of [...this.#warm.values()]) {
      if (server.runningCount > 0) continue;
      if (isShort) this.retire(pack, 'memory is short');
      else if (usedAt <= usedBefore) this.retire(pack, 'it is idle');
    }
    if (this.#warm.size > 0) this.#callOffLook = clock.after(LOOK_AFTER_MS, () => this.#look());
  }
}
