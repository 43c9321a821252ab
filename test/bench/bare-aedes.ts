import { createServer } from 'node:net';
import { Aedes } from 'aedes';

/** The broker that the app embeds, with nothing added. Tells its port to who started it. */
const broker = await Aedes.createBroker();
const server = createServer((socket) => {
  socket.setNoDelay(true);
  broker.handle(socket);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' && address ? address.port : 0);
});
