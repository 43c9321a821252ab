import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import type { Log } from '../kit/log.ts';
import { ApiFault, faultReply } from './faults.ts';
import { MAX_BODY, parseJson, readBody } from './request-body.ts';
import { type ApiWorld, type Call, findRoute, type MatchedRoute, type Reply, type Route } from './route.ts';
import { type Identity, NOBODY, shownToken } from './tokens.ts';

/** Answers one request by the table of routes. Never rejects: whatever goes wrong is StackStorm's `faultstring`. */
export async function answerRequest(
  deps: { readonly routes: readonly Route[]; readonly world: ApiWorld; readonly log: Log },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const url = addressOf(request);
    const matched = matchRoute(deps.routes, request.method ?? 'GET', url.pathname);
    // Before a byte of the body is read: whoever may not come in cannot make anybody hold it either.
    const identity = identityOf(deps.world, matched.route, request, url.searchParams);
    deps.world.readers.saw(identity, request.method, url.pathname);
    const call = await readCall(deps.world, matched, { request, response, url, identity });
    using asking = deps.world.clientOf(identity);
    const world = { ...deps.world, client: asking.client };
    send(request, response, matched.route, await matched.route.run(call, world));
  } catch (error) {
    const { status, body, headers } = faultReply(error);
    if (status === 500)
      deps.log.error('a request to the API failed', { method: request.method, url: pathOf(request), error });
    if (response.headersSent) response.destroy();
    else sendJson(request, response, status, body, headers);
  }
}

/** StackStorm's own gateway puts its services below names of their own; scripts know either. */
export function addressOf(request: IncomingMessage): URL {
  const url = new URL(`http://api${request.url?.startsWith('/') ? request.url : '/'}`);
  const path = url.pathname.replace(/^\/(api|auth|stream)(?=\/)/, '').replace(/(?<=.)\/$/, '');
  url.pathname = path.startsWith('/v1') ? path : `/v1${path === '/' ? '' : path}`;
  return url;
}

export function authenticate(world: ApiWorld, request: IncomingMessage, query: URLSearchParams): Identity {
  const shown = shownToken(request.headers, query);
  const identity = shown === undefined ? undefined : world.tokens.identify(shown);
  if (identity) return identity;
  const message =
    shown === undefined ? 'One of Token or API key required.' : 'Token or API key with provided value not found.';
  throw new ApiFault(401, `Unauthorized - ${message}`);
}

function identityOf(world: ApiWorld, route: Route, request: IncomingMessage, query: URLSearchParams): Identity {
  return route.isOpen ? NOBODY : authenticate(world, request, query);
}

function matchRoute(routes: readonly Route[], method: string, path: string): MatchedRoute {
  const found = findRoute(routes, method === 'HEAD' ? 'GET' : method, path);
  if ('route' in found) return found;
  if (found.others.length === 0) throw new ApiFault(404, 'The resource could not be found.');
  throw new ApiFault(405, `\`${method}\` cannot be done here`, { Allow: found.others.join(', ') });
}

async function readCall(
  world: ApiWorld,
  { route, params }: MatchedRoute,
  from: { request: IncomingMessage; response: ServerResponse; url: URL; identity: Identity },
): Promise<Call> {
  const limit = route.body === 'raw' ? Math.min(MAX_BODY, world.webhooks.maxBodyBytes) : MAX_BODY;
  const raw = await readBody(from.request, from.response, limit);
  const query = parse('the query', route.query, queryOf(from.url.searchParams));
  const isJson = route.body !== undefined && route.body !== 'raw';
  const body = isJson ? parse('the body', route.body, parseJson(raw)) : undefined;
  return { params, query, body, headers: from.request.headers, raw, identity: from.identity };
}

function queryOf(given: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...new Set(given.keys())].map((name) => [name, given.getAll(name).join(',')]));
}

function parse(what: string, schema: z.ZodType, value: unknown): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const why = parsed.error.issues.map(({ path, message }) => `\`${path.join('.') || what}\`: ${message}`).join('; ');
  throw new ApiFault(400, `${what} was refused: ${why}`);
}

function send(request: IncomingMessage, response: ServerResponse, route: Route, reply: Reply): void {
  const status = reply.status ?? route.status;
  if (status === 204 || status === 304) {
    response.writeHead(status, { ...COMMON_HEADERS, ...reply.headers }).end();
  } else if (route.isText) {
    sendText(request, response, status, reply.raw ?? String(reply.body), {
      'Content-Type': 'text/plain; charset=utf-8',
      ...reply.headers,
    });
  } else sendJson(request, response, status, reply.body, reply.headers ?? {});
}

function sendJson(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): void {
  sendText(request, response, status, JSON.stringify(body ?? null), { 'Content-Type': 'application/json', ...headers });
}

function sendText(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  text: string | Buffer,
  headers: Readonly<Record<string, string>>,
): void {
  const length = { 'Content-Length': Buffer.byteLength(text) };
  response.writeHead(status, { ...COMMON_HEADERS, ...length, ...headers });
  response.end(request.method === 'HEAD' ? undefined : text);
  if (!request.complete) throwAwayRest(request);
}

/** Closed at once, the connection would be reset, and the answer lost with it: so the rest is read for a moment, and dropped. */
function throwAwayRest(request: IncomingMessage): void {
  request.resume();
  const end = setTimeout(() => request.destroy(), LINGER_MS);
  request.once('close', () => clearTimeout(end));
}

const LINGER_MS = 2000;

export const COMMON_HEADERS = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' } as const;

/** Without the query, which may hold a token. */
function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?', 1)[0] ?? '';
}
