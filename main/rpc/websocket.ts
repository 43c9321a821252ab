import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ServerFrame } from '../contract/frames.ts';
import type { Caller } from '../contract/rpc-table.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { RpcServer } from './rpc-server.ts';

export type Admission = { readonly caller: Caller } | { readonly refused: 401 | 403; readonly reason: string };

export type WebSocketDeps = {
  readonly server: Server;
  readonly rpc: RpcServer;
  readonly clock: Clock;
  readonly log: Log;
  admit(request: IncomingMessage): Admission;
};

export const RPC_PATH = '/rpc';

/** Bytes. A rule's YAML or a form's values are far below; nothing that a client may send is larger. */
const MAX_CLIENT_FRAME = 1024 * 1024;
/** Bytes waiting for a client that does not read. It is cut off then, and reads the state anew when it comes back. */
const MAX_UNREAD = 64 * 1024 * 1024;
const PING_EVERY_MS = 30_000;

/** Serves the RPC on the HTTP server's upgrades at `/rpc`: each frame is one JSON text message. */
export function serveWebSocket(deps: WebSocketDeps): AsyncDisposable {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_CLIENT_FRAME, clientTracking: true });
  deps.server.on('upgrade', (request, stream, head) => {
    const admission = admit(deps, request);
    if ('refused' in admission) {
      deps.log.warn('connection refused', { reason: admission.reason });
      refuse(stream, admission.refused);
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => attach(deps, socket, admission.caller));
  });
  return { [Symbol.asyncDispose]: () => closeAll(sockets) };
}

/** How long a client may take to say goodbye. */
const CLOSE_GRACE_MS = 500;

async function closeAll(sockets: WebSocketServer): Promise<void> {
  const clients = [...sockets.clients];
  const cutOff = setTimeout(() => {
    for (const socket of clients) socket.terminate();
  }, CLOSE_GRACE_MS);
  await Promise.all(
    clients.map((socket) => {
      socket.close(1001, 'Stormlet stops');
      return new Promise((resolve) => socket.once('close', resolve));
    }),
  );
  clearTimeout(cutOff);
  sockets.close();
}

function admit(deps: WebSocketDeps, request: IncomingMessage): Admission {
  const path = (request.url ?? '').split('?', 1)[0];
  return path === RPC_PATH ? deps.admit(request) : { refused: 403, reason: `no WebSocket at \`${path}\`` };
}

function refuse(stream: Duplex, status: 401 | 403): void {
  // The client may be gone already; there is nobody to tell then.
  stream.on('error', () => stream.destroy());
  stream.end(
    `HTTP/1.1 ${status} ${status === 401 ? 'Unauthorized' : 'Forbidden'}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  );
}

function attach(deps: WebSocketDeps, socket: WebSocket, caller: Caller): void {
  const session = deps.rpc.connect((frame) => send(deps, socket, frame), caller);
  const stopPings = keepAlive(deps.clock, socket);
  socket.on('message', (data, isBinary) => session.receive(isBinary ? undefined : parse(String(data))));
  // A frame that is too large or no WebSocket frame at all: `close` follows.
  socket.on('error', (error) => deps.log.warn('connection failed', { error: error.message }));
  socket.on('close', () => {
    stopPings();
    session.close();
  });
}

function send(deps: WebSocketDeps, socket: WebSocket, frame: ServerFrame): void {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount > MAX_UNREAD) {
    deps.log.warn('client cut off: it does not read what it subscribed to', { unread: socket.bufferedAmount });
    socket.terminate();
    return;
  }
  socket.send(JSON.stringify(frame));
}

/** Text that is no JSON becomes `undefined`, which the session refuses like any other frame that it cannot read. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Finds peers that went without a word (a laptop that slept): whoever misses a whole interval is cut off. */
function keepAlive(clock: Clock, socket: WebSocket): () => void {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  const beat = (): (() => void) =>
    clock.after(PING_EVERY_MS, () => {
      if (!answered) {
        socket.terminate();
        return;
      }
      answered = false;
      socket.ping();
      cancel = beat();
    });
  let cancel = beat();
  return () => cancel();
}
