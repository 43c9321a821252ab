import type { CataloguePage, CatalogueSearch, CatalogueState } from '../../contract/catalogue.ts';
import { StormletError } from '../../contract/errors.ts';
import type { PackConfig, SavePackConfig } from '../../contract/pack-config.ts';
import type { ActionDefinition, AvailablePack, PackDetail, PackSummary } from '../../contract/packs.ts';
import type { PackRef, ResourceRef } from '../../contract/refs.ts';
import type { Handlers } from '../../contract/rpc.ts';
import type { SensorStatus } from '../../contract/sensors.ts';

export function packHandlers(deps: {
  list(): readonly PackSummary[];
  detail(ref: PackRef): PackDetail | undefined | Promise<PackDetail | undefined>;
  available(): readonly AvailablePack[] | Promise<readonly AvailablePack[]>;
  catalogue(search: CatalogueSearch): Promise<CataloguePage>;
  refreshCatalogue(): Promise<CatalogueState[]>;
  setEnabled(ref: PackRef, enabled: boolean): Promise<PackSummary | undefined>;
  readonly config: {
    read(ref: PackRef): Promise<PackConfig>;
    save(request: SavePackConfig): Promise<PackConfig>;
  };
}): Handlers['packs'] {
  return {
    list: () => [...deps.list()],
    get: async ({ ref }) => (await deps.detail(ref)) ?? unknown('pack', ref, 'pack list'),
    available: async () => [...(await deps.available())],
    catalogue: (search) => deps.catalogue(search),
    refreshCatalogue: () => deps.refreshCatalogue(),
    setEnabled: async ({ ref, enabled }) => (await deps.setEnabled(ref, enabled)) ?? unknown('pack', ref, 'pack list'),
    config: ({ ref }) => deps.config.read(ref),
    saveConfig: (request) => deps.config.save(request),
  };
}

export function sensorHandlers(deps: {
  list(): Promise<SensorStatus[]>;
  restart(ref: ResourceRef): Promise<SensorStatus | undefined>;
  setPaused(ref: ResourceRef, paused: boolean): Promise<SensorStatus | undefined>;
  /** Undefined when there is no such sensor. */
  log(ref: ResourceRef, lines: number): Promise<string[] | undefined>;
}): Handlers['sensors'] {
  return {
    list: () => deps.list(),
    setPaused: async ({ ref, paused }) => (await deps.setPaused(ref, paused)) ?? unknown('sensor', ref, 'sensor list'),
    log: async ({ ref, lines }) => (await deps.log(ref, lines)) ?? unknown('sensor', ref, 'sensor list'),
    restart: async ({ ref }) => (await deps.restart(ref)) ?? unknown('sensor', ref, 'sensor list'),
  };
}

export function actionHandlers(deps: {
  list(): readonly ActionDefinition[];
  get(ref: ResourceRef): ActionDefinition | undefined;
}): Handlers['actions'] {
  return {
    list: () => [...deps.list()],
    get: ({ ref }) => deps.get(ref) ?? unknown('action', ref, 'action list'),
  };
}

function unknown(what: string, ref: string, command: string): never {
  throw new StormletError({
    code: `${what}/unknown`,
    kind: 'user',
    message: `there is no ${what} \`${ref}\``,
    hint: `see the names with \`stormlet ${command}\``,
  });
}
