import { readFile, stat } from 'node:fs/promises';
import { request } from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { silentLog } from '../../main/kit/log.ts';
import { serveClients } from '../../main/rpc/local-server.ts';
import { RunInfo, readRunFile, runFile } from '../../main/rpc/run-file.ts';
import { type FakeServer, fakeRpc, startFakeServer } from '../support/fake-server.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

let server: FakeServer;
let url: string;
let token: string;
beforeAll(async () => {
  server = await startFakeServer();
  url = server.local.url;
  token = server.local.uiAddress.split('#token=')[1] ?? '';
});
afterAll(() => server[Symbol.asyncDispose]());

type Answer = { status: number; headers: Record<string, string | string[] | undefined>; body: string };

/** Sends the path and the headers exactly as given; `fetch` would tidy up both. */
function ask(target: string, options: { method?: string; headers?: Record<string, string>; body?: string } = {}) {
  const { hostname, port } = new URL(url);
  return new Promise<Answer>((resolve, reject) => {
    const asked = request({ hostname, port, path: target, ...options }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      });
    });
    asked.on('error', reject);
    asked.end(options.body);
  });
}

/** `open`, or the status that the upgrade was refused with. */
function upgrade(headers: Record<string, string>, target = '/rpc'): Promise<WebSocket | number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}${target}`, { headers });
    socket.on('open', () => resolve(socket));
    socket.on('unexpected-response', (asked, response) => {
      resolve(response.statusCode ?? 0);
      asked.destroy();
    });
    socket.on('error', () => {});
  });
}

async function login(): Promise<string> {
  const { headers } = await ask('/session', {
    method: 'POST',
    headers: { origin: url },
    body: JSON.stringify({ token }),
  });
  return String(headers['set-cookie']).split(';')[0] ?? '';
}

describe('the window', () => {
  test('comes with a policy that lets it load its own files only', async () => {
    const { status, headers, body } = await ask('/');
    expect(status).toBe(200);
    expect(body).toContain('<title>Stormlet</title>');
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self';");
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  test.each(['/packs', '/actions/core.local', '/history/ex-1?x=1'])(
    'is given at the address of a page, `%s`',
    async (page) => {
      expect((await ask(page)).body).toContain('<title>Stormlet</title>');
    },
  );

  test('its assets are given with their type and may be kept', async () => {
    const { status, headers } = await ask('/assets/app.js');
    expect([status, headers['content-type']]).toEqual([200, 'text/javascript; charset=utf-8']);
    expect(headers['cache-control']).toContain('immutable');
    expect((await ask('/assets/none.js')).status).toBe(404);
  });

  test.each([
    '/../secret.json',
    '/assets/../../secret.json',
    '/%2e%2e/secret.json',
    '/assets/%2e%2e%2f%2e%2e%2fsecret.json',
    '/..%5csecret.json',
    '/%00/secret.json',
    '/C:/secret.json',
    '/%',
    '//etc/passwd',
  ])('the path `%s` leads to nothing outside its folder', async (target) => {
    const { body } = await ask(target);
    expect(body).not.toContain('secret"');
    expect(body).not.toContain('root:');
  });

  test('a missing build is answered with what builds it', async () => {
    await using folder = await tempFolder();
    const { rpc } = fakeRpc();
    const data = folder.path;
    await using local = await serveClients({
      rpc,
      folders: { data },
      port: 0,
      rendererFolder: '/none',
      log: silentLog,
    });
    const response = await fetch(local.url);
    expect([response.status, await response.text()]).toEqual([503, expect.stringContaining('`npm start`')]);
  });
});

describe('a session', () => {
  test('is opened by the token, in a cookie that scripts and other sites cannot use', async () => {
    const body = JSON.stringify({ token });
    const { status, headers } = await ask('/session', { method: 'POST', headers: { origin: url }, body });
    expect(status).toBe(204);
    expect(String(headers['set-cookie'])).toMatch(/^stormlet_\d+=[\w-]+; HttpOnly; SameSite=Strict; Path=\/rpc$/);
    expect(String(headers['set-cookie'])).not.toContain(token);
  });

  test.each([
    ['a wrong token', JSON.stringify({ token: 'x'.repeat(43) })],
    ['an empty token', '{"token":""}'],
    ['no JSON', 'token'],
    ['no token', '{}'],
  ])('is refused for %s', async (_what, body) => {
    const { status, headers } = await ask('/session', { method: 'POST', headers: { origin: url }, body });
    expect([status, headers['set-cookie']]).toEqual([401, undefined]);
  });

  test('is refused to a page of another origin, though it has the token', async () => {
    for (const origin of ['http://evil.example', 'null', 'http://127.0.0.1:1'])
      expect(
        (await ask('/session', { method: 'POST', headers: { origin }, body: JSON.stringify({ token }) })).status,
      ).toBe(403);
  });

  test('can be asked for whether it is still good', async () => {
    const cookie = await login();
    expect((await ask('/rpc', { headers: { cookie } })).status).toBe(204);
    expect((await ask('/rpc', { headers: { authorization: `Bearer ${token}` } })).status).toBe(204);
    expect((await ask('/rpc', { headers: { cookie: `${cookie}x` } })).status).toBe(401);
    expect((await ask('/rpc')).status).toBe(401);
  });

  test('another method than those served is refused', async () => {
    expect((await ask('/', { method: 'PUT' })).status).toBe(405);
    expect((await ask('/session')).status).toBe(405);
  });
});

describe('a request under a foreign name', () => {
  test.each(['evil.example', 'evil.example:80', '127.0.0.1', '127.0.0.1:1'])('is refused: Host `%s`', async (host) => {
    expect((await ask('/', { headers: { host } })).status).toBe(403);
    expect(await upgrade({ host, authorization: `Bearer ${token}` })).toBe(403);
  });
});

describe('the connection', () => {
  test('is given to a program with the token, and calls come as from the CLI', async () => {
    const socket = await upgrade({ authorization: `Bearer ${token}` });
    if (typeof socket === 'number') throw new Error(`refused: ${socket}`);
    const input = { action: 'hello.hang', parameters: {} };
    socket.send(JSON.stringify({ type: 'call', id: 1, method: 'executions.run', input }));
    const frame = await new Promise((resolve) => socket.once('message', (data) => resolve(JSON.parse(String(data)))));
    expect(frame).toMatchObject({ type: 'result', output: { context: { source: 'cli' } } });
    socket.close();
  });

  test('is given to our own page with its cookie', async () => {
    const socket = await upgrade({ cookie: await login(), origin: url });
    expect(typeof socket).toBe('object');
    if (typeof socket === 'object') socket.close();
  });

  test.each([
    ['nothing', {}],
    ['a wrong token', { authorization: 'Bearer wrong' }],
    ['a token under another scheme', { authorization: 'Basic x' }],
  ])('is refused to a program with %s', async (_what, headers: Record<string, string>) => {
    expect(await upgrade(headers)).toBe(401);
  });

  test('is refused to a page of another origin that has the cookie, and to the cookie without a page', async () => {
    const cookie = await login();
    expect(await upgrade({ cookie, origin: 'http://evil.example' })).toBe(403);
    expect(await upgrade({ cookie, origin: 'http://localhost:1' })).toBe(403);
    expect(await upgrade({ cookie })).toBe(401);
  });

  test('is refused at any other path', async () => {
    expect(await upgrade({ authorization: `Bearer ${token}` }, '/other')).toBe(403);
  });

  test('is ended by a frame past the limit, and the server goes on', async () => {
    const socket = await upgrade({ authorization: `Bearer ${token}` });
    if (typeof socket === 'number') throw new Error(`refused: ${socket}`);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.send('x'.repeat(1024 * 1024 + 1));
    expect(await closed).toBe(1009);
    expect((await ask('/')).status).toBe(200);
  });

  test('that reads nothing while events pour in is cut off', async () => {
    const socket = await upgrade({ authorization: `Bearer ${token}` });
    if (typeof socket === 'number') throw new Error(`refused: ${socket}`);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.send(JSON.stringify({ type: 'subscribe', event: 'executions.printed' }));
    // Answered after the subscription was taken; from then on this client reads no more.
    socket.send(JSON.stringify({ type: 'call', id: 1, method: 'packs.list' }));
    await new Promise((resolve) => socket.once('message', resolve));
    socket.pause();
    const text = 'x'.repeat(8 * 1024 * 1024);
    await until('the client is cut off', () => {
      server.emit('executions.printed', { execution: 'e', stream: 'stdout', text });
      return server.logged.some((line) => line.includes('client cut off'));
    });
    socket.resume();
    await closed;
  });
});

test('the run file holds the address and the token, and only its owner can read it', async () => {
  const info = RunInfo.parse(JSON.parse(await readFile(runFile(server.data), 'utf8')));
  expect(info).toMatchObject({ pid: process.pid, endpoint: { url, token } });
  expect((await stat(runFile(server.data))).mode & 0o777).toBe(0o600);
  expect((await stat(path.dirname(runFile(server.data)))).mode & 0o777).toBe(0o700);
  expect(Buffer.from(token, 'base64url')).toHaveLength(32);
});

test('a taken port is reported as such', async () => {
  await using folder = await tempFolder();
  const { rpc } = fakeRpc();
  const port = Number(new URL(url).port);
  const second = serveClients({ rpc, folders: { data: folder.path }, port, rendererFolder: '/none', log: silentLog });
  await expect(second).rejects.toMatchObject({
    code: 'http/port-taken',
    message: `port ${port} is used by another program`,
  });
});

test('stopping ends every connection and takes the address back, while the folders stay claimed', async () => {
  const own = await startFakeServer();
  const socket = new WebSocket(`${own.local.url.replace('http', 'ws')}/rpc`, {
    headers: { authorization: `Bearer ${own.local.uiAddress.split('=')[1]}` },
  });
  await new Promise((resolve) => socket.once('open', resolve));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await own.local[Symbol.asyncDispose]();
  expect(await closed).toBe(1001);
  expect(await readRunFile(own.data)).toEqual({ pid: process.pid, startedAt: expect.any(String) });
  await own[Symbol.asyncDispose]();
});
