import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

export type Served = AsyncDisposable & {
  readonly url: string;
  /** Paths that were asked for, in order. */
  readonly requests: readonly string[];
};

/** Files over HTTP on loopback, as a forge or a catalogue would have them. */
export function serveFolder(folder: string): Promise<Served> {
  return serve((request, response) => {
    const file = path.join(folder, decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname));
    stat(file).then(
      (facts) => {
        if (!facts.isFile()) response.writeHead(404).end();
        else createReadStream(file).pipe(response.writeHead(200, { 'content-length': facts.size }));
      },
      () => response.writeHead(404).end(),
    );
  });
}

export async function serve(answer: RequestListener): Promise<Served> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, requests, [Symbol.asyncDispose]: () => closed(server) };
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
