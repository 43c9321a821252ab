import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../main/contract/json.ts';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { startHeadlessApp } from '../support/headless-app.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { startTestEngine, type TestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

const ASK = 'core.ask' as ResourceRef;
const SCHEMA = {
  type: 'object',
  properties: { go: { type: 'boolean', description: 'Shall it go on?', required: true } },
};

async function ask(engine: Pick<TestEngine, 'client'>, parameters: JsonObject = {}): Promise<string> {
  const { id } = await engine.client.executions.run({ action: ASK, parameters });
  await until('it waits', async () => (await engine.client.executions.get({ id })).status === 'pending');
  return id;
}

test('a question waits, is told, is an event, and its answer is the result', async () => {
  await using engine = await startTestEngine({ settings: { notifications: { onSuccess: false } } });
  const changed: string[] = [];
  engine.client.inquiries.onChanged(({ id }) => changed.push(id));
  const id = await ask(engine, { schema: SCHEMA, route: 'night' });

  expect(await engine.client.inquiries.list()).toMatchObject([{ id, action: ASK, route: 'night', schema: SCHEMA }]);
  expect(await engine.client.executions.get({ id })).not.toHaveProperty('endedAt');
  const notice = await until('it was told', () => engine.notices.find(({ execution }) => execution === id));
  expect(notice).toMatchObject({ level: 'info', title: 'core.ask waits for your answer', body: 'Shall it go on?' });
  const event = await until('it is an event', async () => {
    const { items } = await engine.client.triggers.page({ trigger: 'core.st2.generic.inquiry' });
    return items[0];
  });
  expect(event).toMatchObject({
    payload: { id, route: 'night' },
    source: 'engine',
    status: expect.stringMatching(/pending|processed/),
  });

  await expect(engine.client.inquiries.respond({ id, response: { go: 'yes' } })).rejects.toMatchObject({
    code: 'inquiry/response-invalid',
    message: expect.stringContaining('`go` must be a boolean'),
  });
  const ended = await engine.client.inquiries.respond({ id, response: { go: true } });
  expect(ended).toMatchObject({
    status: 'succeeded',
    result: { schema: SCHEMA, response: { go: true }, route: 'night' },
  });
  expect(await engine.client.inquiries.list()).toEqual([]);
  await until('both changes were told', () => changed.length === 2);
});

test('a rule can run on a question', async () => {
  await using home = await tempFolder();
  await mkdir(path.join(home.path, 'config', 'rules'), { recursive: true });
  await writeFile(
    path.join(home.path, 'config', 'rules', 'tell.yaml'),
    'name: tell\nenabled: true\ntrigger: {type: core.st2.generic.inquiry}\ncriteria:\n  trigger.route: {type: equals, pattern: night}\naction: {ref: core.noop}\n',
  );
  await using engine = await startTestEngine({ home: home.path });
  await ask(engine, { route: 'day' });
  await ask(engine, { route: 'night' });
  await until('the rule ran its action', async () => {
    const { items } = await engine.client.executions.page({ action: 'core.noop' as ResourceRef });
    return items.length === 1;
  });
});

test('a question can be canceled', async () => {
  await using engine = await startTestEngine();
  const id = await ask(engine);
  expect((await engine.client.executions.cancel({ id })).status).toBe('canceled');
  expect(await engine.client.inquiries.list()).toEqual([]);
});

test('a question outlives a kill -9 of the app, and can be answered after it', async () => {
  await using home = await tempFolder();
  let id: string;
  {
    await using app = await startHeadlessApp(home.path);
    id = await ask(app, { schema: SCHEMA });
    await app.kill();
  }
  await using again = await startHeadlessApp(home.path);
  expect(await again.client.inquiries.list()).toMatchObject([{ id, schema: SCHEMA }]);
  const ended = await again.client.inquiries.respond({ id, response: { go: false } });
  expect(ended).toMatchObject({ status: 'succeeded', result: { response: { go: false } } });
});
