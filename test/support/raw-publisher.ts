import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import mqttPacket, { type Packet } from 'mqtt-packet';

/**
 * Publishes one message over and over as fast as a broker takes it, with a bounded number of unacknowledged ones. It
 * encodes by hand, since a full client's own work would be measured as the broker's.
 */
export class RawPublisher implements Disposable {
  readonly #socket: Socket;
  readonly #parser = mqttPacket.parser();
  #onAck: (() => void) | undefined;

  /** `url` may hold a user name and a password. */
  static async connect(url: string, clientId: string): Promise<RawPublisher> {
    const { hostname, port, username, password } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.setNoDelay(true);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    const publisher = new RawPublisher(socket);
    await publisher.#introduce(clientId, decodeURIComponent(username), decodeURIComponent(password));
    return publisher;
  }

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Resolves when the last of `count` messages is acknowledged. `message` is called once for each. */
  publish(topic: string, count: number, inFlight: number, message: (index: number) => string): Promise<void> {
    let sent = 0;
    let acknowledged = 0;
    const send = () => {
      const parts: Buffer[] = [];
      while (sent < count && sent - acknowledged < inFlight) {
        parts.push(publishPacket(topic, (sent % 65_535) + 1, message(sent)));
        sent += 1;
      }
      if (parts.length > 0) this.#socket.write(Buffer.concat(parts));
    };
    return new Promise((resolve, reject) => {
      this.#socket.once('close', () => reject(new Error(`the broker hung up after ${acknowledged} messages`)));
      this.#onAck = () => {
        acknowledged += 1;
        if (acknowledged === count) resolve();
        else if (sent - acknowledged <= inFlight / 2) send();
      };
      send();
    });
  }

  /** The same at QoS 0, where nothing is acknowledged: resolves when all is handed to the socket. */
  async pour(topic: string, count: number, message: (index: number) => string): Promise<void> {
    for (let sent = 0; sent < count; ) {
      const parts: Buffer[] = [];
      for (; parts.length < POURED_AT_ONCE && sent < count; sent++) parts.push(publishPacket(topic, 0, message(sent)));
      if (!this.#socket.write(Buffer.concat(parts))) await once(this.#socket, 'drain');
    }
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #introduce(clientId: string, username: string, password: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#parser.on('packet', (packet: Packet) => {
        if (packet.cmd === 'puback') this.#onAck?.();
        else if (packet.cmd === 'connack' && packet.returnCode === 0) resolve();
        else reject(new Error(`the broker answered ${JSON.stringify(packet)}`));
      });
      this.#socket.on('data', (data) => this.#parser.parse(data));
      this.#socket.write(
        mqttPacket.generate({
          cmd: 'connect',
          protocolId: 'MQTT',
          protocolVersion: 4,
          clean: true,
          clientId,
          keepalive: 0,
          ...(username && { username, password: Buffer.from(password) }),
        }),
      );
    });
  }
}

const POURED_AT_ONCE = 100;

/** QoS 1, or 0 where `id` is 0 (MQTT 3.1.1, 3.3). */
function publishPacket(topic: string, id: number, message: string): Buffer {
  const topicLength = Buffer.byteLength(topic);
  const bodyLength = Buffer.byteLength(message);
  const idLength = id === 0 ? 0 : 2;
  let rest = 2 + topicLength + idLength + bodyLength;
  const head = [id === 0 ? 0x30 : 0x32];
  do {
    const digit = rest % 128;
    rest = Math.floor(rest / 128);
    head.push(rest > 0 ? digit | 0x80 : digit);
  } while (rest > 0);
  const packet = Buffer.allocUnsafe(head.length + 2 + topicLength + idLength + bodyLength);
  packet.set(head);
  let at = packet.writeUInt16BE(topicLength, head.length);
  at += packet.write(topic, at);
  if (id !== 0) at = packet.writeUInt16BE(id, at);
  packet.write(message, at);
  return packet;
}
