import path from 'node:path';
import type { HostFolders } from '../host.ts';
import { insideVirtualenv } from '../supervisor/child-environment.ts';

/** Where things lie below the host's folders: one place that names them. */
export type DataFolders = {
  readonly history: string;
  readonly key: string;
  readonly datastore: string;
  readonly results: string;
  readonly sensorLogs: string;
  /** What packs import, for their warm interpreters. */
  readonly learnedModules: string;
  packData(pack: string): string;
};

export function dataFolders({ data }: HostFolders): DataFolders {
  return {
    history: path.join(data, 'stormlet.db'),
    key: path.join(data, 'secret.key'),
    datastore: path.join(data, 'datastore.db'),
    results: path.join(data, 'run', 'results'),
    sensorLogs: path.join(data, 'logs', 'sensors'),
    learnedModules: path.join(data, 'learned-modules'),
    packData: (pack) => path.join(data, 'pack-data', pack),
  };
}

/** What a pack's Python finds in its environment; `inherited` is cleaned already. */
export function packEnvironment(
  inherited: Readonly<Record<string, string>>,
  folders: DataFolders,
  python: string,
  pack: string,
): Record<string, string> {
  return {
    ...insideVirtualenv(inherited, python),
    STORMLET_PACK_DATA: folders.packData(pack),
    STORMLET_DATASTORE: folders.datastore,
  };
}
