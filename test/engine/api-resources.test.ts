import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiClient, type Item } from '../support/api-client.ts';
import { startTestEngine, type TestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

const FILES = {
  'pack.yaml': 'ref: demo\nname: Demo\ndescription: d\nversion: 1.2.3\nauthor: a\n',
  'config.schema.yaml': 'url: {type: string, required: true}\ntoken: {type: string, secret: true}\n',
  'actions/say.yaml':
    'name: say\nrunner_type: local-shell-script\nentry_point: say.sh\nparameters: {message: {type: string, required: true, position: 0}}\n',
  'actions/say.sh': '#!/bin/sh\necho "$1"\n',
  'triggers/seen.yaml': 'name: seen\npayload_schema: {type: object, properties: {size: {type: integer}}}\n',
  'rules/on_seen.yaml':
    'name: on_seen\nenabled: false\ntrigger: {type: demo.seen}\naction: {ref: demo.say, parameters: {message: "{{trigger.size}}"}}\n',
  'policies/one.yaml':
    'name: one\nresource_ref: demo.say\npolicy_type: action.concurrency\nparameters: {threshold: 1}\n',
  'aliases/say.yaml': 'name: say\naction_ref: demo.say\nformats: ["say {{message}}"]\nack: {format: "Saying."}\n',
};

let engine: TestEngine;
let api: Awaited<ReturnType<typeof apiClient>>;
beforeAll(async () => {
  engine = await startTestEngine();
  for (const [file, text] of Object.entries(FILES)) {
    const place = path.join(engine.home, 'source', 'demo', file);
    await mkdir(path.dirname(place), { recursive: true });
    await writeFile(place, text, { mode: 0o755 });
  }
  api = await apiClient(engine);
  const { status, body } = await api.post('/v1/packs/install', { packs: [path.join(engine.home, 'source', 'demo')] });
  expect(status).toBe(202);
  await engine.ended(String(body.execution_id));
});
afterAll(() => engine[Symbol.asyncDispose]());

const refs = (items: readonly Item[]) => items.map(({ ref }) => ref);

describe('actions and runners', () => {
  test('are listed and looked at', async () => {
    expect(refs((await api.get<Item[]>('/v1/actions?pack=demo')).body)).toEqual(['demo.say']);
    expect((await api.get<Item[]>('/v1/actions?limit=2')).body).toHaveLength(2);
    expect((await api.get('/v1/actions/demo.say')).body).toMatchObject({
      runner_type: 'local-shell-script',
      entry_point: 'say.sh',
      parameters: { message: { type: 'string', required: true } },
      metadata_file: 'actions/say.yaml',
    });
    expect((await api.get('/v1/actions/views/parameters/demo.say')).body.parameters).toMatchObject({
      message: { position: 0 },
      timeout: { default: 60 },
    });
    expect((await api.get('/v1/actions/views/entry_point/demo.say')).body).toBe(FILES['actions/say.sh']);
    expect((await api.get('/v1/actions/views/entry_point/core.noop')).status).toBe(404);
    expect((await api.get('/v1/actions/demo.none')).status).toBe(404);
    expect((await api.get('/v1/actions/none')).status).toBe(404);
    expect((await api.get('/v1/runnertypes/python-script')).body.runner_parameters).toHaveProperty('timeout');
  });
});

describe('keys', () => {
  test('are set, read, decrypted, listed by prefix and deleted', async () => {
    const put = await api.put('/v1/keys/demo.a', { value: '1', name: 'demo.a', ttl: 60 });
    expect(put.body).toMatchObject({
      name: 'demo.a',
      value: '1',
      scope: 'st2kv.system',
      expire_timestamp: expect.any(String),
    });
    await api.put('/v1/keys/demo.secret', { value: 's3cret', secret: true });
    expect((await api.get('/v1/keys/demo.secret/')).body).toMatchObject({
      value: '********',
      encrypted: true,
      secret: true,
    });
    expect((await api.get('/v1/keys/demo.secret/?decrypt=true')).body).toMatchObject({
      value: 's3cret',
      encrypted: false,
    });
    await api.put('/v1/keys/mine?user=me', { value: 'x' });
    expect((await api.get('/v1/keys/mine?scope=user')).body).toMatchObject({ scope: 'st2kv.user', value: 'x' });
    const names = async (query: string) => (await api.get<Item[]>(`/v1/keys?${query}`)).body.map(({ name }) => name);
    expect(await names('prefix=demo.')).toEqual(['demo.a', 'demo.secret']);
    expect(await names('scope=all&prefix=mi')).toEqual(['mine']);
    expect((await api.get<Item[]>('/v1/keys?prefix=demo.s&decrypt=true')).body).toMatchObject([{ value: 's3cret' }]);
    expect((await api.delete('/v1/keys/demo.a')).status).toBe(204);
    expect(await api.get('/v1/keys/demo.a')).toMatchObject({ status: 404, body: { faultstring: expect.any(String) } });
  });

  test('a wrong value, scope or cipher is refused', async () => {
    expect((await api.put('/v1/keys/k', { value: 5 })).status).toBe(400);
    expect((await api.get('/v1/keys/k?scope=galaxy')).status).toBe(400);
    expect((await api.put('/v1/keys/k', { value: 'abc', encrypted: true })).status).toBe(400);
  });
});

describe('rules', () => {
  const RULE = {
    name: 'big',
    description: 'Says what is big.',
    enabled: true,
    trigger: { type: 'demo.seen' },
    criteria: { 'trigger.size': { type: 'greaterthan', pattern: 10 } },
    action: { ref: 'demo.say', parameters: { message: 'big: {{ trigger.size }}' } },
    tags: [{ name: 'a', value: 'b' }],
  };

  test('are made, changed, listed, enforced and deleted', async () => {
    const made = await api.post('/v1/rules', RULE);
    expect(made).toMatchObject({ status: 201, body: { ref: 'default.big', pack: 'default', ...RULE } });
    const changed = await api.put('/v1/rules/default.big', { ...made.body, description: 'Louder.' });
    expect(changed.body).toMatchObject({ ...RULE, description: 'Louder.' });
    expect(refs((await api.get<Item[]>('/v1/rules?pack=default&enabled=true')).body)).toEqual(['default.big']);

    const sent = await api.post('/v1/webhooks/st2', { trigger: 'demo.seen', payload: { size: 11 } });
    expect(sent.status).toBe(202);
    const enforcement = await until('it was enforced', async () => {
      const { body } = await api.get<Item[]>('/v1/ruleenforcements?rule_ref=default.big');
      return body[0];
    });
    expect(enforcement).toMatchObject({ rule: { ref: 'default.big' }, status: 'succeeded' });
    expect((await api.get(`/v1/ruleenforcements/${enforcement.id}`)).body).toEqual(enforcement);
    const found = await api.get<Item[]>(`/v1/executions?trigger_instance=${enforcement.trigger_instance_id}`);
    expect(found.body).toMatchObject([{ rule: { ref: 'default.big' }, parameters: { message: 'big: 11' } }]);

    const { body: instance } = await api.get(`/v1/triggerinstances/${enforcement.trigger_instance_id}`);
    expect(instance).toMatchObject({ trigger: 'demo.seen', payload: { size: 11 } });
    expect((await api.post(`/v1/triggerinstances/${instance.id}/re_emit`, 'null')).body).toMatchObject({
      payload: { size: 11 },
    });
    await until(
      'it came again',
      async () => (await api.get<Item[]>('/v1/triggerinstances?trigger=demo.seen')).body.length === 2,
    );

    expect((await api.delete('/v1/rules/default.big')).status).toBe(204);
    expect((await api.get('/v1/rules/default.big')).status).toBe(404);
  });

  test('one of a pack is switched on and off, and nothing else', async () => {
    const { body } = await api.get('/v1/rules/demo.on_seen');
    expect((await api.put('/v1/rules/demo.on_seen', { ...body, enabled: true })).body.enabled).toBe(true);
    expect((await api.put('/v1/rules/demo.on_seen', { ...body, enabled: false })).body.enabled).toBe(false);
    const other = await api.put('/v1/rules/demo.on_seen', { ...body, action: { ref: 'core.noop' } });
    expect(other).toMatchObject({ status: 400, body: { faultstring: expect.stringContaining('belongs to its pack') } });
  });

  test('a wrong one is refused with file and line, and leaves nothing behind', async () => {
    const wrong = { ...RULE, criteria: { 'trigger.size': { type: 'bigger', pattern: 1 } } };
    expect(await api.post('/v1/rules', wrong)).toMatchObject({
      status: 400,
      body: { faultstring: expect.stringContaining('unknown operator') },
    });
    expect((await api.get('/v1/rules/default.big')).status).toBe(404);
    expect((await api.post('/v1/rules', { ...RULE, pack: 'demo' })).status).toBe(400);
    expect((await api.post('/v1/rules', { name: 'x' })).status).toBe(400);
    await api.post('/v1/rules', RULE);
    expect((await api.post('/v1/rules', RULE)).status).toBe(409);
    await api.delete('/v1/rules/default.big');
  });
});

describe('triggers and webhooks', () => {
  test('types and triggers are listed', async () => {
    expect((await api.get('/v1/triggertypes/demo.seen')).body).toMatchObject({ payload_schema: { type: 'object' } });
    expect(refs((await api.get<Item[]>('/v1/triggers?pack=demo')).body)).toEqual(['demo.seen']);
    expect((await api.get('/v1/triggers/demo.seen')).body).toMatchObject({ type: 'demo.seen', parameters: {} });
    expect((await api.get('/v1/triggers/demo.none')).status).toBe(404);
    expect((await api.get('/v1/timers')).body).toEqual([]);
  });

  test('what is posted is an event for the rules on its address, without what lets it in', async () => {
    const rule = {
      trigger: { type: 'core.st2.webhook', parameters: { url: 'git/push' } },
      action: { ref: 'core.noop' },
    };
    expect((await api.post('/v1/webhooks/git/push', { a: 1 })).status).toBe(404);
    await api.post('/v1/rules', { name: 'push', enabled: true, ...rule });
    expect((await api.get<Item[]>('/v1/webhooks')).body).toMatchObject([{ parameters: { url: 'git/push' } }]);
    expect((await api.get('/v1/webhooks/git/push')).body).toMatchObject({ type: 'core.st2.webhook' });
    const posted = await api.post('/v1/webhooks/git/push', { a: [1] }, { 'X-Kind': 'push' });
    expect([posted.status, posted.body]).toEqual([202, { a: [1] }]);
    const form = await api.post('/v1/webhooks/git/push', 'a=1&a=2', {
      'Content-Type': 'application/x-www-form-urlencoded',
    });
    expect([form.status, form.body]).toEqual([202, { a: ['1', '2'] }]);
    const run = await until(
      'its rule ran',
      async () => (await api.get<Item[]>('/v1/executions?rule=default.push')).body[0],
    );
    const { body } = await api.get(`/v1/triggerinstances/${(run.trigger_instance as Item).id}`);
    expect(body.payload).toMatchObject({ body: expect.anything(), headers_lower: expect.anything() });
    expect(JSON.stringify(body.payload)).not.toContain(api.key);
    expect((await api.post('/v1/webhooks/st2', { payload: {} })).status).toBe(400);
    expect((await api.post('/v1/webhooks/st2', { trigger: 'demo.none' })).status).toBe(400);
  });
});

describe('policies', () => {
  test('are listed with their types, and switched', async () => {
    expect((await api.get<Item[]>('/v1/policies?resource_ref=demo.say')).body).toMatchObject([
      { ref: 'demo.one', policy_type: 'action.concurrency', parameters: { threshold: 1 }, enabled: true },
    ]);
    expect((await api.put('/v1/policies/demo.one', { enabled: false })).body.enabled).toBe(false);
    expect((await api.get('/v1/policies/demo.one')).body.enabled).toBe(false);
    expect((await api.get('/v1/policies/demo.two')).status).toBe(404);
    expect((await api.delete('/v1/policies/demo.one')).status).toBe(400);
    expect((await api.get<Item[]>('/v1/policytypes')).body.map(({ ref }) => ref)).toContain('action.retry');
    expect((await api.get('/v1/policytypes/action.retry')).body.parameters).toHaveProperty('max_retry_count');
    expect((await api.get('/v1/policytypes/none')).status).toBe(404);
  });
});

describe('aliases', () => {
  test('are matched, run and explained', async () => {
    expect((await api.post('/v1/actionalias/match', { command: 'say hi' })).body).toMatchObject({
      actionalias: { ref: 'demo.say', formats: ['say {{message}}'] },
      representation: 'say {{message}}',
    });
    expect((await api.post('/v1/actionalias/match', { command: 'sing hi' })).status).toBe(400);
    const { status, body } = await api.post<{ results: Item[] }>('/v1/aliasexecution/match_and_execute', {
      command: 'say hi',
      source_channel: 'c',
    });
    expect([status, body]).toMatchObject([201, { results: [{ message: 'Saying.', actionalias: { name: 'say' } }] }]);
    const id = (body.results[0]?.execution as Item | undefined)?.id ?? '';
    expect((await engine.ended(id)).result).toMatchObject({ stdout: 'hi' });
    expect((await api.get(`/v1/executions/${id}`)).body.context).toMatchObject({
      action_alias_ref: { id: 'demo.say' },
    });
    const named = { name: 'say', format: 'say {{message}}', command: 'say so', source_channel: 'c' };
    expect((await api.post('/v1/aliasexecution', named)).body).toMatchObject({
      execution: { parameters: { message: 'so' } },
    });
    expect((await api.post('/v1/aliasexecution', { ...named, name: 'sing' })).status).toBe(404);
    expect((await api.get('/v1/actionalias/help?filter=SAY')).body).toMatchObject({
      available: 1,
      helpstrings: [{ pack: 'demo' }],
    });
    expect((await api.get('/v1/actionalias/help?filter=(x')).body).toMatchObject({ available: 0 });
    expect((await api.get('/v1/actionalias/demo.say')).body).toMatchObject({ action_ref: 'demo.say' });
  });
});

describe('packs and their configurations', () => {
  test('are listed, searched, configured and removed', async () => {
    expect(refs((await api.get<Item[]>('/v1/packs?ref=demo')).body)).toEqual(['demo']);
    expect((await api.get('/v1/packs/demo')).body).toMatchObject({ version: '1.2.3', author: 'a' });
    expect((await api.get('/v1/packs/none')).status).toBe(404);
    expect((await api.post('/v1/packs/register', { packs: ['demo'] })).body).toMatchObject({ actions: 1, rules: 1 });
    expect((await api.post<Item[]>('/v1/packs/index/search', { query: 'examples' })).body).toMatchObject([
      { ref: 'examples' },
    ]);
    expect((await api.post('/v1/packs/index/search', { pack: 'nowhere' })).body).toBeNull();
    expect((await api.get('/v1/packs/index')).body.index).toHaveProperty('examples');
    expect((await api.get('/v1/packs/index/health')).body).toMatchObject({ indexes: { count: 0 } });
    expect((await api.get('/v1/config_schemas/demo')).body).toMatchObject({ attributes: { url: { required: true } } });
    expect((await api.get('/v1/configs/demo')).status).toBe(404);
    const put = await api.put('/v1/configs/demo', { url: 'http://x', token: 's3cret' });
    expect(put.body).toMatchObject({ pack: 'demo', values: { url: 'http://x' } });
    expect(JSON.stringify((await api.get('/v1/configs')).body)).not.toContain('s3cret');
    expect((await api.put('/v1/configs/demo', { url: 5 })).status).toBe(400);
  });
});

describe('questions', () => {
  test('are listed and answered', async () => {
    const schema = { type: 'object', properties: { go: { type: 'boolean', required: true } } };
    const { body } = await api.post('/v1/executions', { action: 'core.ask', parameters: { schema, route: 'night' } });
    const asked = await until('it asks', async () => (await api.get<Item[]>('/v1/inquiries')).body[0]);
    expect(asked).toMatchObject({ id: body.id, route: 'night', schema });
    expect((await api.put(`/v1/inquiries/${asked.id}`, { id: asked.id, response: { go: 5 } })).status).toBe(400);
    const answer = { id: asked.id, response: { go: true } };
    expect((await api.put(`/v1/inquiries/${asked.id}`, answer)).body).toEqual(answer);
    expect((await api.get(`/v1/executions/${body.id}`)).body).toMatchObject({
      status: 'succeeded',
      result: { response: { go: true } },
    });
    expect((await api.get(`/v1/inquiries/${asked.id}`)).status).toBe(404);
  });
});

test('who asks, sensors, keys and what this is', async () => {
  expect((await api.get('/v1/user')).body).toMatchObject({ username: 'stormlet', rbac: { is_admin: true } });
  expect((await api.get('/v1/')).body).toMatchObject({ version: '0.0.0-test' });
  expect((await api.get('/v1/sensortypes')).body).toEqual([]);
  const made = await api.post('/v1/apikeys', { metadata: { name: 'ci' } });
  expect(made).toMatchObject({ status: 201, body: { key: expect.any(String), metadata: { name: 'ci' } } });
  expect((await api.put(`/v1/apikeys/${made.body.id}`, { enabled: false })).body.enabled).toBe(false);
  expect((await api.get<Item[]>('/v1/apikeys')).body.map(({ id }) => id)).toContain(made.body.id);
  expect(JSON.stringify((await api.get('/v1/apikeys')).body)).not.toContain(String(made.body.key));
  expect((await api.delete(`/v1/apikeys/${made.body.id}`)).status).toBe(204);
  expect((await api.get(`/v1/apikeys/${made.body.id}`)).status).toBe(404);
});
