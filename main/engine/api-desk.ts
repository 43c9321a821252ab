import { ApiServer } from '../api/api-server.ts';
import { ResultReaders } from '../api/result-readers.ts';
import { type Identity, Tokens } from '../api/tokens.ts';
import type { WebhookIntake } from '../api/webhook-intake.ts';
import type { Client, Handlers } from '../contract/rpc.ts';
import { createClient } from '../contract/rpc-client.ts';
import type { Caller } from '../contract/rpc-table.ts';
import type { Host } from '../host.ts';
import type { Clock } from '../kit/clock.ts';
import type { RpcServer } from '../rpc/rpc-server.ts';
import type { Runners } from '../runners/run-action.ts';
import type { Store } from '../store/store.ts';

/** Joins StackStorm's API with the contract that it translates, and with the processes that find it in their environment. */
export class ApiDesk implements AsyncDisposable {
  readonly tokens: Tokens;
  readonly #deps: ApiDeskDeps;
  readonly #readers: ResultReaders;
  #server: ApiServer | undefined;
  #unfollow: (() => void) | undefined;
  /** Executions whose programs may ask now. */
  readonly #running = new Set<string>();
  #session: Connected | undefined;

  constructor(deps: ApiDeskDeps) {
    this.#deps = deps;
    this.#readers = new ResultReaders(deps.clock);
    this.tokens = new Tokens({ keys: deps.store.apiKeys, clock: deps.clock });
  }

  /** What the contract answers of the API itself. */
  handlers(): Pick<Handlers, 'api' | 'apiKeys'> {
    const { tokens } = this;
    return {
      api: { addresses: () => this.server.addresses(), openapi: () => this.server.openapi() },
      apiKeys: {
        list: () => tokens.listKeys(),
        create: ({ name }) => tokens.createKey(name),
        setEnabled: ({ id, enabled }) => tokens.setKeyEnabled(id, enabled),
        delete: ({ id }) => tokens.deleteKey(id),
      },
    };
  }

  get server(): ApiServer {
    if (!this.#server) throw new Error('the API is not open yet');
    return this.#server;
  }

  /** Before anything of a pack runs: what runs finds the address in its environment. */
  async start(rpc: RpcServer): Promise<void> {
    const { host, webhooks, runners } = this.#deps;
    const log = host.log.scope('api');
    this.#server = new ApiServer({
      world: {
        client: this.#keepOpen(rpc),
        clientOf: (identity) => this.#clientOf(rpc, identity),
        webhooks: webhooks(),
        readers: this.#readers,
        tokens: this.tokens,
        version: host.version,
        runnerTypes: () => [...runners().values()],
      },
      log,
      settings: () => host.settings.get().api,
    });
    await this.#server.start();
    this.#unfollow = host.settings.onChange(() => {
      this.#server?.follow().catch((error) => log.error('the API could not follow its settings', { error }));
    });
  }

  /** What a process of a pack finds, under StackStorm's names; `of` is its execution or sensor. */
  environment(of: string): Record<string, string> {
    const url = this.server.addresses().packs;
    const token = this.tokens.forProcess(of);
    return {
      ST2_ACTION_API_URL: url,
      ST2_ACTION_AUTH_TOKEN: token,
      ST2_API_URL: url,
      ST2_STREAM_URL: url,
      ST2_AUTH_TOKEN: token,
    };
  }

  /** Whether an event that came so may be the answer of a person, or of a program, to a result. */
  followsResults(source: string): boolean {
    if (source === 'window' || source === 'cli') return true;
    return (source === 'api' || source === 'webhook') && this.#readers.areThere;
  }

  /** For as long as an execution runs. */
  admit(execution: string): Disposable & { readonly environment: Readonly<Record<string, string>> } {
    this.#running.add(execution);
    return {
      environment: this.environment(execution),
      [Symbol.dispose]: () => {
        this.tokens.revoke(execution);
        this.#running.delete(execution);
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#unfollow?.();
    await this.#server?.[Symbol.asyncDispose]();
    this.#session?.[Symbol.dispose]();
  }

  #keepOpen(rpc: RpcServer): Client {
    this.#session = connect(rpc, { source: 'api' });
    return this.#session.client;
  }

  /** For one request; whoever is no running execution shares a client. */
  #clientOf(rpc: RpcServer, { kind, of }: Identity): Connected {
    if (kind === 'process' && this.#running.has(of)) return connect(rpc, { source: 'api', execution: of });
    if (!this.#session) throw new Error('the API is not open yet');
    return { client: this.#session.client, [Symbol.dispose]: () => {} };
  }
}

type Connected = Disposable & { readonly client: Client };

/** The contract's own client, without a wire: every request goes through the checks that a window's goes through. */
function connect(rpc: RpcServer, caller: Caller): Connected {
  let receive: (frame: unknown) => void = () => {};
  const session = rpc.connect((frame) => receive(frame), caller);
  const client = createClient({
    send: (frame) => session.receive(frame),
    onFrame: (listener) => {
      receive = listener;
      return () => {};
    },
    onState: (listener) => {
      listener('connected');
      return () => {};
    },
  });
  return { client, [Symbol.dispose]: () => session.close() };
}

export type ApiDeskDeps = {
  readonly host: Host;
  readonly clock: Clock;
  readonly store: Pick<Store, 'apiKeys'>;
  webhooks(): WebhookIntake;
  runners(): Runners;
};
