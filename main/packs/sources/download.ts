import http from 'node:http';
import https from 'node:https';
import type { Readable } from 'node:stream';
import { StormletError } from '../../contract/errors.ts';
import { throwIfCanceled } from '../../kit/cancel.ts';
import { withoutPassword } from './git-url.ts';

export type DownloadDeps = {
  /** Its `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` are honoured. */
  readonly environment: Readonly<Record<string, string>>;
  /** How long a server may say nothing. */
  readonly idleMs: number;
};

export type DownloadRequest = {
  readonly url: string;
  readonly maxBytes: number;
  /** For all of it. */
  readonly totalMs: number;
  readonly accept?: string;
  /** With each piece; `total` where the server tells it. */
  onBytes?(bytes: number, total: number | undefined): void;
};

const MOST_REDIRECTS = 5;

/**
 * Reads what an address gives, in pieces that add up to `maxBytes` at most. By node:http and not by `fetch`, since an agent
 * may be given the proxies of an environment that is an argument.
 */
export async function* download(
  deps: DownloadDeps,
  request: DownloadRequest,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const proxyEnv = { ...deps.environment };
  const agents = { 'http:': new http.Agent({ proxyEnv }), 'https:': new https.Agent({ proxyEnv }) };
  const shown = withoutPassword(request.url);
  const timeout = AbortSignal.timeout(request.totalMs);
  try {
    const response = await follow({ ...deps, ...request, agents, shown }, AbortSignal.any([signal, timeout]));
    yield* bounded(response, request, shown);
  } catch (error) {
    throwIfCanceled(signal);
    if (timeout.aborted) throw unreachable(shown, `it took longer than ${request.totalMs / 1000} s`);
    throw error instanceof StormletError ? error : unreachable(shown, error);
  } finally {
    for (const agent of Object.values(agents)) agent.destroy();
  }
}

/** The same as text. */
export async function downloadText(deps: DownloadDeps, request: DownloadRequest, signal: AbortSignal): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of download(deps, request, signal)) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

type Following = DownloadDeps &
  DownloadRequest & {
    readonly agents: { readonly 'http:': http.Agent; readonly 'https:': https.Agent };
    readonly shown: string;
  };

async function follow(following: Following, signal: AbortSignal): Promise<http.IncomingMessage> {
  let url = parse(following.url, following.shown);
  for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
    const response = await send(following, url, signal);
    const { statusCode = 0, headers } = response;
    if (statusCode >= 200 && statusCode < 300) return response;
    response.destroy();
    if (statusCode < 300 || statusCode >= 400 || headers.location === undefined) {
      throw refused(following.shown, statusCode);
    }
    const next = parse(new URL(headers.location, url).href, following.shown);
    if (url.protocol === 'https:' && next.protocol !== 'https:') throw insecure(following.shown, next);
    url = next;
  }
  throw fault(following.shown, `is redirected more than ${MOST_REDIRECTS} times`);
}

function send(following: Following, url: URL, signal: AbortSignal): Promise<http.IncomingMessage> {
  const isSecure = url.protocol === 'https:';
  const start = isSecure ? https.request : http.request;
  const agent = following.agents[isSecure ? 'https:' : 'http:'];
  const headers = { accept: following.accept ?? '*/*', 'user-agent': 'stormlet', 'accept-encoding': 'identity' };
  return new Promise((resolve, reject) => {
    const outgoing = start(url, { agent, headers, signal, timeout: following.idleMs });
    let response: http.IncomingMessage | undefined;
    outgoing.once('timeout', () => {
      (response ?? outgoing).destroy(new Error(`no answer for ${following.idleMs / 1000} s`));
    });
    outgoing.once('response', (incoming) => {
      response = incoming;
      resolve(incoming);
    });
    outgoing.once('error', reject);
    outgoing.end();
  });
}

async function* bounded(response: Readable, request: DownloadRequest, shown: string): AsyncGenerator<Buffer> {
  const length = Number((response as http.IncomingMessage).headers['content-length']);
  const total = Number.isSafeInteger(length) && length > 0 ? length : undefined;
  let bytes = 0;
  if ((total ?? 0) > request.maxBytes) throw tooLarge(shown, request.maxBytes);
  for await (const piece of response) {
    bytes += piece.length;
    if (bytes > request.maxBytes) throw tooLarge(shown, request.maxBytes);
    request.onBytes?.(bytes, total);
    yield piece;
  }
}

function parse(address: string, shown: string): URL {
  const url = URL.parse(address);
  if (url && (url.protocol === 'https:' || url.protocol === 'http:')) return url;
  throw fault(shown, `leads to \`${withoutPassword(address)}\`, which is no \`https://\` address`);
}

function insecure(shown: string, next: URL): StormletError {
  return fault(shown, `leads from https to \`${withoutPassword(next.href)}\`, which is not encrypted`);
}

function refused(shown: string, status: number): StormletError {
  const what = http.STATUS_CODES[status] ?? 'unknown';
  const hint = status === 404 ? 'see that the address is spelled right' : 'try it in a browser';
  return fault(shown, `cannot be had: the server answers ${status} ${what}`, hint);
}

function tooLarge(shown: string, maxBytes: number): StormletError {
  return fault(shown, `is larger than ${maxBytes / 1024 / 1024} MiB`, 'fetch it yourself, if it is what you want');
}

function fault(shown: string, what: string, hint = 'see that the address is right'): StormletError {
  return new StormletError({ code: 'download/refused', kind: 'user', message: `\`${shown}\` ${what}`, hint });
}

function unreachable(shown: string, cause: unknown): StormletError {
  return new StormletError(
    {
      code: 'download/failed',
      kind: 'environment',
      message: `\`${shown}\` could not be fetched: ${reasonOf(cause)}`,
      hint: "see that the host's name is spelled right, that the machine is online, and what proxy it needs",
    },
    { cause },
  );
}

/** Where a host has several addresses, each one's failure is inside. */
function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError && cause.errors.length > 0) return reasonOf(cause.errors[0]);
  return cause instanceof Error ? cause.message : String(cause);
}
