import type { Emit, Handlers } from '../../main/contract/rpc.ts';
import { Settings } from '../../main/contract/settings.ts';
import { mergeSettings } from '../../main/settings-store.ts';

export function fakeSettings(emit: Emit): Handlers['settings'] {
  let settings = Settings.parse({});
  return {
    get: () => settings,
    update: (patch) => {
      settings = Settings.parse(mergeSettings(settings, patch));
      emit('settings.changed', settings);
      return settings;
    },
  };
}
