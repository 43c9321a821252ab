import type { SensorDefinition } from '../contract/packs.ts';
import type { ResourceRef } from '../contract/refs.ts';
import type { SensorImports, SensorReport, SensorStatus } from '../contract/sensors.ts';
import { type Clock, isoTime } from '../kit/clock.ts';
import { KeyedLock } from '../kit/keyed-lock.ts';
import type { LongLivedSpec, ProcessReport, SupervisedProcess, SupervisorDeps } from '../supervisor/supervisor.ts';
import { type CodeFiles, runsOldCode } from './code-change.ts';
import { RestartBudget } from './restart-budget.ts';

/**
 * Which sensor processes should run now, and how they are. It moves what runs towards what is wanted and touches nothing
 * else; it neither reads packs nor sees events.
 */
export type WantedSensor = {
  readonly definition: SensorDefinition;
  /** Changes with what the process would only see after a restart, its code apart: metadata, virtualenv, configuration. */
  readonly fingerprint: string;
  /** Its own file among those of its pack's code. */
  readonly entry: string;
  readonly code: CodeFiles;
  /** Why it cannot run, where that is so: its pack is switched off, or has no virtualenv yet. */
  readonly blocked: { readonly state: 'disabled' | 'not-ready' | 'paused'; readonly why: string } | undefined;
  readonly process: Omit<LongLivedSpec, 'firstLine'> & {
    /** `run` numbers the starts, and comes back in what the process reports. */
    firstLine(run: number): string;
  };
  /** Hides the secrets of its configuration in what it prints. */
  mask(text: string): string;
};

export type SensorsDeps = {
  readonly clock: Clock;
  supervise(ref: ResourceRef, deps: Pick<SupervisorDeps, 'spec' | 'onReport' | 'onLine'>): SupervisedProcess;
  onChange(status: SensorStatus): void;
  /** A line of its output. */
  onPrinted(ref: ResourceRef, line: string): void;
  /** The process is gone for good: its credentials end with it. */
  onStopped(ref: ResourceRef): void;
};

type Held = {
  wanted: WantedSensor;
  process: SupervisedProcess | undefined;
  status: SensorStatus;
  /** Of the process that runs, or ran last. */
  run: number;
  startedOn: CodeFiles;
  imports: SensorImports | undefined;
  /** Calls off a restart that was put off. */
  callOff: (() => void) | undefined;
  /** Events that its earlier processes have lost. */
  droppedBefore: number;
};

const TELL_MS = 1000;
const PUT_OFF = 'its files change so often that it restarts only now and then: does it write to files that it imports?';
/** Lines of output kept of each sensor. */
const RECENT_LINES = 200;

export class Sensors implements AsyncDisposable {
  readonly #deps: SensorsDeps;
  readonly #held = new Map<ResourceRef, Held>();
  readonly #telling = new Map<ResourceRef, () => void>();
  readonly #budgets = new Map<ResourceRef, RestartBudget>();
  /** What happens to one sensor happens in turn, so that a start cannot overtake the stop before it. */
  readonly #turns = new KeyedLock();
  #wanted: ReadonlyMap<ResourceRef, WantedSensor> = new Map();
  #runs = 0;

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
  async sync(wanted: readonly WantedSensor[]): Promise<void> {
    this.#wanted = new Map(wanted.map((one) => [one.definition.ref, one]));
    const refs = new Set([...this.#held.keys(), ...this.#wanted.keys()]);
    await Promise.all([...refs].map((ref) => this.#inTurn(ref, () => this.#move(ref))));
  }

  /** Also starts one that gave up or ended. Undefined when there is no such sensor. */
  async restart(ref: ResourceRef): Promise<SensorStatus | undefined> {
    await this.#inTurn(ref, async () => {
      const process = this.#held.get(ref)?.process;
      await process?.stop();
      process?.start();
    });
    return this.get(ref);
  }

  /** Stops the sensors for which `which` holds, until the next `sync`. */
  async stop(which: (definition: SensorDefinition) => boolean): Promise<void> {
    // Also those that a `sync` is about to start.
    const all = [...[...this.#held.values()].map((held) => held.wanted), ...this.#wanted.values()];
    const refs = new Set(all.filter(({ definition }) => which(definition)).map(({ definition }) => definition.ref));
    await Promise.all(
      [...refs].map((ref) =>
        this.#inTurn(ref, async () => {
          const held = this.#held.get(ref);
          if (held) await this.#drop(held);
        }),
      ),
    );
  }

  /** What its process says of itself. What an earlier process still had to say is of no interest. */
  onReport(ref: ResourceRef, report: SensorReport): void {
    const held = this.#held.get(ref);
    if (!held || held.run !== report.run) return;
    held.imports = held.imports ? allOf(held.imports, report.imports) : report.imports;
    this.#countDropped(held, report.dropped);
    // A file may have changed between its import and this report of it.
    this.#lookAgain(held);
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

  #inTurn(ref: ResourceRef, work: () => Promise<void>): Promise<void> {
    return this.#turns.run(ref, work);
  }

  #countDropped(held: Held, dropped: number): void {
    const all = held.droppedBefore + dropped;
    if (all <= (held.status.dropped ?? 0)) return;
    held.status = { ...held.status, dropped: all };
    this.#deps.onChange(held.status);
  }

  #lookAgain(held: Held): void {
    const { ref } = held.wanted.definition;
    void this.#inTurn(ref, async () => {
      if (this.#held.get(ref) === held) await this.#move(ref);
    });
  }

  async #move(ref: ResourceRef): Promise<void> {
    const held = this.#held.get(ref);
    const wanted = this.#wanted.get(ref);
    if (held && wanted) {
      if (!isOutdated(held, wanted)) {
        held.wanted = wanted;
        return;
      }
      if (held.process && !wanted.blocked && this.#isPutOff(held)) return;
    }
    if (held) await this.#drop(held);
    if (wanted) this.#take(wanted, held?.status);
  }

  /** True when changes have restarted it so often of late that this one has to wait. */
  #isPutOff(held: Held): boolean {
    const { ref } = held.wanted.definition;
    const budget = this.#budgets.get(ref) ?? new RestartBudget();
    this.#budgets.set(ref, budget);
    const wait = held.callOff ? undefined : budget.take(this.#deps.clock.now());
    if (wait === 0) return false;
    held.callOff ??= this.#deps.clock.after(wait ?? 0, () => {
      held.callOff = undefined;
      this.#lookAgain(held);
    });
    held.status = { ...held.status, why: PUT_OFF };
    this.#deps.onChange(held.status);
    return true;
  }

  #take(wanted: WantedSensor, before: SensorStatus | undefined): void {
    const { definition, blocked } = wanted;
    const held: Held = {
      ...{ wanted, process: undefined, status: initialStatus(definition, before), callOff: undefined },
      ...{ run: 0, startedOn: wanted.code, imports: undefined, droppedBefore: before?.dropped ?? 0 },
    };
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
      spec: { ...wanted.process, firstLine: () => this.#firstLine(held) },
      onReport: (report) => this.#onReport(held, report),
      onLine: (printed) => {
        const line = wanted.mask(printed);
        this.#deps.onPrinted(definition.ref, line);
        held.status = { ...held.status, recentOutput: [...held.status.recentOutput.slice(1 - RECENT_LINES), line] };
      },
    });
    held.process.start();
  }

  /** At each start of its process, also after it died: it reads the files as they are now. */
  #firstLine(held: Held): string {
    this.#runs += 1;
    held.run = this.#runs;
    held.startedOn = this.#wanted.get(held.wanted.definition.ref)?.code ?? held.wanted.code;
    held.imports = undefined;
    held.droppedBefore = held.status.dropped ?? 0;
    return held.wanted.process.firstLine(held.run);
  }

  async #drop(held: Held): Promise<void> {
    held.callOff?.();
    // Listed until it is gone: a slow one is seen to be stopping.
    await held.process?.stop();
    this.#held.delete(held.wanted.definition.ref);
    this.#deps.onStopped(held.wanted.definition.ref);
  }

  #onReport(held: Held, report: ProcessReport): void {
    const { why: _, pid: __, ...before } = held.status;
    const why = report.why ?? (held.callOff && PUT_OFF);
    held.status = {
      ...before,
      state: report.state,
      ...(why !== undefined && { why }),
      ...(report.pid !== undefined && { pid: report.pid }),
      ...(report.state === 'starting' && { startedAt: isoTime(this.#deps.clock) }),
      restarts: report.deaths,
    };
    this.#deps.onChange(held.status);
  }
}

function sameBlock({ blocked: a }: WantedSensor, { blocked: b }: WantedSensor): boolean {
  return a?.state === b?.state && a?.why === b?.why;
}

function isOutdated({ wanted: before, process, imports, startedOn }: Held, now: WantedSensor): boolean {
  if (now.fingerprint !== before.fingerprint || !sameBlock(now, before)) return true;
  return process !== undefined && runsOldCode(now.entry, imports, startedOn, now.code);
}

/** A child that a sensor forks off reports too, and of its own imports only. */
function allOf(known: SensorImports, more: SensorImports): SensorImports {
  return {
    files: [...new Set([...known.files, ...more.files])],
    folders: [...new Set([...known.folders, ...more.folders])],
    missing: [...new Set([...known.missing, ...more.missing])],
  };
}

/** `before`: of the process that this one takes the place of. */
function initialStatus(definition: SensorDefinition, before: SensorStatus | undefined): SensorStatus {
  return {
    ref: definition.ref,
    pack: definition.pack,
    className: definition.className,
    description: definition.description,
    ...(definition.pollInterval !== undefined && { pollInterval: definition.pollInterval }),
    ...(before?.dropped !== undefined && { dropped: before.dropped }),
    ...(before?.lastEventAt !== undefined && { lastEventAt: before.lastEventAt }),
    state: 'stopped',
    restarts: 0,
    recentOutput: before?.recentOutput ?? [],
  };
}
