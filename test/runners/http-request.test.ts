import { readFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '../../main/contract/json.ts';
import { type HttpDeps, httpRequest } from '../../main/runners/http-request.ts';
import type { RunOutcome } from '../../main/runners/runner.ts';
import { runJob } from '../support/run-job.ts';
import { until } from '../support/until.ts';

const never = new AbortController().signal;
let server: http.Server;
let base: string;
/** Requests for `/hang`, which get no answer. */
let hanging = 0;

beforeAll(async () => {
  server = http.createServer(answer);
  base = `http://127.0.0.1:${await listen(server)}`;
});
afterAll(() => close(server));

test('a JSON answer is parsed, and headers keep the spelling of the server', async () => {
  expect(await run({ url: `${base}/json` })).toEqual({
    status: 'succeeded',
    output: {
      status_code: 200,
      body: { list: [1] },
      parsed: true,
      headers: expect.objectContaining({ 'X-Twice': 'a, b', 'content-type': 'application/json; charset=utf-8' }),
    },
  });
});

test('an answer of another kind, or one that is no JSON after all, stays text', async () => {
  expect(outputOf(await run({ url: `${base}/latin1` }))).toMatchObject({ body: 'é', parsed: false });
  expect(outputOf(await run({ url: `${base}/bad-json` }))).toMatchObject({ body: '{', parsed: false });
});

test('a compressed answer is unpacked', async () => {
  expect(outputOf(await run({ url: `${base}/gzip` })).body).toBe('unpacked');
});

test.each([
  [200, 'succeeded'],
  [206, 'succeeded'],
  [207, 'failed'],
  [302, 'failed'],
  [404, 'failed'],
])('status %i has %s', async (code, status) => {
  const outcome = await run({ url: `${base}/status/${code}` });
  expect(outcome.status).toBe(status);
  expect(outputOf(outcome).status_code).toBe(code);
});

test('without a method a body makes a POST, and nothing makes a GET', async () => {
  expect(await echoed({}, {})).toMatchObject({ method: 'GET', body: '' });
  expect(await echoed({}, { body: 'text' })).toMatchObject({ method: 'POST', body: 'text' });
  expect(await echoed({}, { body: 'text', method: 'PUT' })).toMatchObject({ method: 'PUT', body: 'text' });
});

test('query parameters, headers, cookies and basic authentication are sent', async () => {
  const asked = await echoed(
    { headers: { 'X-One': 1, 'user-agent': 'mine' }, cookies: { a: 'b', c: 'd' }, username: 'me', password: 'pä:ss' },
    { params: { q: 'a b', n: [1, 2], none: null } },
  );
  expect(asked).toMatchObject({
    url: '/echo?q=a+b&n=1&n=2',
    headers: {
      'x-one': '1',
      'user-agent': 'mine',
      cookie: 'a=b; c=d',
      authorization: `Basic ${Buffer.from('me:pä:ss').toString('base64')}`,
    },
  });
});

test('an object goes as JSON where the headers say so, else as a form', async () => {
  const body = { a: 'x y', b: [1, 2] };
  expect(await echoed({ headers: { 'content-type': 'application/json' } }, { body })).toMatchObject({
    body: '{"a":"x y","b":[1,2]}',
  });
  expect(await echoed({}, { body })).toMatchObject({
    body: 'a=x+y&b=1&b=2',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
});

test('a file is uploaded as a part of its name', async () => {
  const asked = await echoed({}, { file_name: 'a.csv', file_content: '1,2', file_content_type: 'text/csv' });
  expect(asked).toMatchObject({ method: 'POST' });
  expect(asked.headers).toMatchObject({ 'content-type': expect.stringMatching(/^multipart\/form-data; boundary=/) });
  expect(asked.body).toMatch(/name="a.csv"; filename="a.csv"\r\nContent-Type: text\/csv\r\n\r\n1,2\r\n/);
});

test('redirects are followed only when asked', async () => {
  expect(outputOf(await run({ url: `${base}/redirect/302` })).status_code).toBe(302);
  expect(outputOf(await run({ url: `${base}/redirect/302`, allow_redirects: true })).status_code).toBe(200);
});

test('a redirected POST becomes a GET after 302 and stays one after 307', async () => {
  const follow = { allow_redirects: true, username: 'me', password: 'secret' };
  expect(await echoed(follow, { body: 'x' }, '/redirect/302')).toMatchObject({ method: 'GET', body: '' });
  expect(await echoed(follow, { body: 'x' }, '/redirect/307')).toMatchObject({ method: 'POST', body: 'x' });
});

test('a redirect to another host loses the credentials, and obeys the host lists', async () => {
  const elsewhere = `${base}/redirect-to-localhost`;
  const given = { url: elsewhere, allow_redirects: true, username: 'me', password: 'secret', cookies: { a: 'b' } };
  const { headers } = outputOf(await run(given)).body as JsonObject;
  expect(headers).not.toHaveProperty('authorization');
  expect(headers).not.toHaveProperty('cookie');
  expect(await run({ ...given, url_hosts_blacklist: ['localhost'] })).toMatchObject({
    fault: { code: 'http/host-refused' },
  });
});

test('a redirect in a circle ends', async () => {
  expect(await run({ url: `${base}/circle`, allow_redirects: true })).toMatchObject({
    status: 'failed',
    fault: { code: 'http/too-many-redirects' },
  });
});

test.each([
  [{ url_hosts_blacklist: ['127.0.0.1'] }, 'http/host-refused'],
  [{ url_hosts_whitelist: ['example.org'] }, 'http/host-refused'],
  [{ url_hosts_whitelist: ['127.0.0.1'], url_hosts_blacklist: ['example.org'] }, 'http/two-host-lists'],
])('host lists refuse before anything is sent: %j', async (lists, code) => {
  expect(await run({ url: `${base}/json`, ...lists })).toMatchObject({ status: 'failed', fault: { code } });
});

test('a host on the whitelist is asked', async () => {
  expect((await run({ url: `${base}/json`, url_hosts_whitelist: ['127.0.0.1'] })).status).toBe('succeeded');
});

test.each([
  [{ url: 'not a url' }, 'http/url-invalid'],
  [{ url: 'file:///etc/passwd' }, 'http/url-invalid'],
  [{ url: 'http://127.0.0.1:1/' }, 'http/unreachable'],
  [{ url: 'http://127.0.0.1:1/', headers: { 'bad name': 'x' } }, 'http/request-invalid'],
])('what cannot be asked is told: %j', async (given, code) => {
  expect(await run(given)).toMatchObject({ status: 'failed', fault: { code } });
});

test('an answer past the limit is not read on', async () => {
  expect(await run({ url: `${base}/large` }, {}, { environment: {}, bodyLimit: 1024 })).toMatchObject({
    status: 'failed',
    fault: { code: 'http/body-too-large' },
  });
});

test.each(['timeout', 'canceled'])('a request is given up when told so: %s', async (reason) => {
  const stop = new AbortController();
  const before = hanging;
  const running = httpRequest({ environment: {} }).run(
    runJob({ runnerParameters: { url: `${base}/hang` } }),
    stop.signal,
  );
  await until('the server was asked', () => hanging > before);
  stop.abort(reason);
  expect(await running).toEqual({ status: reason });
});

test('a certificate that nobody vouches for is refused unless told otherwise', async () => {
  const folder = path.join(import.meta.dirname, '../fixtures/tls');
  const [key, cert] = await Promise.all(
    ['key.pem', 'certificate.pem'].map((name) => readFile(path.join(folder, name))),
  );
  const secure = https.createServer({ key, cert }, answer);
  const url = `https://127.0.0.1:${await listen(secure)}/json`;
  expect(await run({ url })).toMatchObject({ status: 'failed', fault: { code: 'http/certificate' } });
  expect((await run({ url, verify_ssl_cert: false })).status).toBe('succeeded');
  await close(secure);
});

test('a proxy of the action comes before the one of the environment', async () => {
  const seen: string[] = [];
  const proxy = http.createServer((request, response) => {
    seen.push(request.url ?? '');
    response.end('by proxy');
  });
  const address = `http://127.0.0.1:${await listen(proxy)}`;
  const environment = { HTTP_PROXY: 'http://127.0.0.1:1' };
  const outcome = await run({ url: 'http://example.test/x', http_proxy: address }, {}, { environment });
  expect(outputOf(outcome).body).toBe('by proxy');
  expect(seen).toEqual(['http://example.test/x']);
  expect(await run({ url: 'http://example.test/x' }, {}, { environment })).toMatchObject({
    fault: { code: 'http/unreachable' },
  });
  await close(proxy);
});

function run(
  runnerParameters: JsonObject,
  parameters: JsonObject = {},
  deps: HttpDeps = { environment: {} },
): Promise<RunOutcome> {
  return httpRequest(deps).run(runJob({ runnerParameters, parameters }), never);
}

async function echoed(runnerParameters: JsonObject, parameters: JsonObject, at = '/echo'): Promise<JsonObject> {
  return outputOf(await run({ url: `${base}${at}`, ...runnerParameters }, parameters)).body as JsonObject;
}

function outputOf(outcome: RunOutcome): JsonObject {
  return ('output' in outcome ? outcome.output : undefined) as JsonObject;
}

async function listen(listener: http.Server): Promise<number> {
  await new Promise<void>((resolve) => listener.listen(0, resolve));
  return (listener.address() as AddressInfo).port;
}

async function close(listener: http.Server): Promise<void> {
  listener.closeAllConnections();
  await new Promise((resolve) => listener.close(resolve));
}

function answer(request: http.IncomingMessage, response: http.ServerResponse): void {
  const { pathname } = new URL(request.url ?? '/', 'http://server');
  const number = Number(pathname.split('/')[2]);
  if (pathname === '/echo') echo(request, response);
  else if (pathname.startsWith('/status/')) response.writeHead(number).end();
  else if (pathname.startsWith('/redirect/')) response.writeHead(number, { location: '/echo' }).end();
  else if (pathname === '/redirect-to-localhost') {
    response.writeHead(307, { location: `http://localhost:${request.socket.localPort}/echo` }).end();
  } else if (pathname === '/circle') response.writeHead(302, { location: '/circle' }).end();
  else if (pathname === '/json') {
    const headers = ['content-type', 'application/json; charset=utf-8', 'X-Twice', 'a', 'X-Twice', 'b'];
    response.writeHead(200, headers).end('{"list": [1]}');
  } else if (pathname === '/bad-json') response.writeHead(200, { 'content-type': 'application/json' }).end('{');
  else if (pathname === '/latin1') {
    response.writeHead(200, { 'content-type': 'text/plain; charset=iso-8859-1' }).end(Buffer.from([0xe9]));
  } else if (pathname === '/gzip') response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('unpacked'));
  else if (pathname === '/large') response.end('x'.repeat(4096));
  else hanging += 1;
}

function echo(request: http.IncomingMessage, response: http.ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const { method, url, headers } = request;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ method, url, headers, body: Buffer.concat(chunks).toString() }));
  });
}
