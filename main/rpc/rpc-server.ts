import { z } from 'zod';
import { StormletError, toFault } from '../contract/errors.ts';
import { ClientFrame, type ServerFrame } from '../contract/frames.ts';
import { type Emit, type Handlers, rpc } from '../contract/rpc.ts';
import type { Caller, Method } from '../contract/rpc-table.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';

/**
 * This folder carries the contract to user interfaces: the server of calls and events, its WebSocket transport, and the
 * loopback endpoint with its files. It decides who may ask, never what is answered: that is the handlers' business.
 */
export class RpcServer {
  readonly #deps: RpcServerDeps;
  readonly #sessions = new Set<Session>();

  constructor(deps: RpcServerDeps) {
    this.#deps = deps;
  }

  /** Sends a state change to every client that subscribed to it. */
  readonly emit: Emit = (event, payload) => {
    for (const session of this.#sessions) session.offer(event, payload);
  };

  /** A new client. `send` must not throw; a client that reads too slowly is its transport's to cut off. */
  connect(send: (frame: ServerFrame) => void, caller: Caller): RpcSession {
    const session = new Session({ ...this.#deps, send, caller, onClose: () => this.#sessions.delete(session) });
    this.#sessions.add(session);
    return session;
  }
}

export type RpcServerDeps = { readonly handlers: Handlers; readonly log: Log; readonly clock: Clock };

export interface RpcSession {
  /** Takes a frame as it came, trusted in nothing. */
  receive(frame: unknown): void;
  /** Nothing is sent after this; calls under way go on, and their answers are thrown away. */
  close(): void;
}

/** Long enough to make one frame of a burst, short enough to look immediate. */
const EVENT_BATCH_MS = 25;

type SessionDeps = RpcServerDeps & {
  readonly send: (frame: ServerFrame) => void;
  readonly caller: Caller;
  readonly onClose: () => void;
};

class Session implements RpcSession {
  readonly #deps: SessionDeps;
  readonly #subscriptions = new Set<string>();
  #batch: { event: string; payload: unknown }[] = [];
  #cancelFlush: (() => void) | undefined;
  #closed = false;

  constructor(deps: SessionDeps) {
    this.#deps = deps;
  }

  receive(raw: unknown): void {
    const parsed = ClientFrame.safeParse(raw);
    if (!parsed.success) {
      this.#refuseFrame(raw, parsed.error);
      return;
    }
    const frame = parsed.data;
    if (frame.type === 'call') void this.#answer(frame.id, frame.method, frame.input);
    else if (frame.type === 'unsubscribe') this.#subscriptions.delete(frame.event);
    else if (entryOf(frame.event)?.kind === 'event') this.#subscriptions.add(frame.event);
    else this.#deps.log.warn('subscription to an unknown event refused', { event: frame.event });
  }

  close(): void {
    this.#closed = true;
    this.#cancelFlush?.();
    this.#batch = [];
    this.#deps.onClose();
  }

  offer(event: string, payload: unknown): void {
    if (!this.#subscriptions.has(event)) return;
    this.#batch.push({ event, payload });
    this.#cancelFlush ??= this.#deps.clock.after(EVENT_BATCH_MS, () => this.#flush());
  }

  async #answer(id: number, method: string, input: unknown): Promise<void> {
    try {
      const output = await callHandler(this.#deps.handlers, method, input, this.#deps.caller);
      this.#reply({ type: 'result', id, ...(output !== undefined && { output }) });
    } catch (error) {
      const fault = toFault(error);
      if (fault.kind === 'engine') this.#deps.log.error('call failed', { method, error });
      this.#reply({ type: 'error', id, fault });
    }
  }

  /** An answer never overtakes an event that was emitted before it. */
  #reply(frame: ServerFrame): void {
    if (this.#closed) return;
    this.#flush();
    this.#deps.send(frame);
  }

  #flush(): void {
    this.#cancelFlush?.();
    this.#cancelFlush = undefined;
    if (this.#batch.length === 0) return;
    const events = this.#batch;
    this.#batch = [];
    this.#deps.send({ type: 'events', events });
  }

  #refuseFrame(raw: unknown, error: z.ZodError): void {
    const message = `the frame was not understood: ${describeIssues(error)}`;
    const call = z.object({ id: z.number().int() }).safeParse(raw);
    if (call.success) {
      const fault = toFault(new StormletError({ code: 'rpc/frame-invalid', kind: 'user', message }));
      this.#reply({ type: 'error', id: call.data.id, fault });
    } else this.#deps.log.warn(message);
  }
}

async function callHandler(handlers: Handlers, name: string, rawInput: unknown, caller: Caller): Promise<unknown> {
  const entry = entryOf(name);
  if (!entry || entry.kind === 'event') throw unknownMethod(name);
  const input = (entry as Method).input.safeParse(rawInput);
  if (!input.success) throw invalidInput(name, input.error);
  const [group = '', method = ''] = name.split('.');
  // The one cast from the handlers' mapped type to a call by name; `entryOf` has shown that the name is in the table.
  const groupHandlers = (handlers as unknown as HandlersByName)[group] ?? {};
  // Called on its group, so that a handler may be a method of a class.
  return groupHandlers[method]?.(input.data, caller);
}

type HandlersByName = Record<string, Record<string, (input: unknown, caller: Caller) => unknown>>;

/** Own properties only: `constructor` or `__proto__.toString` are no entries of the table. */
function entryOf(name: string): { readonly kind: 'query' | 'command' | 'event' } | undefined {
  const [group = '', member = '', ...rest] = name.split('.');
  if (rest.length > 0 || !Object.hasOwn(rpc, group)) return undefined;
  const entries: Record<string, { kind: 'query' | 'command' | 'event' }> = rpc[group as keyof typeof rpc];
  return Object.hasOwn(entries, member) ? entries[member] : undefined;
}

function unknownMethod(name: string): StormletError {
  return new StormletError({
    code: 'rpc/method-unknown',
    kind: 'user',
    message: `there is no method \`${name.slice(0, 100)}\``,
    hint: 'the client may be of another version than the app',
  });
}

function invalidInput(method: string, error: z.ZodError): StormletError {
  return new StormletError({
    code: 'rpc/input-invalid',
    kind: 'user',
    message: `\`${method}\` was refused: ${describeIssues(error)}`,
  });
}

function describeIssues(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => (path.length > 0 ? `\`${path.join('.')}\`: ${message}` : message))
    .join('; ');
}
