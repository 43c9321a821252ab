import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { StormletError } from '../contract/errors.ts';
import type { HostFolders } from '../host.ts';
import { type Clock, isoTime, systemClock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { Access } from './access.ts';
import type { RpcServer } from './rpc-server.ts';
import { publishEndpoint } from './run-file.ts';
import { findFile, SECURITY_HEADERS, sendFile } from './static-files.ts';
import { type Admission, RPC_PATH, serveWebSocket } from './websocket.ts';

export interface LocalServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** The address for a browser, with the token in its fragment: a fragment is never sent, logged or passed on. */
  readonly uiAddress: string;
}

export type LocalServerDeps = {
  readonly rpc: RpcServer;
  readonly folders: Pick<HostFolders, 'data'>;
  /** 0 takes a free one. */
  readonly port: number;
  /** The built window, to be served to browsers. */
  readonly rendererFolder: string;
  /** Answers what lies below `/v1`, and what StackStorm's own gateway names otherwise. */
  api?(request: IncomingMessage, response: ServerResponse): Promise<void>;
  readonly log: Log;
  readonly clock?: Clock;
};

const LOOPBACK = '127.0.0.1';

/**
 * Opens the endpoint by which the CLI and browsers of this machine reach the engine, and leaves its address in the run
 * file. The host has claimed the folders by then. Throws `http/port-taken` when the port is not free.
 */
export async function serveClients(deps: LocalServerDeps): Promise<LocalServer> {
  const clock = deps.clock ?? systemClock;
  const startedAt = isoTime(clock);
  const server = createServer();
  const port = await listen(server, deps.port);
  const url = `http://${LOOPBACK}:${port}`;
  const token = randomBytes(32).toString('base64url');
  const access = new Access({ port, token });
  server.on('request', (request, response) => void respond(deps, access, request, response));
  const sockets = serveWebSocket({ ...deps, clock, server, admit: (request) => admit(access, request) });
  await publishEndpoint(deps.folders.data, { pid: process.pid, startedAt, endpoint: { url, token } });
  return {
    url,
    uiAddress: `${url}/#token=${token}`,
    async [Symbol.asyncDispose]() {
      // The engine behind this is still to be stopped; the host gives the folders free after it.
      await publishEndpoint(deps.folders.data, { pid: process.pid, startedAt });
      server.close();
      await sockets[Symbol.asyncDispose]();
      server.closeAllConnections();
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? portTaken(port, error) : error),
    );
    server.listen(port, LOOPBACK, () => resolve((server.address() as AddressInfo).port));
  });
}

function portTaken(port: number, cause: Error): StormletError {
  const fault = {
    code: 'http/port-taken',
    kind: 'environment',
    message: `port ${port} is used by another program`,
    hint: 'choose another one with `--port`, or 0 for any free one',
  } as const;
  return new StormletError(fault, { cause });
}

function admit(access: Access, request: IncomingMessage): Admission {
  if (!access.isOurHost(request)) return { refused: 403, reason: `Host \`${request.headers.host}\`` };
  if (!access.isOurOrigin(request)) return { refused: 403, reason: `Origin \`${request.headers.origin}\`` };
  const caller = access.callerOf(request);
  return caller ? { caller } : { refused: 401, reason: 'no valid token or cookie' };
}

/**
 * `POST /session` trades the token for a cookie, `GET /rpc` tells whether a page's cookie (or a program's token) is still
 * good, every other `GET` is a file of the window. Files hold no secret and need no cookie.
 */
async function respond(deps: LocalServerDeps, access: Access, request: IncomingMessage, response: ServerResponse) {
  try {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    if (!access.isOurHost(request)) answer(response, 403, 'unknown host');
    else if (deps.api && API_PATH.test(path)) await deps.api(request, response);
    else if (path === '/session') await openSession(access, request, response);
    else if (request.method !== 'GET' && request.method !== 'HEAD') answer(response, 405, 'method not allowed');
    else if (path === RPC_PATH) answer(response, isKnown(access, request) ? 204 : 401);
    else await giveFile(deps.rendererFolder, path, request, response);
  } catch (error) {
    deps.log.error('request failed', { url: request.url, error });
    if (response.headersSent) response.destroy();
    else answer(response, 500, 'Stormlet failed to answer; its log says why');
  }
}

const API_PATH = /^\/(?:api|auth|stream)?\/?v1(?:\/|$)/;

function isKnown(access: Access, request: IncomingMessage): boolean {
  return access.hasCookie(request) || access.callerOf(request) !== undefined;
}

const SessionRequest = z.object({ token: z.string() });
/** Bytes. The token is 43 of them. */
const MAX_SESSION_REQUEST = 4096;

async function openSession(access: Access, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'POST') answer(response, 405, 'method not allowed');
  else if (!access.isOurOrigin(request)) answer(response, 403, 'unknown origin');
  else {
    const asked = SessionRequest.safeParse(parse(await readBody(request)));
    if (asked.success && access.isToken(asked.data.token)) {
      response.setHeader('Set-Cookie', access.cookie());
      answer(response, 204);
    } else answer(response, 401, 'the token is not valid; `stormlet open` prints the current address');
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_SESSION_REQUEST) return '';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function giveFile(folder: string, path: string, request: IncomingMessage, response: ServerResponse) {
  const file = await findFile(folder, path);
  if (file) sendFile(response, file, request.method === 'GET');
  else if (path === '/') answer(response, 503, 'The window is not built yet: `npm start` builds it.');
  else answer(response, 404, 'not found');
}

function answer(response: ServerResponse, status: number, text = ''): void {
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    'Cache-Control': 'no-store',
    ...(text !== '' && { 'Content-Type': 'text/plain; charset=utf-8' }),
  });
  response.end(text === '' ? undefined : `${text}\n`);
}
