import { createServer, type Server, type Socket } from 'node:net';
import { Aedes, type AedesPublishPacket, type AuthenticateError, type Client, type PublishPacket } from 'aedes';
import { StormletError } from '../contract/errors.ts';
import type { PackRef, ResourceRef } from '../contract/refs.ts';
import { datastoreTopic, EXECUTION_TOPICS, isDatastoreTopic, triggerOfTopic } from '../contract/topics.ts';
import type { Log } from '../kit/log.ts';
import { type Credentials, type Identity, mayPublish, maySubscribe } from './credentials.ts';
import { Hearers } from './hearers.ts';

/**
 * The embedded MQTT broker, on the loopback interface only. Sensors publish to it over MQTT like any other client; a
 * trigger message is handed to `onTriggerMessage` and acknowledged (PUBACK) only after that has resolved, so an
 * acknowledged event is a recorded one. The engine announces on it and never takes orders from it.
 */
export interface Broker extends AsyncDisposable {
  readonly port: number;
  /** Without credentials. */
  readonly url: string;
  /** Announces for observers; QoS 0. */
  announce(topic: string, message: unknown, options?: { retain?: boolean }): void;
  /** Whether a client of this user hears what becomes of executions: what it publishes may well be its answer to that. */
  followsResults(user: string): boolean;
  /** Ends the connection of a client whose credentials were revoked. */
  disconnect(username: string): void;
}

export type TriggerMessage = {
  /** The trigger's reference, as the topic names it. */
  readonly trigger: string;
  readonly body: Buffer;
  /** The publisher's MQTT user name. */
  readonly source: string;
  readonly delivery?: Delivery | undefined;
};

/** A client by its user name and id, in this one connection. */
export type Connection = { readonly user: string; readonly client: string; readonly connection: number };

/** By what a message that comes again is known; none at QoS 0. */
export type Delivery = {
  readonly publisher: Connection;
  /** The packet's identifier. */
  readonly packet: number;
  readonly qos: number;
  /** Marked as one that may have come before (DUP). */
  readonly again: boolean;
};

/** What was published on a topic that is not the app's own. */
export type TopicMessage = {
  readonly topic: string;
  readonly body: Buffer;
  readonly qos: number;
  readonly retained: boolean;
  /** The MQTT client's id, and its user name. */
  readonly client: string;
  readonly user: string;
  readonly delivery?: Delivery | undefined;
};

export type BrokerDeps = {
  readonly port: number;
  readonly credentials: Credentials;
  readonly log: Log;
  onTriggerMessage(message: TriggerMessage): Promise<void>;
  /** Acknowledged in the same way. */
  onTopicMessage(message: TopicMessage): Promise<void>;
  onSensorReport(sensor: ResourceRef, body: Buffer): void;
  /** A client says that it is there, and publishes nothing. */
  onAlive(connection: Connection): void;
  /** A client has taken its leave, and so waits for nothing any more. */
  onLeft(connection: Connection): void;
  /** A client knows that its packet at QoS 2 has arrived, and will use the identifier for another. */
  onReleased(connection: Connection, packet: number): void;
  /** A pack's process asks for values; resolves with what is to be answered. Never rejects. */
  onDatastoreCall(caller: PackCaller, body: Buffer): Promise<unknown>;
};

/** A client that stands for a pack, and the execution that it is, if it is one. */
export type PackCaller = { readonly pack: PackRef; readonly execution?: string | undefined };

const HOST = '127.0.0.1';
/** These live on the client from its CONNECT on. */
type KnownClient = Client & {
  identity?: Identity;
  username?: string;
  connection?: number;
  /** It gave itself no name, so no packet of it can be recognised later. */
  isNameless?: boolean;
  /** Of aedes: it said goodbye. */
  readonly _disconnected?: boolean;
};
/** Where a packet at QoS 2 waits for its release; aedes tells of that in no other way. */
type Incoming = { incomingDelPacket(client: KnownClient, packet: { readonly messageId: number }): Promise<void> };

/** Throws `bus/port-taken` when the port is not free. */
export async function startBroker(deps: BrokerDeps): Promise<Broker> {
  let connections = 0;
  const hearers = new Hearers<Client | null>();
  const broker = await Aedes.createBroker({
    preConnect: (client: KnownClient, { clientId }, done) => {
      connections += 1;
      client.connection = connections;
      client.isNameless = clientId === '';
      done(null, true);
    },
    authenticate: (client, username, password, done) => authenticate(deps, client, username, password, done),
    authorizePublish: (client, packet, done) => void authorizePublish(deps, broker, client, packet, done),
    // A refused subscription is answered with the MQTT failure code, the connection stays.
    authorizeSubscribe: (client, subscription, done) => {
      const identity = (client as KnownClient | null)?.identity;
      const isGranted = identity && maySubscribe(identity, subscription.topic, client?.id ?? '');
      if (isGranted) hearers.grants(client, subscription.topic);
      done(null, isGranted ? subscription : null);
    },
  });
  broker.on('clientError', (client, error) =>
    deps.log.debug('client error', { client: client.id, error: error.message }),
  );
  broker.on('connectionError', (_client, error) => deps.log.debug('connection error', { error: error.message }));
  broker.on('ping', (_packet, client) => deps.onAlive(connectionOf(client)));
  followReleases(broker, (client, packet) => deps.onReleased(connectionOf(client), packet));
  const clients = new Set<KnownClient>();
  broker.on('client', (client) => clients.add(client));
  broker.on('clientDisconnect', (client: KnownClient) => {
    clients.delete(client);
    if (client._disconnected) deps.onLeft(connectionOf(client));
    hearers.left(client);
  });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // A sensor's small packets must not wait for one another.
    socket.setNoDelay(true);
    broker.handle(socket);
  });
  const port = await listen(server, deps.port);
  return {
    port,
    url: `mqtt://${HOST}:${port}`,
    announce(topic, message, options) {
      // What is retained is for those who come later, too.
      if (options?.retain || hearers.anyOf(topic)) announce(broker, deps.log, topic, message, options?.retain ?? false);
    },
    followsResults: (user) =>
      [...clients].some((client) => client.username === user && hearers.hears(client, EXECUTION_TOPICS)),
    disconnect(username) {
      for (const client of clients) if (client.username === username) client.close();
    },
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => broker.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function authenticate(
  deps: BrokerDeps,
  client: KnownClient,
  username: string | undefined,
  password: Buffer | undefined,
  done: (error: AuthenticateError | null, success: boolean | null) => void,
): void {
  const identity = deps.credentials.check(username ?? '', password?.toString('utf8') ?? '');
  if (identity && username !== undefined) {
    client.identity = identity;
    client.username = username;
  } else deps.log.warn('refused an MQTT client: wrong or missing credentials', { client: client.id, username });
  done(null, identity !== undefined);
}

async function authorizePublish(
  deps: BrokerDeps,
  broker: Aedes,
  client: KnownClient | null,
  packet: PublishPacket,
  done: (error?: Error | null) => void,
): Promise<void> {
  const identity = client?.identity;
  if (!identity || !mayPublish(identity, packet.topic, client.id)) {
    // MQTT 3.1.1 has no other answer to a publish without permission than to close the connection (MQTT-3.3.5-2).
    deps.log.warn('refused a publish', { user: client?.username, topic: packet.topic });
    done(new Error(`not permitted to publish to ${packet.topic}`));
    return;
  }
  const caller = isDatastoreTopic(packet.topic) ? packCaller(identity) : undefined;
  if (caller) {
    done(null);
    const answer = await deps.onDatastoreCall(caller, Buffer.from(packet.payload));
    announce(broker, deps.log, datastoreTopic(caller.pack, client.id, 'response'), answer, false);
    return;
  }
  const trigger = triggerOfTopic(packet.topic);
  if (identity.kind === 'sensor' && trigger === undefined) {
    deps.onSensorReport(identity.sensor, Buffer.from(packet.payload));
  }
  try {
    if (trigger !== undefined) {
      const [body, source] = [Buffer.from(packet.payload), client.username ?? ''];
      await deps.onTriggerMessage({ trigger, body, source, delivery: deliveryOf(client, packet) });
    } else if (identity.kind !== 'sensor') await deps.onTopicMessage(topicMessage(client, packet));
    done(null);
  } catch (error) {
    // Unacknowledged: the publisher keeps the event and sends it again.
    deps.log.error('a message could not be recorded', { topic: packet.topic, error });
    done(error instanceof Error ? error : new Error(String(error)));
  }
}

function packCaller(identity: Identity): PackCaller | undefined {
  if (!('pack' in identity)) return undefined;
  return { pack: identity.pack, execution: identity.kind === 'action' ? identity.execution : undefined };
}

function topicMessage(client: KnownClient, packet: PublishPacket): TopicMessage {
  const { topic, payload, qos, retain } = packet;
  const [body, user] = [Buffer.from(payload), client.username ?? ''];
  return { topic, body, qos, retained: retain, client: client.id, user, delivery: deliveryOf(client, packet) };
}

/** A will has no identifier, and comes once. */
function deliveryOf(client: KnownClient, { qos, dup, messageId }: PublishPacket): Delivery | undefined {
  if (qos === 0 || messageId === undefined || client.isNameless) return undefined;
  return { publisher: connectionOf(client), packet: messageId, qos, again: dup };
}

function connectionOf({ id, username = '', connection = 0 }: KnownClient): Connection {
  return { user: username, client: id, connection };
}

function followReleases(broker: Aedes, onReleased: (client: KnownClient, packet: number) => void): void {
  const { persistence } = broker as Aedes & { readonly persistence: Incoming };
  const forget = persistence.incomingDelPacket.bind(persistence);
  persistence.incomingDelPacket = (client, packet) => {
    onReleased(client, packet.messageId);
    return forget(client, packet);
  };
}

function announce(broker: Aedes, log: Log, topic: string, message: unknown, retain: boolean): void {
  const packet: AedesPublishPacket = {
    cmd: 'publish',
    topic,
    payload: message === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(message)),
    qos: 0,
    retain,
    dup: false,
    brokerId: broker.id,
    brokerCounter: 0,
  };
  broker.publish(packet, (error) => {
    if (error) log.debug('an announcement was not delivered', { topic, error: error.message });
  });
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        new StormletError(
          {
            code: error.code === 'EADDRINUSE' ? 'bus/port-taken' : 'bus/cannot-listen',
            kind: 'environment',
            message: `the MQTT broker cannot listen on ${HOST}:${port}: ${error.message}`,
            hint: 'end the program that holds the port, or set `bus.port` to 0 in the settings to take a free one',
          },
          { cause: error },
        ),
      );
    });
    server.listen(port, HOST, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}
