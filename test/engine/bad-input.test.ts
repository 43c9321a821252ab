import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import mqtt from 'mqtt';
import { expect, test } from 'vitest';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { BUILT_IN_PACKS } from '../../main/packs/pack.ts';
import { FIXTURE_PACKS, pack, startTestEngine, type TestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

test.each([
  ['no_manifest', /pack\.yaml/],
  ['broken_manifest', /pack\.yaml:\d+/],
])('installing %s is refused, names the file, and leaves nothing behind', async (name, message) => {
  await using engine = await startTestEngine();
  const execution = await engine.run('packs.install', { packs: [path.join(FIXTURE_PACKS, name)] });
  expect(execution.status).toBe('failed');
  expect(`${execution.fault?.message} ${execution.fault?.hint}`).toMatch(message);
  expect((await engine.client.packs.list()).map(({ ref }) => ref).sort()).toEqual([...BUILT_IN_PACKS].sort());
});

test('a source that is nothing says what can be installed', async () => {
  await using engine = await startTestEngine();
  const execution = await engine.run('packs.install', { packs: ['/no/such/folder'] });
  expect(execution).toMatchObject({
    status: 'failed',
    fault: { kind: 'user', message: expect.stringContaining('/no/such/folder') },
  });
});

test("requirements that cannot be installed leave the pack listed as not ready, with the installer's words and a retry", async () => {
  await using engine = await startTestEngine();
  const execution = await engine.run('packs.install', { packs: [path.join(FIXTURE_PACKS, 'bad_requirements')] });
  expect(execution).toMatchObject({
    status: 'failed',
    fault: { code: 'venv/requirements-failed', kind: 'environment' },
  });
  const listed = await engine.client.packs.get(pack('bad_requirements'));
  expect(listed).toMatchObject({ state: 'not-ready', virtualenv: { state: 'failed' } });
  expect(listed.virtualenv.output).toContain('no-such-package-stormlet-xyz');
  await writeFile(path.join(listed.path, 'requirements.txt'), '\n');
  await until(
    'the change was read',
    async () => (await engine.client.packs.get(pack('bad_requirements'))).requirements.length === 0,
  );
  const retried = await engine.run('packs.setup_virtualenv', { packs: ['bad_requirements'] });
  expect(retried.status).toBe('succeeded');
  expect((await engine.client.packs.get(pack('bad_requirements'))).state).toBe('ready');
});

test('metadata that points to a missing file, and a file that is not YAML, are named while the rest of the pack works', async () => {
  await using engine = await startTestEngine();
  await engine.install(path.join(FIXTURE_PACKS, 'missing_entry_point'));
  await engine.install(path.join(FIXTURE_PACKS, 'broken_yaml'));
  const missing = await engine.client.packs.get(pack('missing_entry_point'));
  expect(missing.problems).toContainEqual(
    expect.objectContaining({ severity: 'error', file: expect.any(String), line: expect.any(Number) }),
  );
  const broken = await engine.client.packs.get(pack('broken_yaml'));
  expect(broken.problems).toContainEqual(expect.objectContaining({ code: 'file/not-yaml', line: expect.any(Number) }));
  expect(broken.actions.length).toBeGreaterThan(0);
});

test('of two packs with one name the second is listed as broken, naming both folders', async () => {
  await using engine = await startTestEngine();
  const installed = path.join(engine.home, 'data', 'packs');
  await cp(path.join(FIXTURE_PACKS, 'same_name_a'), path.join(installed, 'same_name_a'), { recursive: true });
  await cp(path.join(FIXTURE_PACKS, 'same_name_b'), path.join(installed, 'same_name_b'), { recursive: true });
  const broken = await until('the second is broken', async () =>
    (await engine.client.packs.list()).find(({ state }) => state === 'broken'),
  );
  const said = broken.problems.map(({ message, hint }) => `${message} ${hint}`).join();
  expect(said).toContain('same_name_a');
  expect(said).toContain('same_name_b');
});

test('a rule that names an unknown trigger or action is listed as broken, with file, line and what to do', async () => {
  await using engine = await startTestEngine();
  await engine.install(path.join(FIXTURE_PACKS, 'unknown_refs'));
  const rules = await engine.client.rules.list();
  for (const [name, code] of [
    ['unknown_trigger', 'rule/trigger-unknown'],
    ['unknown_action', 'rule/action-unknown'],
  ]) {
    const rule = rules.find(({ ref }) => ref === `unknown_refs.${name}`);
    expect(rule).toMatchObject({ state: 'broken' });
    expect(rule?.problems).toContainEqual(
      expect.objectContaining({
        code,
        file: expect.stringContaining(`${name}.yaml`),
        line: expect.any(Number),
        hint: expect.any(String),
      }),
    );
  }
});

test('wrong parameters and an unknown action are refused at once, and nothing runs', async () => {
  await using engine = await startTestEngine();
  const run = (action: string, parameters: object) =>
    engine.client.executions.run({ action: action as ResourceRef, parameters: { ...parameters } });
  await expect(run('core.echo', { massage: 'hi' })).rejects.toMatchObject({
    code: 'action/parameters-invalid',
    message: expect.stringMatching(/unknown parameter: `massage`.*`message` is required/),
  });
  await expect(run('core.nope', {})).rejects.toMatchObject({
    code: 'action/unknown',
    message: expect.stringContaining('`core.nope`'),
  });
  expect((await engine.client.executions.page({})).items).toEqual([]);
});

test('payloads that are no JSON objects, or that break their schema, are kept as refused, and good ones go on', async () => {
  await using engine = await startTestEngine();
  await engine.install(path.join(FIXTURE_PACKS, 'ticker'));
  const client = await operator(engine);
  const topic = 'stormlet/triggers/ticker/tick';
  for (const body of ['{"n": ', '[1]', '"text"', '{"n": "one", "kind": "odd"}', '{"kind": "odd"}']) {
    await client.publishAsync(topic, body, { qos: 1 });
  }
  await client.publishAsync('stormlet/triggers/ticker/no_such', '{}', { qos: 1 });
  await client.publishAsync(topic, '{"n": 4242, "kind": "even"}', { qos: 1 });
  const { items } = await engine.client.triggers.page({ status: ['refused'] });
  expect(items.map(({ problem }) => problem?.code).sort()).toEqual([
    'trigger/not-an-object',
    'trigger/not-an-object',
    'trigger/not-json',
    'trigger/payload-invalid',
    'trigger/payload-invalid',
    'trigger/unknown-type',
  ]);
  await until('the good one ran its action', async () => {
    const page = await engine.client.executions.page({ action: 'ticker.note' as ResourceRef });
    return page.items.some(({ parameters, status }) => parameters.n === 4242 && status === 'succeeded');
  });
  client.end(true);
});

test('a rule whose template cannot be rendered leaves a failed execution that names rule and parameter', async () => {
  await using engine = await startTestEngine();
  await engine.install(path.join(FIXTURE_PACKS, 'ticker'));
  const rules = path.join(engine.home, 'config', 'rules');
  await mkdir(rules, { recursive: true });
  await writeFile(
    path.join(rules, 'bad_template.yaml'),
    'name: bad_template\nenabled: true\ntrigger: {type: ticker.tick}\naction: {ref: core.echo, parameters: {message: "{{ trigger.no_such_key }}"}}\n',
  );
  const failed = await until('it failed', async () => {
    const { items } = await engine.client.executions.page({ action: 'core.echo' as ResourceRef });
    return items[0];
  });
  expect(failed).toMatchObject({ status: 'failed', context: { rule: 'default.bad_template' } });
  expect(failed.fault?.message).toMatch(/default\.bad_template.*message/s);
  expect(failed.fault?.message).toContain('no_such_key');
});

async function operator(engine: TestEngine) {
  const { url } = await engine.client.bus.url({});
  return mqtt.connectAsync(url, { reconnectPeriod: 0 });
}
