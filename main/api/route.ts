import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import type { Client } from '../contract/rpc.ts';
import type { ResultReaders } from './result-readers.ts';
import type { Identity, Tokens } from './tokens.ts';
import type { WebhookIntake } from './webhook-intake.ts';

/**
 * This folder is StackStorm's HTTP API (`/v1`) as a client of the contract: it translates paths, shapes and faults, and
 * holds no engine of its own. One route is one entry of a table; the description in OpenAPI is made of the same table.
 */
export type ApiWorld = {
  readonly client: Client;
  /** For one request: what the program of an execution asks for is known to be its doing. */
  clientOf(identity: Identity): Disposable & { readonly client: Client };
  readonly webhooks: WebhookIntake;
  readonly readers: ResultReaders;
  readonly tokens: Tokens;
  readonly version: string;
  /** `runner_type` names with the parameters of each. */
  runnerTypes(): readonly { readonly name: string; readonly parameters: object }[];
};

/** One request, understood. */
export type Call<Q = unknown, B = unknown> = {
  /** What stands in the places of `{name}`, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Q;
  readonly body: B;
  readonly headers: IncomingHttpHeaders;
  /** The body as it came, for routes that take it so. */
  readonly raw: Buffer;
  readonly identity: Identity;
};

export type Reply<A = unknown> = {
  readonly body: A;
  /** Where it is not the route's own. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of an answer that is a text: its bytes, where they may be none. */
  readonly raw?: Buffer;
};

export type Route = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `/v1/executions/{id}`; a last `{url*}` takes all that follows. */
  readonly path: string;
  readonly summary: string;
  readonly query: z.ZodObject;
  /** Absent: the route takes none. `raw`: the route reads it itself. */
  readonly body?: z.ZodType | 'raw';
  readonly answer: z.ZodType;
  /** Of an answer that is well; 204 has no body. */
  readonly status: 200 | 201 | 202 | 204;
  /** The answer is a text, not JSON. */
  readonly isText?: boolean;
  /** Whoever can reach the port may ask it. */
  readonly isOpen?: boolean;
  run(call: Call, world: ApiWorld): Promise<Reply> | Reply;
};

type Spec<Q extends z.ZodObject, B extends z.ZodType, A extends z.ZodType> = Omit<
  Route,
  'query' | 'body' | 'answer' | 'status' | 'run'
> & {
  readonly query?: Q;
  readonly body?: B | 'raw';
  readonly answer: A;
  readonly status?: Route['status'];
  run(call: Call<z.output<Q>, z.output<B>>, world: ApiWorld): Promise<Reply<z.input<A>>> | Reply<z.input<A>>;
};

const NO_QUERY = z.object({});

/** The types of query, body and answer hold within `run`; outside it all routes are alike. */
export function route<
  A extends z.ZodType,
  Q extends z.ZodObject = typeof NO_QUERY,
  B extends z.ZodType = z.ZodUndefined,
>(spec: Spec<Q, B, A>): Route {
  const { query, status = 200, run } = spec;
  // The one cast: what is handed to `run` was parsed by the same schemas.
  return { ...spec, query: query ?? NO_QUERY, status, run: run as Route['run'] };
}

export type MatchedRoute = { readonly route: Route; readonly params: Readonly<Record<string, string>> };

/** The first route of that method whose path fits; `others` are the methods that the path has, where that one has none. */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): MatchedRoute | { readonly others: readonly string[] } {
  const others: string[] = [];
  for (const route of routes) {
    const params = matchPath(route.path, path);
    if (params && route.method === method) return { route, params };
    if (params) others.push(route.method);
  }
  return { others };
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const name = /^\{(\w+)(\*?)\}$/.exec(part);
    if (name?.[2] === '*') {
      const rest = given.slice(index).join('/');
      if (rest === '') return undefined;
      params[name[1] ?? ''] = decode(rest);
      return params;
    }
    const text = given[index];
    if (text === undefined || (name ? text === '' : text !== part)) return undefined;
    if (name) params[name[1] ?? ''] = decode(text);
  }
  return given.length === wanted.length ? params : undefined;
}

/** A name that is no proper encoding is taken as it is, and then found nowhere. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
