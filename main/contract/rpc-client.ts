import { type Fault, StormletError } from './errors.ts';
import { type ClientFrame, ServerFrame } from './frames.ts';
import { type Client, rpc } from './rpc.ts';

/** The wire under a client: preload IPC in the desktop window, a WebSocket in a browser and in the CLI. */
export interface Transport {
  /** Called only while connected. */
  send(frame: ClientFrame): void;
  onFrame(listener: (frame: unknown) => void): () => void;
  /** Reports the present state at once, then each change. Reconnecting is the transport's business. */
  onState(listener: (state: 'connected' | 'disconnected') => void): () => void;
}

/**
 * The client that every user interface uses, derived from the `rpc` table: `client.rules.setEnabled({ … })` for a method,
 * `client.rules.onChanged(listener)` for an event. A call that fails rejects with a `StormletError`. Its code is
 * `rpc/disconnected` when the connection was lost before the answer, or did not come within `connectionWaitMs`.
 * Subscriptions survive a reconnect, but events in between are lost: read the state again then.
 */
export function createClient(transport: Transport, options: { readonly connectionWaitMs?: number } = {}): Client {
  const connection = new Connection(transport, options.connectionWaitMs ?? 10_000);
  const groups = Object.entries(rpc).map(([group, entries]) => {
    const members = Object.entries(entries).map(([name, { kind }]) =>
      kind === 'event'
        ? [onName(name), (listener: EventListener) => connection.subscribe(`${group}.${name}`, listener)]
        : [name, (input?: unknown) => connection.call(`${group}.${name}`, input)],
    );
    return [group, Object.fromEntries(members)];
  });
  // The one cast between the table's mapped types and the functions made from the same table.
  return Object.fromEntries(groups) as Client;
}

function onName(event: string): string {
  return `on${event.charAt(0).toUpperCase()}${event.slice(1)}`;
}

type EventListener = (payload: unknown) => void;

type PendingCall = {
  readonly frame: ClientFrame;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: StormletError) => void;
  /** Set while the call waits for the connection; a call without it was sent and waits for its answer. */
  waitTimer?: ReturnType<typeof setTimeout> | undefined;
};

class Connection {
  readonly #transport: Transport;
  readonly #connectionWaitMs: number;
  readonly #calls = new Map<number, PendingCall>();
  readonly #listeners = new Map<string, Set<EventListener>>();
  #connected = false;
  #lastId = 0;

  constructor(transport: Transport, connectionWaitMs: number) {
    this.#transport = transport;
    this.#connectionWaitMs = connectionWaitMs;
    transport.onFrame((frame) => this.#receive(frame));
    transport.onState((state) => (state === 'connected' ? this.#resume() : this.#interrupt()));
  }

  call(method: string, input: unknown): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    const frame: ClientFrame = { type: 'call', id, method, ...(input !== undefined && { input }) };
    return new Promise((resolve, reject) => {
      const call: PendingCall = { frame, resolve, reject };
      this.#calls.set(id, call);
      if (this.#connected) this.#transport.send(frame);
      else call.waitTimer = setTimeout(() => this.#fail(id, notConnected(method)), this.#connectionWaitMs);
    });
  }

  subscribe(event: string, listener: EventListener): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    // A wrapper of its own, so that one function may listen twice.
    const own: EventListener = (payload) => listener(payload);
    listeners.add(own);
    this.#listeners.set(event, listeners);
    if (listeners.size === 1 && this.#connected) this.#transport.send({ type: 'subscribe', event });
    return () => {
      if (!listeners.delete(own) || listeners.size > 0) return;
      this.#listeners.delete(event);
      if (this.#connected) this.#transport.send({ type: 'unsubscribe', event });
    };
  }

  /** Subscriptions go first, so that nothing that a waiting call causes is missed. */
  #resume(): void {
    if (this.#connected) return;
    this.#connected = true;
    for (const event of this.#listeners.keys()) this.#transport.send({ type: 'subscribe', event });
    for (const call of this.#calls.values()) {
      clearTimeout(call.waitTimer);
      call.waitTimer = undefined;
      this.#transport.send(call.frame);
    }
  }

  #interrupt(): void {
    if (!this.#connected) return;
    this.#connected = false;
    for (const id of [...this.#calls.keys()]) this.#fail(id, CONNECTION_LOST);
  }

  #receive(raw: unknown): void {
    const parsed = ServerFrame.safeParse(raw);
    if (!parsed.success) {
      this.#refuseFrame();
      return;
    }
    const frame = parsed.data;
    if (frame.type === 'events') {
      for (const { event, payload } of frame.events) this.#deliver(event, payload);
    } else if (frame.type === 'error') {
      this.#fail(frame.id, frame.fault);
    } else {
      const call = this.#calls.get(frame.id);
      this.#calls.delete(frame.id);
      call?.resolve(frame.output);
    }
  }

  /** The unreadable frame may have been the answer to any open call, so none of them may wait for ever. */
  #refuseFrame(): void {
    for (const [id, call] of [...this.#calls]) if (call.waitTimer === undefined) this.#fail(id, FRAME_UNREADABLE);
  }

  #deliver(event: string, payload: unknown): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) {
      try {
        listener(payload);
      } catch (error) {
        // Reported as uncaught, out of this loop: one listener's fault costs no other its event.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  #fail(id: number, fault: Fault): void {
    const call = this.#calls.get(id);
    if (!call) return;
    this.#calls.delete(id);
    clearTimeout(call.waitTimer);
    call.reject(new StormletError(fault));
  }
}

const CONNECTION_LOST: Fault = {
  code: 'rpc/disconnected',
  kind: 'environment',
  message: 'the connection to Stormlet was lost before it answered',
  hint: 'what was asked may still have been done; look before you ask again',
};

const FRAME_UNREADABLE: Fault = {
  code: 'rpc/frame-unreadable',
  kind: 'engine',
  message: 'Stormlet answered with something that this client cannot read',
  hint: 'the two may be of different versions: reload the window, or restart the app',
};

function notConnected(method: string): Fault {
  return {
    code: 'rpc/disconnected',
    kind: 'environment',
    message: `\`${method}\` was not sent: there is no connection to Stormlet`,
    hint: 'see that the app is running',
  };
}
