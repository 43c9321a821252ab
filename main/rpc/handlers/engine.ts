import type { DoctorCheck, EngineStatus } from '../../contract/engine.ts';
import type { PackRef } from '../../contract/refs.ts';
import type { Handlers } from '../../contract/rpc.ts';
import type { SettingsStore } from '../../host.ts';

export function engineHandlers(deps: {
  status(): EngineStatus;
  setPaused(paused: boolean, until: string | undefined): void;
  doctor(): Promise<readonly DoctorCheck[]>;
}): Handlers['engine'] {
  return {
    status: () => deps.status(),
    setPaused: ({ paused, until }) => {
      deps.setPaused(paused, until);
      return deps.status();
    },
    doctor: async () => [...(await deps.doctor())],
  };
}

export function settingsHandlers(settings: SettingsStore): Handlers['settings'] {
  return { get: () => settings.get(), update: (patch) => settings.update(patch) };
}

export function busHandlers(deps: { address(pack: PackRef | undefined): string }): Handlers['bus'] {
  return { url: ({ pack }) => ({ url: deps.address(pack) }) };
}
