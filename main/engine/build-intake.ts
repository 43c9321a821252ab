import type { Emit } from '../contract/rpc.ts';
import type { TriggerInstance } from '../contract/triggers.ts';
import type { Host } from '../host.ts';
import type { Clock } from '../kit/clock.ts';
import type { Store } from '../store/store.ts';
import { loopProblem } from '../triggers/cause.ts';
import { Intake } from '../triggers/intake.ts';
import type { PackParts } from './build-packs.ts';
import { type SensorParts, sensorOfSource } from './build-sensors.ts';
import type { RuleBook } from './rule-book.ts';

/** Joins what comes in with the packs that declare it and the sensors that sent it. */
export function buildIntake(parts: {
  readonly host: Host;
  readonly clock: Clock;
  readonly store: Store;
  readonly packs: PackParts;
  readonly rules: RuleBook;
  readonly sensors: SensorParts;
  readonly emit: Emit;
  onInstance(instance: TriggerInstance): Promise<void>;
}): Intake {
  const { host, clock, store, packs, rules, sensors, emit } = parts;
  return new Intake({
    table: store.triggerInstances,
    groupCommit: store.groupCommit,
    clock,
    log: host.log.scope('triggers'),
    typeOf: (trigger) => packs.registry.triggerType(rules.typeOf(trigger)),
    loopProblem: (cause) => loopProblem(cause, host.settings.get().triggers),
    onInstance: parts.onInstance,
    onChange: (instance) => {
      const sensor = sensorOfSource(instance.source);
      if (sensor) sensors.sensors.sawEvent(sensor);
      emit('triggers.changed', instance);
    },
  });
}
