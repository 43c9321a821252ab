import type { BusKey, CreatedBusKey } from '../../contract/bus.ts';
import type { DoctorCheck, EngineStatus } from '../../contract/engine.ts';
import type { LogLine } from '../../contract/logs.ts';
import type { PackRef } from '../../contract/refs.ts';
import type { Handlers } from '../../contract/rpc.ts';
import type { SettingsStore } from '../../host.ts';

export function engineHandlers(deps: {
  status(): EngineStatus;
  setPaused(paused: boolean, until: string | undefined): void;
  doctor(): Promise<readonly DoctorCheck[]>;
  log(lines: number): LogLine[];
}): Handlers['engine'] {
  return {
    status: () => deps.status(),
    setPaused: ({ paused, until }) => {
      deps.setPaused(paused, until);
      return deps.status();
    },
    log: ({ lines }) => deps.log(lines),
    doctor: async () => [...(await deps.doctor())],
  };
}

export function settingsHandlers(settings: SettingsStore): Handlers['settings'] {
  return { get: () => settings.get(), update: (patch) => settings.update(patch) };
}

export function busHandlers(deps: {
  address(pack: PackRef | undefined): string;
  readonly keys: {
    list(): BusKey[];
    create(name: string, topics: readonly string[]): CreatedBusKey;
    delete(name: string): void;
  };
}): Handlers['bus'] {
  return {
    url: ({ pack }) => ({ url: deps.address(pack) }),
    keys: () => deps.keys.list(),
    createKey: ({ name, topics }) => deps.keys.create(name, topics),
    deleteKey: ({ name }) => deps.keys.delete(name),
  };
}
