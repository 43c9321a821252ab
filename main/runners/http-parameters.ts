import { StormletError } from '../contract/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../contract/json.ts';
import type { ParameterSpecs } from '../contract/parameter-spec.ts';
import type { HttpRequest } from './http-exchange.ts';

/**
 * StackStorm's runner parameters. `method`, `params`, `body`, `file_name`, `file_content` and `file_content_type` are the
 * action's own, so that an action offers only what it has a use for.
 */
export const HTTP_PARAMETERS: ParameterSpecs = {
  url: { type: 'string', required: true, description: 'Address to ask, beginning with `http://` or `https://`.' },
  headers: { type: 'object', description: 'Headers to send, by name.' },
  cookies: { type: 'object', description: 'Cookies to send, by name.' },
  username: { type: 'string', description: 'User name for basic authentication.' },
  password: { type: 'string', secret: true, description: 'Password for basic authentication.' },
  allow_redirects: { type: 'boolean', default: false, description: 'Follow redirects, at most ten.' },
  verify_ssl_cert: { type: 'boolean', default: true, description: 'Refuse a server whose certificate is not trusted.' },
  http_proxy: { type: 'string', description: 'Proxy for `http://` addresses.' },
  https_proxy: { type: 'string', description: 'Proxy for `https://` addresses.' },
  url_hosts_blacklist: {
    type: 'array',
    items: { type: 'string' },
    description: 'Host names that are never asked, redirects included.',
  },
  url_hosts_whitelist: {
    type: 'array',
    items: { type: 'string' },
    description: 'The only host names that are asked, redirects included.',
  },
  timeout: { type: 'number', default: 60, description: 'Seconds after which the request is given up.' },
};

/** The request that the parameters describe. Throws a `user` fault for what no request can be made of. */
export async function buildRequest(
  given: JsonObject,
  environment: Readonly<Record<string, string>>,
): Promise<HttpRequest> {
  const headers = requestHeaders(given);
  const body = await requestBody(given, headers);
  if (body?.type && !hasHeader(headers, 'content-type')) headers['Content-Type'] = body.type;
  const method = text(given.method) ?? (body ? 'POST' : 'GET');
  return {
    url: requestUrl(text(given.url) ?? '', given.params),
    method: method.toUpperCase(),
    headers,
    body: body?.content,
    verifyCertificate: given.verify_ssl_cert !== false,
    proxies: proxies(given, environment),
  };
}

/** Throws where the action's lists do not allow the host. */
export function requireAllowedHost(url: URL, given: JsonObject): void {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const blocked = names(given.url_hosts_blacklist);
  const allowed = names(given.url_hosts_whitelist);
  if (blocked.length > 0 && allowed.length > 0) {
    throw badRequest('http/two-host-lists', '`url_hosts_blacklist` and `url_hosts_whitelist` exclude each other');
  }
  if (blocked.includes(host)) throw badRequest('http/host-refused', `the host is on \`url_hosts_blacklist\`: ${host}`);
  if (allowed.length > 0 && !allowed.includes(host)) {
    throw badRequest('http/host-refused', `the host is not on \`url_hosts_whitelist\`: ${host}`);
  }
}

function requestUrl(address: string, params: Json | undefined): URL {
  const url = URL.parse(address);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw badRequest('http/url-invalid', `not an \`http://\` or \`https://\` address: ${address || 'nothing'}`);
  }
  for (const [name, value] of formFields(params)) url.searchParams.append(name, value);
  return url;
}

function requestHeaders(given: JsonObject): Record<string, string> {
  const headers: Record<string, string> = { 'User-Agent': 'Stormlet', Accept: '*/*' };
  const cookies = formFields(given.cookies).map(([name, value]) => `${name}=${value}`);
  if (cookies.length > 0) headers.Cookie = cookies.join('; ');
  const { username, password } = given;
  if (username || password) {
    headers.Authorization = `Basic ${Buffer.from(`${username ?? ''}:${password ?? ''}`).toString('base64')}`;
  }
  for (const [name, value] of formFields(given.headers)) headers[spelledAs(headers, name)] = value;
  return headers;
}

type Body = { readonly content: string | Uint8Array; readonly type: string | undefined };

/** As StackStorm's HTTP client does: text goes as it is; an object as JSON where the headers say so, else as a form. */
async function requestBody(given: JsonObject, headers: Readonly<Record<string, string>>): Promise<Body | undefined> {
  const { body, file_name: fileName, file_content: fileContent } = given;
  if (typeof fileName === 'string' && typeof fileContent === 'string') {
    return multipartBody(fileName, fileContent, text(given.file_content_type), body);
  }
  if (body === undefined || body === null || body === '') return undefined;
  if (typeof body === 'string') return { content: body, type: undefined };
  if (headers[spelledAs(headers, 'content-type')]?.startsWith('application/json')) {
    return { content: JSON.stringify(body), type: undefined };
  }
  const form = new URLSearchParams(formFields(body));
  return { content: form.toString(), type: 'application/x-www-form-urlencoded' };
}

async function multipartBody(
  name: string,
  content: string,
  type: string | undefined,
  fields: Json | undefined,
): Promise<Body> {
  const form = new FormData();
  for (const [field, value] of formFields(fields)) form.append(field, value);
  form.append(name, new Blob([content], type === undefined ? {} : { type }), name);
  const encoded = new Response(form);
  return { content: await encoded.bytes(), type: encoded.headers.get('content-type') ?? undefined };
}

/** Name and text of each field; a list gives its name once per item, null is left out. */
function formFields(value: Json | undefined): [string, string][] {
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, item]) =>
    [item].flat().flatMap((one): [string, string][] => (one === null ? [] : [[name, fieldText(one)]])),
  );
}

function fieldText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function proxies(given: JsonObject, environment: Readonly<Record<string, string>>): Record<string, string> {
  const inherited = Object.entries(environment).filter(([name]) => /^(https?_proxy|no_proxy)$/i.test(name));
  const found = Object.fromEntries(inherited.map(([name, value]) => [name.toLowerCase(), value]));
  const http = text(given.http_proxy);
  const https = text(given.https_proxy);
  return { ...found, ...(http && { http_proxy: http }), ...(https && { https_proxy: https }) };
}

function spelledAs(headers: Readonly<Record<string, string>>, name: string): string {
  return Object.keys(headers).find((known) => known.toLowerCase() === name.toLowerCase()) ?? name;
}

function hasHeader(headers: Readonly<Record<string, string>>, name: string): boolean {
  return Object.hasOwn(headers, spelledAs(headers, name));
}

function names(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map((item) => String(item).toLowerCase()) : [];
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function badRequest(code: string, message: string): StormletError {
  return new StormletError({ code, kind: 'user', message });
}
