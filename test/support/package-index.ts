import { readFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

export type PackageIndex = {
  readonly port: number;
  /** Every address that was asked for; a whole one where it was asked as a proxy. */
  readonly asked: readonly string[];
} & AsyncDisposable;

/** A simple index (PEP 503) on loopback with these files. Asked as a proxy, it answers for any host. */
export async function startPackageIndex(
  wheels: readonly { readonly file: string; readonly content: Buffer }[],
  options: { tls?: boolean } = {},
): Promise<PackageIndex> {
  const asked: string[] = [];
  const answer: http.RequestListener = (request, response) => {
    asked.push(request.url ?? '');
    const { pathname } = new URL(request.url ?? '', 'http://index');
    const wheel = wheels.find(({ file }) => pathname === `/files/${file}`);
    if (wheel) {
      response.end(wheel.content);
      return;
    }
    const [, name] = /^\/simple\/([^/]+)\/$/.exec(pathname) ?? [];
    const links = wheels.filter(({ file }) => file.startsWith(`${name}-`));
    response.writeHead(links.length > 0 ? 200 : 404, { 'content-type': 'text/html' });
    response.end(links.map(({ file }) => `<a href="/files/${file}">${file}</a>`).join('\n'));
  };
  const server = options.tls ? https.createServer(await certificate(), answer) : http.createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    [Symbol.asyncDispose]: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

const TLS = path.resolve(import.meta.dirname, '../fixtures/tls');
/** Whoever is to trust the index must be told of this authority. */
export const AUTHORITY = path.join(TLS, 'authority.pem');

async function certificate() {
  return { cert: await readFile(path.join(TLS, 'signed.pem')), key: await readFile(path.join(TLS, 'signed-key.pem')) };
}
