import type { Transport } from '../../main/contract/rpc-client.ts';
import { type PreloadBridge, preloadTransport } from './preload-transport.ts';
import { openSession, tokenIn } from './session.ts';
import { WebSocketTransport } from './websocket-transport.ts';

declare global {
  interface Window {
    readonly stormlet?: PreloadBridge;
  }
}

/** The way to the engine, and what only the host knows of it. */
export type Connection = {
  readonly transport: Transport;
  /** Calls when the host wants a route shown. */
  onOpen(listener: (path: string) => void): () => void;
  /** Calls when the host no longer lets this page in. */
  onRefused(listener: () => void): () => void;
  retryNow(): void;
  /** Takes files that were dropped on the window. Absent in a browser. */
  readonly drop?: (files: File[]) => void;
};

/** Preload in the desktop app, a WebSocket to where this page came from in a browser. */
export async function openConnection(page: Window): Promise<Connection | 'signed-out'> {
  if (page.stormlet) return overPreload(page.stormlet);
  // A new address that is opened in the same tab changes nothing but the fragment, which loads no page by itself.
  page.addEventListener('hashchange', () => {
    if (tokenIn(page.location.hash) !== undefined) page.location.reload();
  });
  const token = tokenIn(page.location.hash);
  if (token !== undefined && !(await openSession(page, token))) return 'signed-out';
  return overWebSocket(page.location);
}

function overPreload(bridge: PreloadBridge): Connection {
  return {
    transport: preloadTransport(bridge),
    onOpen: (listener) => bridge.onOpen(listener),
    onRefused: () => () => undefined,
    retryNow: () => undefined,
    drop: (files) => bridge.drop(files),
  };
}

function overWebSocket(location: Location): Connection {
  const refused = new Set<() => void>();
  const transport = new WebSocketTransport({
    url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/rpc`,
    onRefused: () => {
      for (const listener of refused) listener();
    },
  });
  transport.start();
  return {
    transport,
    onOpen: () => () => undefined,
    onRefused(listener) {
      refused.add(listener);
      return () => refused.delete(listener);
    },
    retryNow: () => transport.retryNow(),
  };
}
