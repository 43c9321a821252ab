import { createServer, type Socket } from 'node:net';
import { Aedes, type AedesOptions } from 'aedes';

export type TestBroker = AsyncDisposable & {
  readonly port: number;
  /** What was acknowledged, in order, bodies parsed. */
  readonly received: { readonly topic: string; readonly body: { [key: string]: unknown }; readonly dup: boolean }[];
  /** Client identifiers of all connections so far. */
  readonly clients: string[];
};

/** A real broker on the loopback interface, for what a sensor's connection is tested against. */
export async function startTestBroker(options: AedesOptions & { port?: number } = {}): Promise<TestBroker> {
  const { port = 0, ...rest } = options;
  const broker = await Aedes.createBroker(rest);
  const received: TestBroker['received'] = [];
  const clients: string[] = [];
  broker.on('publish', (packet, client) => {
    if (!client) return;
    const { topic, payload, dup } = packet;
    received.push({ topic, body: JSON.parse(payload.toString()), dup: dup === true });
  });
  broker.on('client', (client) => clients.push(client.id));
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    broker.handle(socket);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the test broker has no port');
  return {
    port: address.port,
    received,
    clients,
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => broker.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
