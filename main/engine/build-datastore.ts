import type { Emit } from '../contract/rpc.ts';
import type { Host } from '../host.ts';
import type { DatastoreFile } from '../store/datastore-file.ts';
import type { ConfigParts } from './build-configs.ts';
import { tellChanges } from './datastore-changes.ts';
import { DatastoreDesk } from './datastore-desk.ts';
import type { EventSources } from './event-sources.ts';

/** Joins the datastore with those who ask it over the bus, and with all that a changed key changes. */
export function buildDatastore(parts: {
  readonly host: Host;
  readonly datastore: DatastoreFile;
  readonly events: EventSources;
  readonly configs: ConfigParts;
  readonly emit: Emit;
}): DatastoreDesk {
  const { host, datastore, events, configs, emit } = parts;
  return new DatastoreDesk({
    datastore: tellChanges(datastore, events.internal),
    durably: (work) => datastore.durably(work),
    log: host.log.scope('bus'),
    onChanged: ({ name, scope }, removed) => {
      configs.configs.refresh();
      emit('keys.changed', { name, scope, removed });
    },
  });
}
