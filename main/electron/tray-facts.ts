import type { EngineStatus } from '../contract/engine.ts';
import type { Notice } from '../contract/notices.ts';
import type { ResourceRef } from '../contract/refs.ts';
import type { Client } from '../contract/rpc.ts';
import type { SensorStatus } from '../contract/sensors.ts';
import type { Log } from '../kit/log.ts';

export type TrayState = {
  /** Undefined until the engine has said. */
  readonly status: EngineStatus | undefined;
  /** Newest first. */
  readonly recent: readonly Notice[];
  readonly questions: number;
  /** Failures, and notices that the desktop would not show, since the person last looked at the window. */
  readonly unseen: number;
  readonly pinned: readonly ResourceRef[];
  /** What a quit stops. */
  readonly sensors: number;
  readonly rules: number;
};

const RECENT = 5;

/** What the tray tells, kept in step with the engine by its events. */
export class TrayFacts {
  readonly #client: Client;
  readonly #log: Log;
  readonly #onChange: () => void;
  readonly #reading = new Set<keyof TrayState>();
  readonly #again = new Set<keyof TrayState>();
  readonly #alive = new Set<ResourceRef>();
  #state: TrayState = { status: undefined, recent: [], questions: 0, unseen: 0, pinned: [], sensors: 0, rules: 0 };

  constructor(deps: { readonly client: Client; readonly log: Log; readonly onChange: () => void }) {
    this.#client = deps.client;
    this.#log = deps.log;
    this.#onChange = deps.onChange;
  }

  get state(): TrayState {
    return this.#state;
  }

  start(): void {
    const { engine, notifications, inquiries, packs, settings, sensors, rules } = this.#client;
    engine.onChanged((status) => this.become({ status }));
    notifications.onPosted((notice) => this.#post(notice));
    settings.onChanged(({ tray }) => this.become({ pinned: tray.pinnedActions }));
    // What was announced meanwhile is newer than this answer.
    this.#read('status', async () => this.#state.status ?? (await engine.status()));
    this.#read('recent', async () => this.#newest(await notifications.recent()));
    this.#read('pinned', async () => (await settings.get()).tray.pinnedActions);
    const readQuestions = () => this.#read('questions', async () => (await inquiries.list()).length);
    const readSensors = () => this.#read('sensors', async () => this.#countSensors(await sensors.list()));
    const readRules = () => this.#read('rules', async () => (await rules.list()).filter(isActive).length);
    inquiries.onChanged(readQuestions);
    // Each event of a sensor is a change of it, so what came is counted and not asked for again.
    sensors.onChanged((status) => this.#sawSensor(status));
    packs.onChanged(readSensors);
    rules.onChanged(readRules);
    for (const read of [readQuestions, readSensors, readRules]) read();
  }

  become(part: Partial<TrayState>): void {
    this.#state = { ...this.#state, ...part };
    this.#onChange();
  }

  /** The person looks at the window. */
  sawWindow(): void {
    if (this.#state.unseen > 0) this.become({ unseen: 0 });
  }

  missed(): void {
    this.become({ unseen: this.#state.unseen + 1 });
  }

  #post(notice: Notice): void {
    // One that tells of many repeats what is listed already.
    if (notice.collected !== undefined) return;
    const isNew = this.#state.recent.every(({ id }) => id !== notice.id);
    const unseen = this.#state.unseen + (isNew && notice.level === 'failure' ? 1 : 0);
    this.become({ recent: this.#newest([notice]), unseen });
  }

  #countSensors(all: readonly SensorStatus[]): number {
    this.#alive.clear();
    for (const sensor of all) if (isAlive(sensor)) this.#alive.add(sensor.ref);
    return this.#alive.size;
  }

  #sawSensor(sensor: SensorStatus): void {
    if (isAlive(sensor)) this.#alive.add(sensor.ref);
    else this.#alive.delete(sensor.ref);
    if (this.#alive.size !== this.#state.sensors) this.become({ sensors: this.#alive.size });
  }

  #newest(notices: readonly Notice[]): readonly Notice[] {
    const all = new Map([...this.#state.recent, ...notices].map((notice) => [notice.id, notice]));
    return [...all.values()].sort((a, b) => b.at.localeCompare(a.at)).slice(0, RECENT);
  }

  /** One question at a time of each; what changes meanwhile is asked for once more. */
  #read<K extends keyof TrayState>(what: K, ask: () => Promise<TrayState[K]>): void {
    if (this.#reading.has(what)) {
      this.#again.add(what);
      return;
    }
    this.#reading.add(what);
    ask()
      .then(
        (value) => value !== this.#state[what] && this.become({ [what]: value }),
        (error: unknown) => this.#log.warn('the tray could not read its state', { what, error }),
      )
      .finally(() => {
        this.#reading.delete(what);
        if (this.#again.delete(what)) this.#read(what, ask);
      });
  }
}

function isAlive({ state }: SensorStatus): boolean {
  return state === 'running' || state === 'starting' || state === 'backing-off';
}

function isActive({ state }: { readonly state: string }): boolean {
  return state === 'active';
}
