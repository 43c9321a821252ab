import type { Fault } from '../../main/contract/errors.ts';
import type { ClientFrame } from '../../main/contract/frames.ts';
import type { Client } from '../../main/contract/rpc.ts';
import { createClient, type Transport } from '../../main/contract/rpc-client.ts';
import { systemClock } from '../../main/kit/clock.ts';
import { silentLog } from '../../main/kit/log.ts';
import { RpcServer, type RpcSession } from '../../main/rpc/rpc-server.ts';
import type { Connection } from '../../renderer/client/open-connection.ts';
import { FakeEngine, type FakeEngineDeps } from './fake-engine.ts';

/** `none`: what is asked waits. `faults`: all of it is refused. */
export type Answers = 'all' | 'none' | 'faults';

/** The window's connection to a fake engine in the same process, through the real server and the real frames. */
export class FakeConnection implements Connection, Transport {
  readonly client: Client;
  readonly transport = this;
  readonly #server: RpcServer;
  readonly #frames = new Set<(frame: unknown) => void>();
  /** Names of what was dropped on the window. */
  readonly dropped: string[] = [];
  readonly #openers = new Set<(asked: string) => void>();
  readonly #states = new Set<(state: 'connected' | 'disconnected') => void>();
  #session: RpcSession | undefined;
  #answers: Answers;
  readonly #unanswered: unknown[] = [];

  constructor({ answers, ...deps }: Omit<FakeEngineDeps, 'emit'> & { readonly answers: Answers }) {
    this.#answers = answers;
    const engine = new FakeEngine({ ...deps, emit: (event, payload) => this.#server.emit(event, payload) });
    this.#server = new RpcServer({ handlers: engine.handlers, log: silentLog, clock: systemClock });
    this.client = createClient(this);
  }

  connect(): void {
    this.#session = this.#server.connect((frame) => this.#deliver(frame), { source: 'window' });
    for (const listener of [...this.#states]) listener('connected');
  }

  disconnect(): void {
    this.#session?.close();
    this.#session = undefined;
    for (const listener of [...this.#states]) listener('disconnected');
  }

  send(frame: ClientFrame): void {
    if (frame.type !== 'call' || this.#answers === 'all') this.#session?.receive(JSON.parse(JSON.stringify(frame)));
    else if (this.#answers === 'none') this.#unanswered.push(frame);
    else queueMicrotask(() => this.#deliver({ type: 'error', id: frame.id, fault: REFUSAL }));
  }

  /** What waits is answered now. */
  answer(): void {
    this.#answers = 'all';
    for (const frame of this.#unanswered.splice(0)) this.#session?.receive(frame);
  }

  /** As over a wire: what JSON can't carry gets lost here, too. */
  #deliver(frame: unknown): void {
    const arrived: unknown = JSON.parse(JSON.stringify(frame));
    for (const listener of [...this.#frames]) listener(arrived);
  }

  onFrame(listener: (frame: unknown) => void): () => void {
    this.#frames.add(listener);
    return () => this.#frames.delete(listener);
  }

  onState(listener: (state: 'connected' | 'disconnected') => void): () => void {
    this.#states.add(listener);
    listener(this.#session ? 'connected' : 'disconnected');
    return () => this.#states.delete(listener);
  }

  onOpen(listener: (asked: string) => void): () => void {
    this.#openers.add(listener);
    return () => this.#openers.delete(listener);
  }

  /** As a desktop asks for a route, or for the command bar. */
  open(asked: string): void {
    for (const listener of this.#openers) listener(asked);
  }

  readonly drop = (files: File[]): void => {
    this.dropped.push(...files.map(({ name }) => name));
  };

  onRefused(): () => void {
    return () => undefined;
  }

  retryNow(): void {
    this.connect();
  }
}

const REFUSAL: Fault = {
  code: 'store/unusable',
  kind: 'environment',
  message: 'the file `stormlet.db` cannot be read',
  hint: 'see whether the disk is full',
};
