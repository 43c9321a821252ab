import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiClient, type Item } from '../support/api-client.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { FIXTURE_PACKS, startTestEngine, type TestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

let engine: TestEngine;
let api: Awaited<ReturnType<typeof apiClient>>;
beforeAll(async () => {
  engine = await startTestEngine();
  api = await apiClient(engine);
  await engine.install(path.join(FIXTURE_PACKS, 'chained'));
});
afterAll(() => engine[Symbol.asyncDispose]());

const statusOf = async (id: string) => (await api.get(`/v1/executions/${id}`)).body.status;
const children = async (id: string) => (await api.get<Item[]>(`/v1/executions/${id}/children`)).body;

describe.skipIf(process.platform === 'win32')('a workflow', () => {
  test('is paused, resumed, and tells what its tasks ran', async () => {
    await using folder = await tempFolder();
    const { body } = await api.post('/v1/executions', { action: 'chained.gate', parameters: { folder: folder.path } });
    const { id } = body;
    await until('its first task runs', async () => (await children(id))[0]?.status === 'running');
    expect((await api.put(`/v1/executions/${id}`, { status: 'pausing' })).body.status).toBe('pausing');
    await writeFile(path.join(folder.path, 'first'), '');
    await until('it is paused', async () => (await statusOf(id)) === 'paused');
    expect((await api.put(`/v1/executions/${id}`, { status: 'resuming' })).status).toBe(200);
    await writeFile(path.join(folder.path, 'second'), '');
    await engine.ended(id);

    expect(await children(id)).toMatchObject(
      ['first', 'second', 'third'].map((name) => ({
        parent: id,
        context: { parent: { execution_id: id }, orquesta: { task_name: name }, chain: { name } },
      })),
    );
    const whole = await api.get<Item & { children: string[] }>(`/v1/executions/${id}`);
    expect(whole.body.children).toEqual((await children(id)).map((child) => child.id));
    const tops = await api.get<Item[]>('/v1/executions?parent=null&limit=1');
    expect(tops.body.map((each) => each.id)).toEqual([id]);
    const below = await api.get<Item[]>(`/v1/executions?parent=${id}`);
    expect(below.headers.get('x-total-count')).toBe('3');

    const again = await api.post(`/v1/executions/${id}/re_run`, {});
    expect(again.body.context).toMatchObject({ 're-run': { ref: id } });
    expect((await engine.ended(again.body.id)).status).toBe('succeeded');
  });

  test('below another is among the descendants, to the depth that is asked for', async () => {
    const { body } = await api.post('/v1/executions', { action: 'chained.outer' });
    const all = await until('it asks', async () => {
      const found = await children(body.id);
      return found.some(({ status }) => status === 'pending') && found;
    });
    const near = (await api.get<Item[]>(`/v1/executions/${body.id}/children?depth=1`)).body;
    expect(near.every(({ parent }) => parent === body.id)).toBe(true);
    expect(all.length).toBeGreaterThan(near.length);
    await api.delete(`/v1/executions/${body.id}`);
    expect((await engine.ended(body.id)).status).toBe('canceled');
  });
});
