import { startBroker } from '../../main/bus/broker.ts';
import { Credentials } from '../../main/bus/credentials.ts';
import type { JsonObject } from '../../main/contract/json.ts';
import type { PackRef, ResourceRef } from '../../main/contract/refs.ts';
import { DatastoreDesk } from '../../main/engine/datastore-desk.ts';
import { systemClock } from '../../main/kit/clock.ts';
import { silentLog } from '../../main/kit/log.ts';
import { DatastoreFile } from '../../main/store/datastore-file.ts';
import { TEST_SEAL } from './test-seal.ts';

/** A datastore as the app serves it over its bus, without the rest of the app. */
export async function serveDatastore(file: string) {
  const datastore = new DatastoreFile(file, systemClock, TEST_SEAL);
  const credentials = new Credentials();
  const changes: string[] = [];
  const desk = new DatastoreDesk({
    datastore,
    durably: (work) => datastore.durably(work),
    log: silentLog,
    onChanged: ({ name }) => changes.push(name),
  });
  const broker = await startBroker({
    port: 0,
    credentials,
    log: silentLog,
    onTriggerMessage: async () => {},
    onTopicMessage: async () => {},
    onAlive: () => {},
    onLeft: () => {},
    onReleased: () => {},
    onSensorReport: () => {},
    onDatastoreCall: (caller, body) => desk.answer(caller, body),
  });
  return {
    changes,
    broker,
    /** For a sensor of the pack, as its set-up has it. */
    connectionOf(pack: string): JsonObject & { host: string; port: number } {
      const sensor = `${pack}.Watch` as ResourceRef;
      const credential = credentials.issue({ kind: 'sensor', sensor, pack: pack as PackRef });
      return { host: '127.0.0.1', port: broker.port, client_id: credential.username, ...credential };
    },
    async [Symbol.asyncDispose]() {
      await broker[Symbol.asyncDispose]();
      datastore[Symbol.dispose]();
    },
  };
}
