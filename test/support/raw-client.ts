import { connect, type Socket } from 'node:net';
import mqttPacket, { type Packet } from 'mqtt-packet';
import { until } from './until.ts';

/** A client of MQTT that sends what a test tells it to, packet by packet, and forgets nothing that it was answered. */
export class RawClient implements Disposable {
  readonly answers: Packet[] = [];
  /** Resolves when the connection is over. */
  readonly closed: Promise<void>;
  readonly #socket: Socket;

  /** `url` holds the user name and the password. */
  static async connect(url: string, clientId: string, clean = false): Promise<RawClient> {
    const { hostname, port, username, password } = new URL(url);
    const socket = connect(Number(port), hostname);
    const client = new RawClient(socket);
    client.send({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 4,
      clean,
      clientId,
      keepalive: 0,
      username: decodeURIComponent(username),
      password: Buffer.from(decodeURIComponent(password)),
    });
    await client.answered('connack');
    return client;
  }

  constructor(socket: Socket) {
    this.#socket = socket;
    const parser = mqttPacket.parser();
    parser.on('packet', (packet) => this.answers.push(packet));
    socket.on('data', (data) => parser.parse(data));
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
  }

  send(packet: Packet): void {
    this.#socket.write(mqttPacket.generate(packet));
  }

  publish(topic: string, payload: string, packet: { id: number; qos?: 1 | 2; dup?: boolean }): void {
    const { id, qos = 1, dup = false } = packet;
    this.send({ cmd: 'publish', topic, payload, qos, dup, retain: false, messageId: id });
  }

  /** Resolves when there are so many answers of that kind. */
  async answered(cmd: Packet['cmd'], count = 1): Promise<void> {
    await until(`${count} ${cmd}`, () => this.answers.filter((answer) => answer.cmd === cmd).length >= count);
  }

  /** Reads nothing more: as far as the client is concerned, whatever comes is lost. */
  stopReading(): void {
    this.#socket.pause();
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}
