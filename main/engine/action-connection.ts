import type { Broker } from '../bus/broker.ts';
import type { Credentials } from '../bus/credentials.ts';
import type { JsonObject } from '../contract/json.ts';
import type { PackRef } from '../contract/refs.ts';

/**
 * What an action needs to connect to the bus, where it may ask for the datastore and nothing else. Most never do. The password
 * opens nothing once the action has ended, also to what it left running.
 */
export function actionConnection(
  { broker, credentials }: { readonly broker: Broker; readonly credentials: Credentials },
  execution: string,
  pack: PackRef,
): Disposable & { readonly bus: JsonObject } {
  const identity = { kind: 'action', execution, pack } as const;
  const credential = credentials.issue(identity);
  return {
    bus: { host: '127.0.0.1', port: broker.port, client_id: credential.username, ...credential },
    [Symbol.dispose]: () => {
      credentials.revoke(identity);
      broker.disconnect(credential.username);
    },
  };
}
