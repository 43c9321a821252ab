import type { SensorStatus, SensorUsage } from '../contract/sensors.ts';
import type { Clock } from '../kit/clock.ts';
import type { ProcessUsage } from '../supervisor/process-usage.ts';

type Sample = { readonly at: number; readonly cpuMs: number; readonly usage: SensorUsage };

/** Looks closer together than this say little about the processor. */
const APART_MS = 1000;

/** Joins sensors and their processes: what each uses, read when somebody asks and never otherwise. */
export class SensorUsages {
  readonly #clock: Clock;
  readonly #read: (pids: readonly number[]) => Promise<ReadonlyMap<number, ProcessUsage>>;
  #samples = new Map<number, Sample>();

  constructor(clock: Clock, read: (pids: readonly number[]) => Promise<ReadonlyMap<number, ProcessUsage>>) {
    this.#clock = clock;
    this.#read = read;
  }

  /** The processor's share since the last look, at the first look since the process started. */
  async addTo(sensors: readonly SensorStatus[]): Promise<SensorStatus[]> {
    const pids = sensors.flatMap(({ pid }) => pid ?? []);
    const used = await this.#read(pids).catch(() => new Map<number, ProcessUsage>());
    const now = this.#clock.now();
    const before = this.#samples;
    this.#samples = new Map();
    return sensors.map((sensor) => {
      const use = sensor.pid === undefined ? undefined : used.get(sensor.pid);
      if (!use || sensor.pid === undefined) return sensor;
      const sample = next(before.get(sensor.pid) ?? sinceStart(sensor, now), use, now);
      this.#samples.set(sensor.pid, sample);
      return { ...sensor, usage: sample.usage };
    });
  }
}

function sinceStart({ startedAt }: SensorStatus, now: number): Sample {
  const at = startedAt === undefined ? now : Date.parse(startedAt);
  return { at, cpuMs: 0, usage: { cpuPercent: 0, memoryBytes: 0 } };
}

function next(before: Sample, { cpuMs, memoryBytes }: ProcessUsage, now: number): Sample {
  const passed = now - before.at;
  if (passed < APART_MS) return { ...before, usage: { ...before.usage, memoryBytes } };
  const cpuPercent = Math.round(((cpuMs - before.cpuMs) / passed) * 1000) / 10;
  return { at: now, cpuMs, usage: { cpuPercent: Math.max(0, cpuPercent), memoryBytes } };
}
