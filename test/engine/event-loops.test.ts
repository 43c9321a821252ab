import { expect, test } from 'vitest';
import { isCompleted } from '../../main/contract/executions.ts';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { findTestPython } from '../support/python.ts';
import { startTestEngine, type TestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

/** Of the app's own API, as the client of StackStorm does it in an action. */
const ASK = `
import json, os, sys, urllib.request
method, path, body = sys.argv[1:]
request = urllib.request.Request(os.environ['ST2_ACTION_API_URL'] + path, body.encode(), method=method)
request.add_header('X-Auth-Token', os.environ['ST2_ACTION_AUTH_TOKEN'])
request.add_header('Content-Type', 'application/json')
urllib.request.urlopen(request).read()
`;

test('a rule on a key, whose action sets that key over the API, comes to an end', async () => {
  await using engine = await startTestEngine({ settings: { triggers: { maxChain: 2 } } });
  await engine.client.keys.set({ name: 'counter', value: '0' });
  await addRule(engine, 'core.st2.key_value_pair.update', {}, await asking('PUT', '/keys/counter', { value: 'again' }));
  await engine.client.keys.set({ name: 'counter', value: '1' });
  const refused = await loopEnd(engine);
  expect(refused).toMatchObject({ trigger: 'core.st2.key_value_pair.update', cause: { depth: 3 } });
  expect(await allEnded(engine, 3)).toEqual(['core.local', 'core.local', 'core.local']);
});

test('a rule on the end of an action, whose action runs that action over the API, comes to an end', async () => {
  await using engine = await startTestEngine({ settings: { triggers: { maxChain: 2 } } });
  const criteria = { 'trigger.action_ref': { type: 'eq', pattern: 'core.noop' } };
  const cmd = await asking('POST', '/executions', { action: 'core.noop' });
  await addRule(engine, 'core.st2.generic.actiontrigger', criteria, cmd);
  await engine.run('core.noop');
  const refused = await loopEnd(engine);
  expect(refused).toMatchObject({ trigger: 'core.st2.generic.actiontrigger', cause: { depth: 3 } });
  const ran = await allEnded(engine, 5);
  expect(ran.filter((action) => action === 'core.noop')).toHaveLength(3);
  const { items } = await engine.client.executions.page({ action: 'core.noop' as ResourceRef });
  expect(items[0]?.context).toEqual({ source: 'api', askedBy: expect.any(String) });
});

async function asking(method: string, path: string, body: object): Promise<string> {
  const python = await findTestPython();
  const words = [python, '-c', ASK, method, path, JSON.stringify(body)];
  return words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
}

async function addRule(engine: TestEngine, trigger: string, criteria: object, cmd: string): Promise<void> {
  await engine.client.rules.create({
    name: 'again',
    trigger: trigger as ResourceRef,
    criteria: criteria as never,
    action: 'core.local' as ResourceRef,
    parameters: { cmd },
  });
}

function loopEnd(engine: TestEngine) {
  return until('the row has its end', async () => {
    const { items } = await engine.client.triggers.page({ status: ['refused'] });
    return items.find(({ problem }) => problem?.code === 'trigger/loop');
  });
}

async function allEnded(engine: TestEngine, count: number): Promise<string[]> {
  return until('all has ended', async () => {
    const { items } = await engine.client.executions.page({});
    const ended = items.filter(({ status }) => isCompleted(status));
    return ended.length === count && items.length === count && ended.map(({ action }) => action as string);
  });
}
