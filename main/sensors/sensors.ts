import type { SensorDefinition } from '../contract/packs.ts';
import type { ResourceRef } from '../contract/refs.ts';
import type { SensorStatus } from '../contract/sensors.ts';
import { type Clock, isoTime } from '../kit/clock.ts';
import type { ProcessReport, SupervisedProcess, SupervisorDeps } from '../supervisor/supervisor.ts';

/**
 * Which sensor processes should run now, and how they are. It moves what runs towards what is wanted and touches nothing
 * else; it neither reads packs nor sees events.
 */
export type WantedSensor = {
  readonly definition: SensorDefinition;
  /** Changes with anything that the process would only see after a restart: code, metadata, virtualenv, configuration. */
  readonly fingerprint: string;
  /** Why it cannot run, where that is so: its pack is switched off, or has no virtualenv yet. */
  readonly blocked: { readonly state: 'disabled' | 'not-ready'; readonly why: string } | undefined;
  readonly process: SupervisorDeps['spec'];
};

export type SensorsDeps = {
  readonly clock: Clock;
  supervise(ref: ResourceRef, deps: Pick<SupervisorDeps, 'spec' | 'onReport' | 'onLine'>): SupervisedProcess;
  onChange(status: SensorStatus): void;
  /** The process is gone for good: its credentials end with it. */
  onStopped(ref: ResourceRef): void;
};

type Held = { wanted: WantedSensor; process: SupervisedProcess | undefined; status: SensorStatus };

const TELL_MS = 1000;
/** Lines of output kept of each sensor. */
const RECENT_LINES = 200;

export class Sensors implements AsyncDisposable {
  readonly #deps: SensorsDeps;
  readonly #held = new Map<ResourceRef, Held>();
  readonly #telling = new Map<ResourceRef, () => void>();
  /** Changes are carried out one after another, so that a reload cannot overtake the stop before it. */
  #turn: Promise<void> = Promise.resolve();

  constructor(deps: SensorsDeps) {
    this.#deps = deps;
  }

  list(): SensorStatus[] {
    return [...this.#held.values()].map((held) => held.status);
  }

  get(ref: ResourceRef): SensorStatus | undefined {
    return this.#held.get(ref)?.status;
  }

  /** Stops what is no longer wanted, starts what is new, restarts what changed, and leaves the rest alone. */
  sync(wanted: readonly WantedSensor[]): Promise<void> {
    this.#turn = this.#turn.then(() => this.#sync(wanted));
    return this.#turn;
  }

  /** Also starts one that gave up or ended. Undefined when there is no such sensor. */
  async restart(ref: ResourceRef): Promise<SensorStatus | undefined> {
    this.#turn = this.#turn.then(async () => {
      const held = this.#held.get(ref);
      if (!held?.process) return;
      await held.process.stop();
      held.process.start();
    });
    await this.#turn;
    return this.get(ref);
  }

  /** Stops the sensors for which `which` holds, until the next `sync`. */
  stop(which: (definition: SensorDefinition) => boolean): Promise<void> {
    this.#turn = this.#turn.then(async () => {
      const held = [...this.#held.values()].filter((one) => which(one.wanted.definition));
      await Promise.all(held.map((one) => this.#drop(one)));
    });
    return this.#turn;
  }

  /** Told to those who look at most once a second: a busy sensor must not flood them. */
  sawEvent(ref: ResourceRef): void {
    const held = this.#held.get(ref);
    if (!held) return;
    held.status = { ...held.status, lastEventAt: isoTime(this.#deps.clock) };
    if (this.#telling.has(ref)) return;
    const tell = () => {
      this.#telling.delete(ref);
      const status = this.get(ref);
      if (status) this.#deps.onChange(status);
    };
    this.#telling.set(ref, this.#deps.clock.after(TELL_MS, tell));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const callOff of this.#telling.values()) callOff();
    await this.stop(() => true);
  }

  async #sync(wanted: readonly WantedSensor[]): Promise<void> {
    const byRef = new Map(wanted.map((one) => [one.definition.ref, one]));
    const outdated = [...this.#held.values()].filter((held) => {
      const now = byRef.get(held.wanted.definition.ref);
      return !now || now.fingerprint !== held.wanted.fingerprint || now.blocked?.state !== held.wanted.blocked?.state;
    });
    await Promise.all(outdated.map((held) => this.#drop(held)));
    for (const one of wanted) {
      if (!this.#held.has(one.definition.ref)) this.#take(one);
    }
  }

  #take(wanted: WantedSensor): void {
    const { definition, blocked } = wanted;
    const held: Held = { wanted, process: undefined, status: initialStatus(definition) };
    this.#held.set(definition.ref, held);
    const off = definition.enabled
      ? blocked
      : { state: 'disabled' as const, why: 'it is switched off in its metadata' };
    if (off) {
      held.status = { ...held.status, ...off };
      this.#deps.onChange(held.status);
      return;
    }
    held.process = this.#deps.supervise(definition.ref, {
      spec: wanted.process,
      onReport: (report) => this.#onReport(held, report),
      onLine: (line) => {
        held.status = { ...held.status, recentOutput: [...held.status.recentOutput.slice(1 - RECENT_LINES), line] };
      },
    });
    held.process.start();
  }

  async #drop(held: Held): Promise<void> {
    this.#held.delete(held.wanted.definition.ref);
    await held.process?.stop();
    this.#deps.onStopped(held.wanted.definition.ref);
  }

  #onReport(held: Held, report: ProcessReport): void {
    const { why: _, pid: __, ...before } = held.status;
    held.status = {
      ...before,
      state: report.state,
      ...(report.why !== undefined && { why: report.why }),
      ...(report.pid !== undefined && { pid: report.pid }),
      ...(report.state === 'starting' && { startedAt: isoTime(this.#deps.clock) }),
      restarts: report.deaths,
    };
    this.#deps.onChange(held.status);
  }
}

function initialStatus(definition: SensorDefinition): SensorStatus {
  return {
    ref: definition.ref,
    pack: definition.pack,
    className: definition.className,
    description: definition.description,
    ...(definition.pollInterval !== undefined && { pollInterval: definition.pollInterval }),
    state: 'stopped',
    restarts: 0,
    recentOutput: [],
  };
}
