import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { apiClient, type Item } from '../support/api-client.ts';
import { pypiPython } from '../support/pypi-python.ts';
import { startTestEngine, type TestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

const FILES: Record<string, string | Buffer> = {
  'pack.yaml': 'ref: demo\nname: demo\ndescription: d\nversion: 1.0.0\nauthor: a\n',
  'README.md': '# Demo ✓\n',
  'page.html': '<script>alert(1)</script>',
  'icon.png': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2]),
  'actions/leak.yaml': 'name: leak\nrunner_type: local-shell-script\nentry_point: ../../../../../../etc/hostname\n',
  'triggers/seen.yaml': 'name: seen\n',
  'large.txt': 'x'.repeat(500_001),
  'config.yaml': 'password: hunter2\n',
  '.env': 'TOKEN=hunter2\n',
  'lib/__pycache__/a.pyc': 'x',
};

let engine: TestEngine;
let api: Awaited<ReturnType<typeof apiClient>>;
beforeAll(async () => {
  engine = await startTestEngine();
  // In its place by hand, as a person may put it there: an installation would look at it first.
  const root = path.join(engine.home, 'data', 'packs', 'demo');
  for (const [file, content] of Object.entries(FILES)) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), content);
  }
  await writeFile(path.join(engine.home, 'secret.txt'), 'hunter2');
  await symlink(path.join(engine.home, 'secret.txt'), path.join(root, 'outside.txt'));
  await symlink(path.join(root, 'README.md'), path.join(root, 'inside.md'));
  await symlink(path.join(root, '.env'), path.join(root, 'hidden.txt'));
  await symlink(engine.home, path.join(root, 'home'));
  if (process.platform !== 'win32') await execa('mkfifo', [path.join(root, 'pipe')]);
  await until('the pack is there', async () => (await engine.client.packs.list()).some(({ ref }) => ref === 'demo'));
  api = await apiClient(engine);
});
afterAll(() => engine[Symbol.asyncDispose]());

describe('files of a pack', () => {
  test('are listed with what they hold, where they are texts of some size and nobody’s secret', async () => {
    const { body } = await api.get<Item[]>('/v1/packs/views/files/demo');
    expect(body.map(({ file_path }) => file_path)).toEqual([
      'README.md',
      'actions/leak.yaml',
      'inside.md',
      'pack.yaml',
      'page.html',
      'triggers/seen.yaml',
    ]);
    expect(body[0]?.content).toBe('# Demo ✓\n');
    expect(JSON.stringify(body)).not.toContain('hunter2');
  });

  test('are read one by one, and not again while they are known', async () => {
    const first = await api.get<string>('/v1/packs/views/file/demo/README.md');
    expect([first.status, first.body]).toEqual([200, '# Demo ✓\n']);
    const tag = first.headers.get('etag') ?? '';
    const since = first.headers.get('last-modified') ?? '';
    for (const known of [{ 'If-None-Match': tag }, { 'If-Modified-Since': since }] as Record<string, string>[]) {
      const again = await api.get<string>('/v1/packs/views/file/demo/README.md', known);
      expect([again.status, again.body]).toEqual([304, '']);
    }
    expect((await api.get('/v1/packs/views/file/demo/README.md', { 'If-None-Match': '"1"' })).status).toBe(200);
  });

  test('come as the bytes that they are, and run nowhere', async () => {
    const response = await fetch(`${api.origin}/v1/packs/views/file/demo/icon.png`, {
      headers: { 'St2-Api-Key': api.key },
    });
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await response.arrayBuffer())).toEqual(FILES['icon.png']);
    const page = await api.get<string>('/v1/packs/views/file/demo/page.html');
    expect(page.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toBe('sandbox');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test.each([
    'none.txt',
    'actions',
    'config.yaml',
    '.env',
    'hidden.txt',
    'outside.txt',
    'home/secret.txt',
    'lib/__pycache__/a.pyc',
    'pipe',
    '..%2F..%2F..%2Fsecret.txt',
    'actions%2F..%2F..%2F..%2F..%2Fsecret.txt',
    '%2Fetc%2Fhostname',
    'README.md%00.txt',
    '..%5C..%5Csecret.txt',
  ])('`%s` is none of them', async (file) => {
    const answer = await api.get(`/v1/packs/views/file/demo/${file}`);
    expect(answer.status).toBe(404);
  });

  test('one that is too large is refused as such, and of another pack there is none', async () => {
    expect((await api.get('/v1/packs/views/file/demo/large.txt')).status).toBe(400);
    expect((await api.get('/v1/packs/views/file/none/README.md')).status).toBe(404);
    expect((await api.get('/v1/packs/views/files/none')).status).toBe(404);
    expect((await api.get('/v1/packs/views/files/Not A Ref')).status).toBe(404);
  });

  test('an entry point that lies outside of its pack is not shown', async () => {
    expect((await api.get('/v1/actions/views/entry_point/demo.leak')).status).toBe(404);
  });

  test('nobody reads them without a key', async () => {
    expect((await fetch(`${api.origin}/v1/packs/views/files/demo`)).status).toBe(401);
  });
});

describe('traces', () => {
  test('are what began something and all that followed', async () => {
    const { event, execution, asked } = await somethingHappens();
    const all = (await api.get<Item[]>('/v1/traces')).body;
    expect(all.map(({ id }) => id)).toEqual(expect.arrayContaining([event, asked]));
    const trace = {
      id: event,
      trace_tag: 'my-tag',
      start_timestamp: expect.any(String),
      trigger_instances: [{ object_id: event, ref: 'demo.seen', caused_by: {} }],
      rules: [{ object_id: 'default.on_seen', caused_by: { type: 'trigger_instance', id: event } }],
      action_executions: [
        { object_id: execution, ref: 'core.noop', caused_by: { type: 'rule', id: `default.on_seen:${event}` } },
      ],
    };
    expect((await api.get(`/v1/traces/${event}`)).body).toMatchObject(trace);
    expect((await api.get(`/v1/traces/${execution}`)).body).toMatchObject(trace);
    for (const query of [
      'trace_tag=my-tag',
      `execution=${execution}`,
      `trigger_instance=${event}`,
      'rule=default.on_seen',
    ]) {
      expect((await api.get<Item[]>(`/v1/traces?${query}`)).body).toMatchObject([trace]);
    }
    expect((await api.get<Item[]>(`/v1/traces?trace_tag=execution-${asked}`)).body).toMatchObject([
      { id: asked, trigger_instances: [], action_executions: [{ object_id: asked, caused_by: {} }] },
    ]);
    expect((await api.get<Item[]>('/v1/traces?trace_tag=never')).body).toEqual([]);
    expect((await api.get('/v1/traces/none')).status).toBe(404);
    const ascending = (await api.get<Item[]>('/v1/traces?sort_asc=True')).body;
    expect(ascending.map(({ id }) => id)).toEqual(all.map(({ id }) => id).toReversed());
    expect((await api.get<Item[]>('/v1/traces?limit=1&offset=1&include_attributes=trace_tag')).body).toEqual([
      { id: all[1]?.id, trace_tag: all[1]?.trace_tag },
    ]);
  });

  test('and packs are shown by StackStorm’s own program', async () => {
    const { event, execution } = await somethingHappens();
    const python = await pypiPython('st2client', ['st2client']);
    const st2 = async (...args: string[]) => {
      const env = { ...process.env, ST2_API_URL: api.base, ST2_API_KEY: api.key, HOME: engine.home };
      const { stdout } = await execa(python, ['-c', ST2, ...args], { env });
      return stdout;
    };
    const listed = JSON.parse(await st2('trace', 'list', '-j')) as Item[];
    expect(listed.find(({ id }) => id === event)).toMatchObject({ trace_tag: 'my-tag' });
    expect(await st2('trace', 'get', event, '-e', execution)).toMatch(/demo\.seen.*default\.on_seen.*core\.noop/s);
    expect(await st2('trace', 'list', '--rule', 'default.on_seen')).toContain(event);
    expect(JSON.parse(await st2('pack', 'get', 'demo', '-j'))).toMatchObject({ name: 'demo', version: '1.0.0' });
    expect(await st2('pack', 'list')).toMatch(/demo .*1\.0\.0/);
  }, 120_000);
});

const ST2 = 'import sys; from st2client.shell import main; sys.exit(main(sys.argv[1:]))';

/** An event with a rule on it, and an action that somebody runs. */
async function somethingHappens() {
  const { client } = engine;
  const trigger = 'demo.seen' as ResourceRef;
  const isThere = (await client.rules.list()).some(({ ref }) => ref === 'default.on_seen');
  const rule = { name: 'on_seen', trigger, action: 'core.noop' as ResourceRef, criteria: {}, parameters: {} };
  if (!isThere) await client.rules.create(rule);
  const known = (await client.triggers.page({ trigger })).items[0];
  const event = known ?? (await client.triggers.emit({ trigger, payload: {}, traceTag: 'my-tag' }));
  const asked = await engine.run('core.noop');
  const execution = await until('its rule ran', async () => {
    const { items } = await client.executions.page({ triggerInstance: event.id, status: ['succeeded'] });
    return items[0];
  });
  return { event: event.id, execution: execution.id, asked: asked.id };
}
