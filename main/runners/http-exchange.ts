import http from 'node:http';
import https from 'node:https';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import { StormletError } from '../contract/errors.ts';

/**
 * One HTTP request and its response, read whole. By node:http, not fetch: a proxy or an unchecked certificate for one
 * request only needs an agent of its own. Redirects are answers here like any other.
 */
export type HttpRequest = {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
  readonly verifyCertificate: boolean;
  /** `HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY` and their lower-case twins. */
  readonly proxies: Readonly<Record<string, string>>;
};

export type HttpResponse = {
  readonly status: number;
  /** In the server's own spelling; values of a repeated header are joined by `, `. */
  readonly headers: Record<string, string>;
  readonly text: string;
};

export async function exchange(request: HttpRequest, bodyLimit: number, signal: AbortSignal): Promise<HttpResponse> {
  const secure = request.url.protocol === 'https:';
  const agent = secure
    ? new https.Agent({ proxyEnv: request.proxies, rejectUnauthorized: request.verifyCertificate })
    : new http.Agent({ proxyEnv: request.proxies });
  try {
    const response = await send(request, agent, signal);
    return {
      status: response.statusCode ?? 0,
      headers: readHeaders(response.rawHeaders),
      text: await readText(response, request.method, bodyLimit, signal),
    };
  } finally {
    agent.destroy();
  }
}

function send(request: HttpRequest, agent: http.Agent, signal: AbortSignal): Promise<http.IncomingMessage> {
  const { method, headers, body } = request;
  const start = request.url.protocol === 'https:' ? https.request : http.request;
  return new Promise((resolve, reject) => {
    const outgoing = start(request.url, {
      method,
      headers: { 'Accept-Encoding': 'gzip, deflate, br', ...headers },
      agent,
      signal,
    });
    outgoing.once('response', resolve);
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

async function readText(
  response: http.IncomingMessage,
  method: string,
  limit: number,
  signal: AbortSignal,
): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  const keep = async (body: AsyncIterable<Buffer>) => {
    for await (const chunk of body) {
      size += chunk.length;
      if (size > limit) throw tooLarge(limit);
      chunks.push(chunk);
    }
  };
  const decoder = method === 'HEAD' ? undefined : decompressor(response.headers['content-encoding']);
  if (decoder) await pipeline(response, decoder, keep, { signal });
  else await pipeline(response, keep, { signal });
  return decodeText(Buffer.concat(chunks), response.headers['content-type']);
}

function decompressor(encoding: string | undefined) {
  switch (encoding?.toLowerCase()) {
    case 'gzip':
    case 'deflate':
      return zlib.createUnzip();
    case 'br':
      return zlib.createBrotliDecompress();
    default:
      return undefined;
  }
}

function decodeText(bytes: Buffer, contentType: string | undefined): string {
  const charset = /charset="?([\w-]+)/i.exec(contentType ?? '')?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

function readHeaders(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  const spelling = new Map<string, string>();
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] ?? '';
    const first = spelling.get(name.toLowerCase()) ?? name;
    spelling.set(name.toLowerCase(), first);
    const before = headers[first];
    headers[first] = before === undefined ? (raw[i + 1] ?? '') : `${before}, ${raw[i + 1]}`;
  }
  return headers;
}

function tooLarge(limit: number): StormletError {
  return new StormletError({
    code: 'http/body-too-large',
    kind: 'user',
    message: `the answer is larger than ${limit / 1024 / 1024} MiB`,
    hint: 'Fetch large files with a Python action that writes them to disk.',
  });
}
