import type { PackRef } from '../../contract/refs.ts';
import type { Clock } from '../../kit/clock.ts';
import type { KeyedLock } from '../../kit/keyed-lock.ts';
import type { Log } from '../../kit/log.ts';
import type { PackRegistry } from '../pack-registry.ts';
import type { SourceDeps } from '../sources/fetch-source.ts';
import type { Virtualenvs } from '../virtualenvs/virtualenvs.ts';
import type { Checkpoint } from './checkpoints.ts';

/** What every operation on installed packs works with. */
export type InstallDeps = {
  readonly registry: PackRegistry;
  readonly virtualenvs: Virtualenvs;
  readonly sources: SourceDeps;
  readonly packsFolder: string;
  readonly configsFolder: string;
  readonly appVersion: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether an action of the pack runs: then no version that it may have been started from goes. */
  isRunning(ref: PackRef): boolean;
  /** Ends the sensors of a pack whose files are about to go. */
  stopSensors(ref: PackRef): Promise<void>;
  readonly checkpoint: Checkpoint;
  /** One at a time for each pack, and for the journal. */
  readonly lock: KeyedLock;
};
