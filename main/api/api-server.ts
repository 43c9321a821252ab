import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ApiAddresses } from '../contract/api.ts';
import type { JsonObject } from '../contract/json.ts';
import { KeyedLock } from '../kit/keyed-lock.ts';
import type { Log } from '../kit/log.ts';
import { isLoopbackHost, isOwnOrigin } from '../kit/loopback-request.ts';
import { ROUTES } from './all-routes.ts';
import { addressOf, answerRequest, authenticate } from './answer-request.ts';
import { streamEvents } from './event-stream.ts';
import { ApiFault, faultReply } from './faults.ts';
import { describeApi } from './openapi.ts';
import type { ApiWorld } from './route.ts';

type ApiSettings = { readonly enabled: boolean; readonly port: number };
export type ApiServerDeps = { readonly world: ApiWorld; readonly log: Log; settings(): ApiSettings };

const LOOPBACK = '127.0.0.1';
/** Any free one. */
const ANY_PORT = 0;

/**
 * Where StackStorm's API listens: always on a free port, for the processes of packs, which find address and token in their
 * environment; and, where the settings say so, on a port of the person's choice. Both answer alike. Loopback only.
 */
export class ApiServer implements AsyncDisposable {
  readonly #deps: ApiServerDeps;
  readonly #lock = new KeyedLock();
  #packs: Server | undefined;
  #public: { readonly server: Server; readonly port: number } | undefined;
  #problem: string | undefined;
  #description: string | undefined;

  constructor(deps: ApiServerDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    this.#packs = await this.#listen(ANY_PORT);
    await this.follow();
  }

  /** Opens and closes the person's port as the settings are now. A port that is taken is told, and stops nothing. */
  follow(): Promise<void> {
    return this.#lock.run('public', async () => {
      const { enabled, port } = this.#deps.settings();
      if (enabled && this.#public?.port === port) return;
      await close(this.#public?.server);
      this.#public = undefined;
      this.#problem = undefined;
      if (!enabled || !this.#packs) return;
      try {
        this.#public = { server: await this.#listen(port), port };
      } catch (error) {
        this.#problem = `the API cannot listen on port ${port}: ${error instanceof Error ? error.message : String(error)}`;
        this.#deps.log.warn(this.#problem, { hint: 'choose another `api.port` in the settings' });
      }
    });
  }

  addresses(): ApiAddresses {
    return {
      packs: addressOfServer(this.#packs),
      ...(this.#public && { public: addressOfServer(this.#public.server) }),
      ...(this.#problem !== undefined && { problem: this.#problem }),
    };
  }

  openapi(): JsonObject {
    return describeApi(ROUTES, this.#deps.world.version);
  }

  /** Answers a request that came to another server of the app, which has looked at its `Host` itself. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = addressOf(request).pathname;
    if (!isOwnOrigin(request)) refuse(response, new ApiFault(403, `Origin \`${request.headers.origin}\` is not ours`));
    else if (path === '/v1/openapi.json' && request.method === 'GET') this.#sendDescription(response);
    else if (path === '/v1/stream' && request.method === 'GET') this.#stream(request, response);
    else await answerRequest({ ...this.#deps, routes: ROUTES }, request, response);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lock.run('public', async () => {
      await Promise.all([close(this.#packs), close(this.#public?.server)]);
      this.#packs = undefined;
      this.#public = undefined;
    });
  }

  async #listen(port: number): Promise<Server> {
    const server = createServer();
    const answer = (request: IncomingMessage, response: ServerResponse) => {
      const mine = (server.address() as AddressInfo | null)?.port ?? 0;
      if (isLoopbackHost(request, mine)) void this.handle(request, response);
      else refuse(response, new ApiFault(403, `Host \`${request.headers.host}\` is not ours`));
    };
    server.on('request', answer);
    // Whether to go on is answered when it is clear that the body is wanted.
    server.on('checkContinue', answer);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, LOOPBACK, resolve);
    });
    return server;
  }

  #stream(request: IncomingMessage, response: ServerResponse): void {
    const { world } = this.#deps;
    try {
      const { searchParams } = addressOf(request);
      response.once('close', world.readers.follow(authenticate(world, request, searchParams)));
      streamEvents(world.client, request, response, searchParams);
    } catch (error) {
      refuse(response, error);
    }
  }

  /** Says nothing that is not in the documentation, so it needs no key. */
  #sendDescription(response: ServerResponse): void {
    this.#description ??= JSON.stringify(this.openapi());
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(this.#description);
  }
}

function refuse(response: ServerResponse, error: unknown): void {
  const { status, body, headers } = faultReply(error);
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers, Connection: 'close' });
  response.end(JSON.stringify(body));
}

function addressOfServer(server: Server | undefined): string {
  return `http://${LOOPBACK}:${(server?.address() as AddressInfo | null)?.port ?? 0}/v1`;
}

async function close(server: Server | undefined): Promise<void> {
  if (!server?.listening) return;
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
