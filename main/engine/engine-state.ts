import type { EngineStatus } from '../contract/engine.ts';
import type { Emit } from '../contract/rpc.ts';
import type { Executions } from '../executions/executions.ts';
import type { Host } from '../host.ts';
import { type Clock, isoTime } from '../kit/clock.ts';
import type { Intake } from '../triggers/intake.ts';
import type { PackParts } from './build-packs.ts';

/** Counts change with every execution; nobody reads them faster than this. */
const TELL_MS = 100;

export type EngineStateDeps = {
  readonly host: Host;
  readonly clock: Clock;
  readonly busUrl: string;
  readonly packs: PackParts;
  readonly intake: Intake;
  readonly executions: Executions;
  readonly emit: Emit;
};

/** What the engine says of itself. */
export class EngineState {
  readonly #deps: EngineStateDeps;
  readonly #startedAt: string;
  #telling: (() => void) | undefined;

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
    };
  }

  setPaused(paused: boolean): void {
    this.#deps.intake.setPaused(paused);
    this.changed();
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
  }
}
