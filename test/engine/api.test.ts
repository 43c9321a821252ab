import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { apiClient, type Item } from '../support/api-client.ts';
import { startTestEngine, type TestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

let engine: TestEngine;
let api: Awaited<ReturnType<typeof apiClient>>;
beforeAll(async () => {
  engine = await startTestEngine();
  api = await apiClient(engine);
});
afterAll(() => engine[Symbol.asyncDispose]());

const ended = (id: string) =>
  until('it ended', async () => {
    const { body } = await api.get(`/v1/executions/${id}`);
    return body.end_timestamp !== undefined && body;
  });

describe('executions', () => {
  test('an action is run, looked at, and found by every filter', async () => {
    const made = await api.post('/v1/executions', {
      action: 'core.local',
      parameters: { cmd: 'echo hi; echo no >&2' },
    });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      action: { ref: 'core.local', runner_type: 'local-shell-cmd' },
      parameters: { cmd: 'echo hi; echo no >&2' },
    });
    const { id } = made.body;
    expect(await ended(id)).toMatchObject({
      status: 'succeeded',
      liveaction: { id, action: 'core.local' },
      result: { stdout: 'hi', stderr: 'no', return_code: 0 },
      runner: { name: 'local-shell-cmd' },
      children: [],
    });
    expect((await api.get(`/v1/executions/${id}/output`)).body).toBe('hino');
    expect((await api.get(`/v1/executions/${id}/output?output_type=stderr`)).body).toBe('no');
    expect((await api.get(`/v1/executions/${id}/result`)).body).toMatchObject({ stdout: 'hi' });
    expect((await api.get(`/v1/executions/${id}/attribute/status`)).body).toBe('succeeded');
    expect((await api.get(`/v1/executions/${id}?include_attributes=status`)).body).toEqual({ id, status: 'succeeded' });
    expect((await api.get(`/v1/executions/${id}?max_result_size=5`)).body).not.toHaveProperty('result');
    for (const filter of [
      'action=core.local',
      'status=succeeded',
      'runner=local-shell-cmd',
      `id=${id}`,
      'timestamp_gt=2020-01-01T00:00:00Z',
      'parent=null',
    ]) {
      const { body } = await api.get<Item[]>(`/v1/executions?${filter}&exclude_attributes=result`);
      expect(body.map((each) => each.id)).toContain(id);
      expect(body[0]).not.toHaveProperty('result');
    }
    for (const filter of [
      'action=core.noop',
      'status=failed',
      'runner=noop',
      'parent=x',
      'timestamp_lt=2020-01-01T00:00:00Z',
      'timestamp=2020-01-01T00:00:00Z..2020-01-02T00:00:00Z',
    ])
      expect((await api.get(`/v1/executions?${filter}`)).body).toEqual([]);
  });

  test('a list goes on with an offset, and tells how much there is', async () => {
    for (let count = 0; count < 3; count += 1) await api.post('/v1/executions', { action: 'core.noop' });
    const all = await api.get<Item[]>('/v1/executions?action=core.noop&limit=-1');
    const page = await api.get<Item[]>('/v1/executions?action=core.noop&limit=1&offset=1');
    expect(page.headers.get('x-total-count')).toBe(String(all.body.length));
    expect(page.headers.get('x-limit')).toBe('1');
    expect(page.body.map(({ id }) => id)).toEqual([all.body[1]?.id]);
  });

  test('one that runs is canceled, and one that has ended is left alone', async () => {
    const { body } = await api.post('/v1/executions', { action: 'core.local', parameters: { cmd: 'sleep 60' } });
    await until('it runs', async () => (await api.get(`/v1/executions/${body.id}`)).body.status === 'running');
    expect((await api.delete(`/v1/executions/${body.id}`)).status).toBe(200);
    expect((await ended(body.id)).status).toBe('canceled');
    expect(await api.delete(`/v1/executions/${body.id}`)).toMatchObject({
      status: 200,
      body: { faultstring: 'Execution is already in completed state.' },
    });
  });

  test('one is run once more, with other parameters', async () => {
    const { body } = await api.post('/v1/executions', {
      action: 'core.local',
      parameters: { cmd: 'echo 1', timeout: 5 },
    });
    const again = await api.post(`/v1/executions/${body.id}/re_run`, { parameters: { cmd: 'echo 2' } });
    expect(again.body.parameters).toMatchObject({ cmd: 'echo 2', timeout: 5 });
    const later = await api.post(`/v1/executions`, { action: 'core.noop', delay: 60_000 });
    expect((await api.get(`/v1/executions/${later.body.id}`)).body.status).toBe('delayed');
    expect((await api.put(`/v1/executions/${later.body.id}`, { status: 'canceled' })).status).toBe(200);
    expect((await ended(later.body.id)).status).toBe('canceled');
    expect((await api.put(`/v1/executions/${body.id}`, { status: 'pausing' })).status).toBe(400);
  });

  test('what is wrong with a request is told in StackStorm’s form', async () => {
    expect(await api.post('/v1/executions', { action: 'core.nothing' })).toMatchObject({
      status: 400,
      body: { faultstring: 'Action "core.nothing" cannot be found.' },
    });
    expect(await api.post('/v1/executions', { action: 'core.local', parameters: { no: 1 } })).toMatchObject({
      status: 400,
      body: { faultstring: expect.stringContaining('unknown parameter: `no`') },
    });
    expect(await api.post('/v1/executions', { action: 5 })).toMatchObject({
      status: 400,
      body: { faultstring: expect.stringContaining('`action`') },
    });
    expect(await api.post('/v1/executions', '{"action": ')).toMatchObject({
      status: 400,
      body: { faultstring: expect.stringContaining('not JSON') },
    });
    expect((await api.get('/v1/executions/none')).status).toBe(404);
    expect((await api.get('/v1/nothing')).status).toBe(404);
    expect((await api.get('/v1/executions?limit=many')).status).toBe(400);
    const patch = await api.ask('PATCH', '/v1/executions', {});
    expect([patch.status, patch.headers.get('allow')]).toEqual([405, 'GET, POST']);
  });
});

describe('what may come in', () => {
  const asked = (headers: Record<string, string>, path = '/v1/actions') =>
    fetch(`${api.origin}${path}`, { headers }).then(async (answer) => [
      answer.status,
      ((await answer.json()) as { faultstring?: string }).faultstring,
    ]);

  test('nobody without a key or token', async () => {
    expect(await asked({})).toEqual([401, 'Unauthorized - One of Token or API key required.']);
    expect(await asked({ 'X-Auth-Token': 'wrong' })).toEqual([
      401,
      'Unauthorized - Token or API key with provided value not found.',
    ]);
  });

  test('a key in each of StackStorm’s forms, until it is switched off or deleted', async () => {
    const { id, key } = await engine.client.apiKeys.create({ name: 'script' });
    for (const headers of [{ 'St2-Api-Key': key }, { 'X-Auth-Token': key }, { Authorization: `Bearer ${key}` }])
      expect((await asked(headers))[0]).toBe(200);
    expect((await asked({}, `/v1/actions?st2-api-key=${key}`))[0]).toBe(200);
    expect((await asked({}, `/api/v1/actions/?x-auth-token=${key}`))[0]).toBe(200);
    await engine.client.apiKeys.setEnabled({ id, enabled: false });
    expect((await asked({ 'St2-Api-Key': key }))[0]).toBe(401);
    await engine.client.apiKeys.setEnabled({ id, enabled: true });
    expect((await engine.client.apiKeys.list()).find((each) => each.id === id)).toMatchObject({
      lastUsedAt: expect.any(String),
    });
    await engine.client.apiKeys.delete({ id });
    expect((await asked({ 'St2-Api-Key': key }))[0]).toBe(401);
    await expect(engine.client.apiKeys.delete({ id })).rejects.toThrow('there is no API key');
  });

  test('a session that was begun with a key, for as long as the key is on', async () => {
    const { id, key } = await engine.client.apiKeys.create({});
    const login = (password: string) =>
      api.post(
        '/auth/v1/tokens',
        { ttl: 60 },
        { 'St2-Api-Key': '', Authorization: `Basic ${Buffer.from(`me:${password}`).toString('base64')}` },
      );
    expect((await login('wrong')).status).toBe(401);
    const { status, body } = await login(key);
    expect(status).toBe(201);
    expect((await asked({ 'X-Auth-Token': body.token }))[0]).toBe(200);
    expect((await api.post('/v1/tokens/validate', { token: body.token })).body).toEqual({ valid: true });
    await engine.client.apiKeys.setEnabled({ id, enabled: false });
    expect((await asked({ 'X-Auth-Token': body.token }))[0]).toBe(401);
  });

  test('an action with its own token, which ends with it and changes no keys', async () => {
    const script =
      'curl -s -o /dev/null -w "%{http_code} " -H "X-Auth-Token: $ST2_ACTION_AUTH_TOKEN" $ST2_ACTION_API_URL/actions; curl -s -o /dev/null -w "%{http_code} " -X POST -d "{}" -H "X-Auth-Token: $ST2_AUTH_TOKEN" $ST2_API_URL/apikeys; echo $ST2_AUTH_TOKEN';
    const { result } = await engine.run('core.local', { cmd: script });
    const [actions, keys, token] = String((result as { stdout: string }).stdout).split(' ');
    expect([actions, keys]).toEqual(['200', '403']);
    expect((await asked({ 'X-Auth-Token': token ?? '' }))[0]).toBe(401);
  });

  test('no page of another origin, and no other name for the loopback', async () => {
    expect((await asked({ 'St2-Api-Key': api.key, Origin: 'http://example.org' }))[0]).toBe(403);
    const status = await new Promise((resolve, reject) => {
      const url = new URL(`${api.base}/actions`);
      const sent = request(url, { headers: { Host: 'evil.example', 'St2-Api-Key': api.key } }, (answer) =>
        resolve(answer.resume().statusCode),
      );
      sent.on('error', reject).end();
    });
    expect(status).toBe(403);
  });
});

describe('bodies', () => {
  /** Sends a body of that many bytes, in pieces, and gives the answer as soon as it comes. */
  function sendMuch(path: string, bytes: number, headers: Record<string, string>) {
    return new Promise<{ status: number; sent: number }>((resolve, reject) => {
      const piece = Buffer.alloc(1024 * 1024, 'x');
      let sent = 0;
      const asking = request(new URL(`${api.origin}${path}`), {
        method: 'POST',
        headers: { 'St2-Api-Key': api.key, ...headers },
      });
      asking.on('response', (answer) => {
        resolve({ status: answer.statusCode ?? 0, sent });
        asking.destroy();
      });
      asking.on('error', reject);
      const more = () => {
        while (sent < bytes && !asking.destroyed) {
          sent += piece.length;
          if (!asking.write(piece)) return void asking.once('drain', more);
        }
        if (!asking.destroyed) asking.end();
      };
      more();
    });
  }

  test('100 MB are refused before they are read, whether their length is told or not', async () => {
    const bytes = 100 * 1024 * 1024;
    const before = process.memoryUsage();
    for (const path of ['/v1/webhooks/st2', '/v1/executions']) {
      const told = await sendMuch(path, bytes, { 'Content-Length': String(bytes) });
      const untold = await sendMuch(path, bytes, { 'Transfer-Encoding': 'chunked' });
      expect([told.status, untold.status]).toEqual([413, 413]);
      expect(untold.sent).toBeLessThan(bytes);
    }
    // Four times that was sent, and the sender's own pieces are in this process too.
    const after = process.memoryUsage();
    expect(after.arrayBuffers + after.external - before.arrayBuffers - before.external).toBeLessThan(bytes);
    expect((await api.get('/v1/actions?limit=1')).status).toBe(200);
  });

  test('who may not come in is told so before the body', async () => {
    expect(
      (await sendMuch('/v1/executions', 50 * 1024 * 1024, { 'St2-Api-Key': 'no', 'Transfer-Encoding': 'chunked' }))
        .status,
    ).toBe(401);
  });

  test('one that nests a million deep is refused', async () => {
    const deep = '['.repeat(1_000_000);
    for (const path of ['/v1/webhooks/st2', '/v1/executions', '/v1/rules']) {
      expect(await api.post(path, deep)).toMatchObject({
        status: 400,
        body: { faultstring: expect.stringContaining('nests deeper') },
      });
    }
    const parameters = JSON.parse(`${'{"a":'.repeat(60)}1${'}'.repeat(60)}`);
    expect((await api.post('/v1/executions', { action: 'core.noop', parameters })).status).toBe(400);
  });
});

describe('the stream', () => {
  test('tells of executions, their output and announcements, of those that are asked for', async () => {
    const abort = new AbortController();
    const url = `${api.base}/stream?events=st2.execution__*,st2.announcement__*,st2.execution.output__create&action_refs=core.local,core.announcement`;
    const response = await fetch(url, { headers: { 'St2-Api-Key': api.key }, signal: abort.signal });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    let text = '';
    const reading = (async () => {
      for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString('utf8');
    })().catch(() => {});
    await api.post('/v1/executions', { action: 'core.noop' });
    const { body } = await api.post('/v1/executions', { action: 'core.local', parameters: { cmd: 'echo streamed' } });
    await api.post('/v1/executions', {
      action: 'core.announcement',
      parameters: { message: { say: 'hear' }, route: 'town' },
    });
    await until('all was told', () => text.includes('succeeded') && text.includes('st2.announcement__town'));
    const events = text.split('\n\n').flatMap((block) => {
      const found = /event: (\S+)\ndata: (.*)/.exec(block);
      return found ? [{ name: found[1] ?? '', data: JSON.parse(found[2] ?? '') }] : [];
    });
    const mine = events.filter(({ data }) => data.id === body.id || data.execution_id === body.id);
    expect(mine[0]).toMatchObject({
      name: 'st2.execution__create',
      data: { status: 'requested', action: { ref: 'core.local' } },
    });
    expect(mine.map(({ name }) => name)).toContain('st2.execution__update');
    expect(mine.find(({ name }) => name === 'st2.execution.output__create')?.data).toMatchObject({
      output_type: 'stdout',
      data: 'streamed\n',
      action_ref: 'core.local',
    });
    expect(events.find(({ name }) => name === 'st2.announcement__town')?.data).toMatchObject({
      payload: { message: { say: 'hear' } },
    });
    expect(text).not.toContain('core.noop');
    abort.abort();
    await reading;
  });

  test('needs a key', async () => {
    expect((await fetch(`${api.base}/stream`)).status).toBe(401);
  });
});

test('a program of the person finds the API on the port of the settings, as long as they say so', async () => {
  expect(await engine.client.api.addresses()).not.toHaveProperty('public');
  await engine.client.settings.update({ api: { enabled: true, port: 0 } });
  const address = await until('it is open', async () => (await engine.client.api.addresses()).public);
  expect(address).not.toBe(api.base);
  expect((await fetch(`${address}/actions?limit=1`, { headers: { 'St2-Api-Key': api.key } })).status).toBe(200);
  const taken = Number(new URL(api.base).port);
  await engine.client.settings.update({ api: { port: taken } });
  expect(await until('the taken port is told', async () => (await engine.client.api.addresses()).problem)).toContain(
    String(taken),
  );
  await engine.client.settings.update({ api: { enabled: false } });
  await until('it is closed', async () => (await engine.client.api.addresses()).problem === undefined);
  await expect(fetch(`${address}/actions`)).rejects.toThrow();
});

test('the description tells every route with its schemas, and needs no key', async () => {
  const response = await fetch(`${api.base}/openapi.json`);
  const description = (await response.json()) as { openapi: string; paths: Record<string, Record<string, object>> };
  expect(description.openapi).toBe('3.1.0');
  expect(await engine.client.api.openapi()).toEqual(description);
  expect(description.paths['/v1/executions']?.get).toMatchObject({
    parameters: expect.arrayContaining([
      { name: 'limit', in: 'query', schema: expect.objectContaining({ default: 100 }) },
    ]),
    responses: { 200: { content: { 'application/json': { schema: { type: 'array' } } } } },
  });
  expect(description.paths['/v1/executions']?.post).toMatchObject({
    requestBody: { content: { 'application/json': { schema: { required: ['action'] } } } },
  });
  const text = JSON.stringify(description);
  for (const [, ref = ''] of text.matchAll(/"\$ref":"([^"]+)"/g)) expect(ref).toBe('#/components/schemas/Fault');
  expect(Object.keys(description.paths).length).toBeGreaterThan(45);
});

test('an action whose pack is not loaded has its name all the same', async () => {
  const action = 'core.noop' as ResourceRef;
  const { id } = await engine.client.executions.run({ action, parameters: {} });
  expect((await api.get(`/v1/executions/${id}`)).body.action.ref).toBe(action);
});
