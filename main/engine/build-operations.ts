import type { SensorStatus } from '../contract/sensors.ts';
import type { Host } from '../host.ts';
import type { Clock } from '../kit/clock.ts';
import { showNotice } from '../notifications/show-notice.ts';
import { packOperations } from '../packs/install/operations.ts';
import type { Operation } from '../runners/stormlet-operation.ts';
import type { Store } from '../store/store.ts';
import { causeOfSent } from '../triggers/cause.ts';
import type { Intake } from '../triggers/intake.ts';
import type { PackParts } from './build-packs.ts';
import { coreOperations } from './core-operations.ts';
import { clipboardOperations } from './desktop-features.ts';
import { causeSources } from './event-sources.ts';

/** What the built-in packs' actions do inside the engine, by the action's name. */
export function buildOperations(parts: {
  readonly host: Host;
  readonly clock: Clock;
  readonly store: Store;
  readonly packs: PackParts;
  intake(): Intake;
  stopSensors(which: (sensor: Pick<SensorStatus, 'pack'>) => boolean): Promise<void>;
}): Readonly<Record<string, Operation>> {
  const { host, clock, store, packs } = parts;
  const ofPacks = packOperations({
    registry: packs.registry,
    virtualenvs: packs.virtualenvs,
    packsFolder: packs.folders.installed,
    configsFolder: packs.folders.configs,
    sources: packs.sources,
    appVersion: host.version,
    clock,
    log: host.log.scope('packs'),
    isRunning: (ref) => store.executions.isOpenOf(ref),
    stopSensors: (ref) => parts.stopSensors((sensor) => sensor.pack === ref),
  });
  return {
    ...ofPacks,
    ...coreOperations(parts.intake, (execution) => causeOfSent(causeSources(store, clock), execution)),
    ...clipboardOperations(host.clipboard),
    'notify.show': showNotice,
  };
}
