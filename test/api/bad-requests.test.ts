import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROUTES } from '../../main/api/all-routes.ts';
import { apiClient, type Item } from '../support/api-client.ts';
import { startTestEngine, type TestEngine } from '../support/test-engine.ts';

let engine: TestEngine;
let api: Awaited<ReturnType<typeof apiClient>>;
beforeAll(async () => {
  engine = await startTestEngine();
  api = await apiClient(engine);
});
afterAll(() => engine[Symbol.asyncDispose]());

const BODIES = [
  '',
  'null',
  '5',
  '"text"',
  '[]',
  '{}',
  '{"a":',
  '\u0000',
  '{"__proto__": {"x": 1}, "constructor": 5}',
  '{"action": "core.noop", "parameters": [1]}',
  '{"name": ["x"], "trigger": 5, "action": null}',
  '{"response": "yes", "value": {}, "enabled": "often", "status": "gone", "command": 7}',
];
const NAMES = ['x', '..%2F..%2Fetc%2Fpasswd', '%00', 'a.b', '__proto__', `${'y'.repeat(3000)}`, '%F0%9F%8C%A9'];

test('no address and no body makes the app fail: each is answered in StackStorm’s form', async () => {
  const failed: string[] = [];
  for (const { method, path } of ROUTES) {
    for (const name of path.includes('{') ? NAMES : ['']) {
      const url = path.replace(/\{\w+\*?\}/g, name);
      const bodies = method === 'GET' || method === 'DELETE' ? [undefined] : BODIES;
      for (const body of bodies) {
        const { status, body: answer } = await api.ask<Item>(method, url, body);
        if (status >= 500) failed.push(`${method} ${url} with ${body}: ${status} ${JSON.stringify(answer)}`);
      }
    }
  }
  expect(failed).toEqual([]);
});

test.each(['limit=x', 'offset=-1', 'limit=-2', 'limit=1e9', 'status=nowhere', 'timestamp_gt=yesterday', 'action=none'])(
  'a list that is asked with `%s` is refused with the reason',
  async (query) => {
    const { status, body } = await api.get<{ faultstring: string }>(`/v1/executions?${query}`);
    expect([status, body.faultstring]).toEqual([400, expect.any(String)]);
  },
);
