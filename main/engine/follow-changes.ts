import type { PackRef } from '../contract/refs.ts';
import type { Emit } from '../contract/rpc.ts';
import type { SettingsStore } from '../host.ts';
import type { Log } from '../kit/log.ts';
import type { ConfigParts } from './build-configs.ts';
import type { PackParts } from './build-packs.ts';
import type { SensorParts } from './build-sensors.ts';
import type { PolicyBook } from './policy-book.ts';
import type { RuleBook } from './rule-book.ts';

/**
 * Reload is a difference: what changed in files, virtualenvs and settings moves rules and sensors to what is wanted now.
 * Executions that run finish on what they had.
 */
export function followChanges(deps: {
  readonly packs: PackParts;
  readonly configs: Pick<ConfigParts, 'onChange'>;
  readonly rules: RuleBook;
  readonly policies: PolicyBook;
  readonly sensors: SensorParts;
  readonly settings: SettingsStore;
  readonly log: Log;
  readonly emit: Emit;
  onChanged(): void;
}): Disposable {
  const { packs, rules, sensors, settings, emit } = deps;
  const bringInStep = () => {
    rules.refresh();
    deps.policies.refresh();
    sensors.announceTriggers();
    sensors.sensors.sync(sensors.wanted()).catch((error) => {
      deps.log.error('the sensors could not be brought in step with their packs', { error });
    });
    deps.onChanged();
  };
  let disabled = settings.get().disabledPacks;
  const unfollow = [
    packs.registry.onChange(({ ref, kind }) => {
      bringInStep();
      emit('packs.changed', { ref, removed: kind === 'removed' });
    }),
    packs.base.onChange(() => bringInStep()),
    packs.virtualenvs.onChange((ref) => {
      bringInStep();
      emit('packs.changed', { ref, removed: false });
    }),
    deps.configs.onChange((ref) => {
      bringInStep();
      emit('packs.changed', { ref, removed: false });
    }),
    settings.onChange((changed) => {
      const switched = differences(disabled, changed.disabledPacks);
      disabled = changed.disabledPacks;
      bringInStep();
      for (const ref of switched) emit('packs.changed', { ref: ref as PackRef, removed: false });
      emit('settings.changed', changed);
    }),
  ];
  bringInStep();
  return {
    [Symbol.dispose]() {
      for (const end of unfollow) end();
    },
  };
}

function differences(before: readonly string[], after: readonly string[]): string[] {
  return [...before.filter((ref) => !after.includes(ref)), ...after.filter((ref) => !before.includes(ref))];
}
