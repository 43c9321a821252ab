import { type Fault, StormletError, toFault } from '../contract/errors.ts';
import type { Json, JsonObject } from '../contract/json.ts';
import { exchange, type HttpRequest, type HttpResponse } from './http-exchange.ts';
import { buildRequest, HTTP_PARAMETERS, requireAllowedHost } from './http-parameters.ts';
import type { Runner, RunOutcome } from './runner.ts';

export type HttpDeps = {
  /** The app's own environment: its proxies hold where the action names none. */
  readonly environment: Readonly<Record<string, string>>;
  /** Bytes of an unpacked answer that are read. Default 10 MiB. */
  readonly bodyLimit?: number;
};

const DEFAULT_BODY_LIMIT = 10 * 1024 * 1024;
const MOST_REDIRECTS = 10;

/** `http-request`: one request; the output is `status_code`, `headers`, `body` and whether the body was `parsed`. */
export function httpRequest(deps: HttpDeps): Runner {
  return {
    name: 'http-request',
    parameters: HTTP_PARAMETERS,
    run: async (job, signal) => {
      const given = { ...job.parameters, ...job.runnerParameters };
      try {
        const request = await buildRequest(given, deps.environment);
        return outcomeOf(await ask(request, given, deps.bodyLimit ?? DEFAULT_BODY_LIMIT, signal));
      } catch (error) {
        if (signal.aborted) return { status: signal.reason === 'timeout' ? 'timeout' : 'canceled' };
        return { status: 'failed', fault: error instanceof StormletError ? toFault(error) : describeFailure(error) };
      }
    },
  };
}

async function ask(
  first: HttpRequest,
  given: JsonObject,
  bodyLimit: number,
  signal: AbortSignal,
): Promise<HttpResponse> {
  let request = first;
  for (let redirects = 0; ; redirects += 1) {
    requireAllowedHost(request.url, given);
    const response = await exchange(request, bodyLimit, signal);
    const next = given.allow_redirects === true ? redirected(request, response) : undefined;
    if (!next) return response;
    if (redirects === MOST_REDIRECTS) throw tooManyRedirects(first.url);
    request = next;
  }
}

/** The request that a redirect asks for, as browsers and `requests` do it; undefined when the answer is none. */
export function redirected(request: HttpRequest, response: HttpResponse): HttpRequest | undefined {
  const location = headerOf(response, 'location');
  if (![301, 302, 303, 307, 308].includes(response.status) || location === undefined) return undefined;
  const url = URL.parse(location, request.url.href);
  if (!url || !/^https?:$/.test(url.protocol)) return undefined;
  const dropsBody = response.status === 303 || (response.status < 303 && request.method === 'POST');
  const leaves = url.origin !== request.url.origin;
  const headers = Object.entries(request.headers).filter(([name]) => {
    if (dropsBody && /^content-/i.test(name)) return false;
    return !(leaves && /^(authorization|cookie)$/i.test(name));
  });
  return {
    ...request,
    url,
    headers: Object.fromEntries(headers),
    ...(dropsBody && { method: request.method === 'HEAD' ? 'HEAD' : 'GET', body: undefined }),
  };
}

function outcomeOf(response: HttpResponse): RunOutcome {
  const output = { status_code: response.status, headers: response.headers, ...parseBody(response) };
  // StackStorm's rule: 2xx up to 206, and no redirect that was not followed.
  if (response.status >= 200 && response.status <= 206) return { status: 'succeeded', output };
  const fault: Fault = { code: 'http/status', kind: 'user', message: `the server answered ${response.status}` };
  return { status: 'failed', fault, output };
}

function parseBody(response: HttpResponse): { body: Json; parsed: boolean } {
  const type = headerOf(response, 'content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') return { body: response.text, parsed: false };
  try {
    return { body: JSON.parse(response.text), parsed: true };
  } catch {
    return { body: response.text, parsed: false };
  }
}

function headerOf(response: HttpResponse, name: string): string | undefined {
  return Object.entries(response.headers).find(([known]) => known.toLowerCase() === name)?.[1];
}

/** What node:http throws: an unusable header or method is the person's, the rest is the network's. */
function describeFailure(error: unknown): Fault {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message = error instanceof Error ? error.message || code : String(error);
  if (/^ERR_(HTTP|INVALID|UNESCAPED)/.test(code)) {
    return { code: 'http/request-invalid', kind: 'user', message: `the request cannot be sent: ${message}` };
  }
  const untrusted = /CERT|SELF_SIGNED|ISSUER|ALTNAME/.test(code);
  return {
    code: untrusted ? 'http/certificate' : 'http/unreachable',
    kind: 'environment',
    message: `the request failed: ${message}`,
    ...(untrusted && { hint: 'With `verify_ssl_cert: false` the certificate is not checked.' }),
  };
}

function tooManyRedirects(url: URL): StormletError {
  return new StormletError({
    code: 'http/too-many-redirects',
    kind: 'environment',
    message: `more than ${MOST_REDIRECTS} redirects from \`${url.origin}${url.pathname}\``,
  });
}
