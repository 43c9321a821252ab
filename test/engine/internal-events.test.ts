import { expect, test } from 'vitest';
import { isCompleted } from '../../main/contract/executions.ts';
import type { JsonObject } from '../../main/contract/json.ts';
import type { ResourceRef } from '../../main/contract/refs.ts';
import type { TriggerInstance } from '../../main/contract/triggers.ts';
import { tempPack } from '../support/python.ts';
import { startTestEngine, type TestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

const ACTION_ENDED = 'core.st2.generic.actiontrigger';

test('the end of an action is an event for the rules that listen, in the words of StackStorm', async () => {
  await using engine = await startTestEngine();
  await engine.run('core.echo', { message: 'unheard' });
  await addRule(engine, 'on_end', ACTION_ENDED, { 'trigger.action_ref': { type: 'eq', pattern: 'core.echo' } });
  const execution = await engine.run('core.echo', { message: 'hello' });
  const [instance] = await processed(engine, ACTION_ENDED, 1);
  expect(instance?.payload).toMatchObject({
    execution_id: execution.id,
    status: 'succeeded',
    start_timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{6})?\+00:00$/),
    action_name: 'core.echo',
    action_ref: 'core.echo',
    runner_ref: execution.runner,
    parameters: { message: 'hello' },
    result: execution.result,
  });
  expect(instance).toMatchObject({ source: 'engine', cause: { execution: execution.id, depth: 1 } });
});

test('a rule on the end of actions that runs an action comes to an end, which is seen', async () => {
  await using engine = await startTestEngine({ settings: { triggers: { maxChain: 3 } } });
  await addRule(engine, 'for_ever', ACTION_ENDED, {});
  await engine.run('core.noop');
  const refused = await until('the row has its end', async () => {
    const { items } = await engine.client.triggers.page({ trigger: ACTION_ENDED, status: ['refused'] });
    return items[0];
  });
  expect(refused.problem).toMatchObject({
    code: 'trigger/loop',
    message: expect.stringContaining('3 events in a row'),
  });
  await until('all that it ran has ended', async () => {
    const { items } = await engine.client.executions.page({});
    return items.length === 4 && items.every(({ status }) => isCompleted(status));
  });
  const depths = (await engine.client.triggers.page({ trigger: ACTION_ENDED })).items.map(({ cause }) => cause?.depth);
  expect(depths).toEqual([4, 3, 2, 1]);
});

test('a rule that answers each question with another one comes to an end as well', async () => {
  await using engine = await startTestEngine({ settings: { triggers: { maxChain: 2 } } });
  await addRule(engine, 'ask_again', 'core.st2.generic.inquiry', {}, 'core.ask');
  await engine.client.executions.run({ action: 'core.ask' as ResourceRef, parameters: {} });
  await until('the row has its end', async () => {
    const { items } = await engine.client.triggers.page({ status: ['refused'] });
    return items.some(({ problem }) => problem?.code === 'trigger/loop');
  });
  expect(await engine.client.inquiries.list()).toHaveLength(3);
});

test('the settings say which states of an execution are told', async () => {
  await using engine = await startTestEngine({ settings: { triggers: { actionStatuses: ['running', 'failed'] } } });
  await addRule(engine, 'on_end', ACTION_ENDED, { 'trigger.status': { type: 'eq', pattern: 'never' } });
  await engine.run('core.noop');
  await engine.run('core.local', { cmd: 'exit 3' });
  const told = await processed(engine, ACTION_ENDED, 3);
  expect(told.map(({ payload }) => [(payload as JsonObject).action_ref, (payload as JsonObject).status])).toEqual([
    ['core.noop', 'running'],
    ['core.local', 'running'],
    ['core.local', 'failed'],
  ]);
});

test('each change of a key is an event, and a secret stays one', async () => {
  await using engine = await startTestEngine();
  const types = ['create', 'update', 'value_change', 'delete'].map((name) => `core.st2.key_value_pair.${name}`);
  for (const [index, type] of types.entries()) await addRule(engine, `on_${index}`, type, {});
  const { keys } = engine.client;
  await keys.set({ name: 'color', value: 'red' });
  await keys.set({ name: 'color', value: 'red' });
  await keys.set({ name: 'color', value: 'blue' });
  await keys.set({ name: 'word', value: 'hush', secret: true });
  await keys.set({ name: 'word', value: 'hush', secret: true });
  await keys.set({ name: 'word', value: 'other', secret: true });
  await keys.delete({ name: 'color' });
  const color = { name: 'color', scope: 'st2kv.system', secret: false, encrypted: false };
  const payloads = await Promise.all(
    [2, 4, 2, 1].map(async (count, index) =>
      (await processed(engine, types[index] ?? '', count)).map(({ payload }) => payload),
    ),
  );
  expect(payloads).toMatchObject([
    [{ object: { ...color, value: 'red' } }, { object: { name: 'word', secret: true, value: '********' } }],
    [{ object: { ...color, value: 'red' } }, { object: { ...color, value: 'blue' } }, {}, {}],
    [
      { old_object: { ...color, value: 'red' }, new_object: { ...color, value: 'blue' } },
      { old_object: { name: 'word', value: '********' }, new_object: { name: 'word', value: '********' } },
    ],
    [{ object: { ...color, value: 'blue' } }],
  ]);
  expect(JSON.stringify(payloads)).not.toContain('hush');
});

test('the start and the end of a sensor’s process are events', async () => {
  const source = 'from st2reactor.sensor.base import Sensor\nclass Watch(Sensor):\n';
  const methods = ['setup', 'cleanup', 'add_trigger', 'update_trigger', 'remove_trigger'];
  await using pack = await tempPack({
    'sensors/watch.yaml': 'class_name: Watch\nentry_point: watch.py\ntrigger_types: [{name: seen}]\n',
    'sensors/watch.py': `import time\n${source}${methods.map((name) => `    def ${name}(self, *_): pass\n`).join('')}    def run(self): time.sleep(600)\n`,
  });
  await using engine = await startTestEngine();
  const [spawned, exited] = ['core.st2.sensor.process_spawn', 'core.st2.sensor.process_exit'];
  await addRule(engine, 'on_spawn', spawned ?? '', {});
  await addRule(engine, 'on_exit', exited ?? '', {});
  await engine.install(pack.path);
  const [start] = await processed(engine, spawned ?? '', 1);
  const { pid, cmd } = (start?.payload ?? {}) as JsonObject;
  expect(start?.payload).toMatchObject({ id: 'Watch', timestamp: expect.any(Number), pid: expect.any(Number) });
  expect(cmd).toContain('sensor_wrapper.py');
  process.kill(Number(pid), 'SIGKILL');
  const [end] = await processed(engine, exited ?? '', 1);
  expect(end?.payload).toMatchObject({ id: 'Watch', timestamp: expect.any(Number), exit_code: null });
});

async function addRule(
  engine: TestEngine,
  name: string,
  trigger: string,
  criteria: object,
  action = 'core.noop',
): Promise<void> {
  await engine.client.rules.create({
    name,
    trigger: trigger as ResourceRef,
    criteria: criteria as never,
    action: action as ResourceRef,
    parameters: {},
  });
}

/** The first of that trigger, oldest first, once their rules have decided. */
function processed(engine: TestEngine, trigger: string, count: number): Promise<TriggerInstance[]> {
  return until(`${count} of ${trigger}`, async () => {
    const { items } = await engine.client.triggers.page({ trigger, status: ['processed'] });
    return items.length >= count && items.reverse().slice(0, count);
  });
}
