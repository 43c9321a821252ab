import type { PackDetail } from '../../main/contract/packs.ts';
import type { Emit, Handlers } from '../../main/contract/rpc.ts';
import type { SensorStatus } from '../../main/contract/sensors.ts';
import { found } from './fake-lists.ts';
import { fakeSensors } from './fake-status.ts';

/** Sensors that come and go with their packs. */
export class FakeSensors {
  readonly #emit: Emit;
  readonly #sensors = new Map<string, SensorStatus>();

  constructor(emit: Emit) {
    this.#emit = emit;
  }

  readonly handlers: Handlers['sensors'] = {
    list: () => [...this.#sensors.values()],
    log: ({ ref }) => this.#get(ref).recentOutput,
    setPaused: ({ ref, paused }) => {
      const { why: _, pid: __, usage: ___, ...sensor } = this.#get(ref);
      const changed = paused
        ? { state: 'paused' as const, why: 'it was paused, and waits to be resumed' }
        : { state: 'running' as const, pid: 4711 };
      return this.#change({ ...sensor, ...changed });
    },
    restart: ({ ref }) => {
      const { why: _, ...rest } = this.#get(ref);
      return this.#change({
        ...rest,
        state: 'running',
        restarts: 0,
        pid: 4711,
        startedAt: new Date().toISOString(),
      });
    },
  };

  add(pack: PackDetail): void {
    for (const sensor of fakeSensors(pack)) this.#sensors.set(sensor.ref, sensor);
  }

  remove(pack: PackDetail): void {
    for (const sensor of pack.sensors) this.#sensors.delete(sensor.ref);
  }

  announce(): void {
    for (const sensor of this.#sensors.values()) this.#emit('sensors.changed', sensor);
  }

  #get(ref: string): SensorStatus {
    return found(this.#sensors.get(ref), `sensor \`${ref}\``);
  }

  #change(sensor: SensorStatus): SensorStatus {
    this.#sensors.set(sensor.ref, sensor);
    this.#emit('sensors.changed', sensor);
    return sensor;
  }
}
