/*
 * How the window reaches the engine: a transport per host, the session, and what is kept of the answers. Nothing here
 * draws anything, and nothing outside of this folder knows which transport is in use.
 */
import type { ClientFrame } from '../../main/contract/frames.ts';
import type { Transport } from '../../main/contract/rpc-client.ts';

/** What the preload script puts on `window` in the desktop app. */
export interface PreloadBridge {
  readonly platform: string;
  send(frame: unknown): void;
  onFrame(listener: (frame: unknown) => void): () => void;
  /** The shell asks for a route, for example when a notification was clicked. */
  onOpen(listener: (path: string) => void): () => void;
  /** Packs that were dropped on the window: folders and archives. */
  drop(files: File[]): void;
}

/** The engine lives in the process that owns this window, so the connection lasts as long as the window does. */
export function preloadTransport(bridge: PreloadBridge): Transport {
  return {
    send: (frame: ClientFrame) => bridge.send(frame),
    onFrame: (listener) => bridge.onFrame(listener),
    onState(listener) {
      listener('connected');
      return () => undefined;
    },
  };
}
