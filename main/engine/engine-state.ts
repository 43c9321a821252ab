import type { EngineStatus, LoopDelay } from '../contract/engine.ts';
import type { Emit } from '../contract/rpc.ts';
import type { Executions } from '../executions/executions.ts';
import type { Host } from '../host.ts';
import { type Clock, isoTime } from '../kit/clock.ts';
import type { Intake } from '../triggers/intake.ts';
import type { PackParts } from './build-packs.ts';

/** Counts change with every execution; nobody reads them faster than this. */
const TELL_MS = 100;
/** A timer stands still while the machine sleeps, so the end of a pause is looked for so often. */
const LOOK_MS = 15_000;

export type EngineStateDeps = {
  readonly host: Pick<Host, 'version' | 'kind'> & {
    readonly folders: Pick<Host['folders'], 'config' | 'data'>;
    readonly settings: Pick<Host['settings'], 'get' | 'update'>;
  };
  readonly clock: Clock;
  readonly busUrl: string;
  readonly packs: {
    readonly folders: Pick<PackParts['folders'], 'installed' | 'rules'>;
    readonly registry: Pick<PackParts['registry'], 'list'>;
  };
  readonly intake: Pick<Intake, 'paused' | 'setPaused'>;
  readonly executions: Pick<Executions, 'runningCount' | 'waitingCount'>;
  loopDelay(): LoopDelay;
  readonly emit: Emit;
};

/** What the engine says of itself. */
export class EngineState {
  readonly #deps: EngineStateDeps;
  readonly #startedAt: string;
  #telling: (() => void) | undefined;
  #pausedUntil: string | undefined;
  #resuming: (() => void) | undefined;

  constructor(deps: EngineStateDeps) {
    this.#deps = deps;
    this.#startedAt = isoTime(deps.clock);
  }

  read(): EngineStatus {
    const { host, packs, intake, executions } = this.#deps;
    return {
      version: host.version,
      host: host.kind,
      startedAt: this.#startedAt,
      paused: intake.paused,
      ...(this.#pausedUntil !== undefined && { pausedUntil: this.#pausedUntil }),
      busUrl: this.#deps.busUrl,
      folders: {
        config: host.folders.config,
        data: host.folders.data,
        packs: packs.folders.installed,
        rules: packs.folders.rules,
      },
      firstRun: packs.registry.list().every((pack) => pack.origin === 'built-in'),
      running: executions.runningCount,
      waiting: executions.waitingCount,
      loopDelay: this.#deps.loopDelay(),
    };
  }

  /** Goes on with the pause of an earlier run, before anything is judged. */
  start(): void {
    const { pause } = this.#deps.host.settings.get();
    if (pause) this.#become(true, pause.until);
  }

  /** With `until` (ISO 8601) it ends by itself then. */
  setPaused(paused: boolean, until?: string): void {
    this.#deps.host.settings.update({ pause: paused ? { ...(until !== undefined && { until }) } : null });
    this.#become(paused, until);
  }

  #become(paused: boolean, until: string | undefined): void {
    this.#resuming?.();
    this.#pausedUntil = paused ? until : undefined;
    this.#deps.intake.setPaused(paused);
    this.#resumeInTime();
    this.changed();
  }

  #resumeInTime(): void {
    if (this.#pausedUntil === undefined) return;
    const left = Date.parse(this.#pausedUntil) - this.#deps.clock.now();
    if (left <= 0) this.setPaused(false);
    else this.#resuming = this.#deps.clock.after(Math.min(left, LOOK_MS), () => this.#resumeInTime());
  }

  /** Tells those who look, soon: many changes become one. */
  changed(): void {
    this.#telling ??= this.#deps.clock.after(TELL_MS, () => {
      this.#telling = undefined;
      this.#deps.emit('engine.changed', this.read());
    });
  }

  [Symbol.dispose](): void {
    this.#telling?.();
    this.#resuming?.();
  }
}
