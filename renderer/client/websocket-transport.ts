import type { ClientFrame } from '../../main/contract/frames.ts';
import type { Transport } from '../../main/contract/rpc-client.ts';
import { reconnectDelayMs } from './reconnect-delay.ts';

type State = 'connected' | 'disconnected';

/** A WebSocket that opens itself again, with growing delays, until `close`. */
export class WebSocketTransport implements Transport {
  readonly #url: string;
  readonly #onRefused: () => void;
  readonly #frames = new Set<(frame: unknown) => void>();
  readonly #states = new Set<(state: State) => void>();
  #socket: WebSocket | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #attempts = 0;
  #state: State = 'disconnected';

  /** `onRefused` is called when the server is there but lets this page not in: its session has ended. */
  constructor(deps: { readonly url: string; readonly onRefused: () => void }) {
    this.#url = deps.url;
    this.#onRefused = deps.onRefused;
  }

  start(): void {
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    let opened = false;
    socket.addEventListener('open', () => {
      opened = true;
      this.#attempts = 0;
      this.#change('connected');
    });
    socket.addEventListener('message', (message) => {
      const frame = readFrame(message.data);
      for (const listener of [...this.#frames]) listener(frame);
    });
    socket.addEventListener('close', () => {
      this.#change('disconnected');
      void this.#recover(opened);
    });
  }

  send(frame: ClientFrame): void {
    this.#socket?.send(JSON.stringify(frame));
  }

  onFrame(listener: (frame: unknown) => void): () => void {
    this.#frames.add(listener);
    return () => this.#frames.delete(listener);
  }

  onState(listener: (state: State) => void): () => void {
    this.#states.add(listener);
    listener(this.#state);
    return () => this.#states.delete(listener);
  }

  /** Tries again now, for a person who doesn't want to wait for the next attempt. */
  retryNow(): void {
    if (this.#retry === undefined) return;
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.start();
  }

  async #recover(opened: boolean): Promise<void> {
    if (!opened && (await isRefused())) return this.#onRefused();
    this.#attempts += 1;
    this.#retry = setTimeout(() => this.retryNow(), reconnectDelayMs(this.#attempts, Math.random()));
  }

  #change(state: State): void {
    if (this.#state === state) return;
    this.#state = state;
    for (const listener of [...this.#states]) listener(state);
  }
}

function readFrame(data: unknown): unknown {
  try {
    return JSON.parse(String(data));
  } catch {
    // The client answers a frame that it cannot read; it needs to see that one came.
    return undefined;
  }
}

/** A browser does not say why an upgrade failed; a plain request to the same address does. */
async function isRefused(): Promise<boolean> {
  try {
    const answer = await fetch('/rpc', { cache: 'no-store' });
    return answer.status === 401;
  } catch {
    return false;
  }
}
