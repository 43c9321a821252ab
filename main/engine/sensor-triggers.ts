import type { Broker } from '../bus/broker.ts';
import type { SensorDefinition, TriggerType } from '../contract/packs.ts';
import type { ResourceRef } from '../contract/refs.ts';
import { sensorTriggersTopic } from '../contract/topics.ts';
import type { Trigger } from '../contract/triggers.ts';

/**
 * Joins rules and sensors: which triggers with parameters each sensor has to look after, because rules ask for them. The
 * whole list is announced, retained, whenever it changes; the sensor's wrapper makes `add_trigger` and the like of it.
 */
export type SensorTriggersDeps = {
  readonly broker: Pick<Broker, 'announce'>;
  sensors(): readonly SensorDefinition[];
  triggers(): readonly Trigger[];
  type(ref: ResourceRef): TriggerType | undefined;
};

export class SensorTriggers {
  readonly #deps: SensorTriggersDeps;
  #announced = new Map<ResourceRef, string>();

  constructor(deps: SensorTriggersDeps) {
    this.#deps = deps;
  }

  /** Undefined for a sensor none of whose types has parameters: it has nothing to listen to. */
  of({ triggerTypes }: SensorDefinition): Trigger[] | undefined {
    if (!triggerTypes.some((ref) => this.#deps.type(ref)?.parametersSchema)) return undefined;
    return this.#deps.triggers().filter(({ type }) => triggerTypes.includes(type));
  }

  announce(): void {
    const before = this.#announced;
    this.#announced = new Map();
    for (const sensor of this.#deps.sensors()) {
      const triggers = this.of(sensor);
      if (!triggers) continue;
      const text = JSON.stringify(triggers);
      this.#announced.set(sensor.ref, text);
      if (before.get(sensor.ref) === text) continue;
      this.#deps.broker.announce(sensorTriggersTopic(sensor.ref), triggers, { retain: true });
    }
  }
}
