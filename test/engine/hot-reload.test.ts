import { appendFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Problem } from '../../main/contract/errors.ts';
import { isJsonObject, type Json } from '../../main/contract/json.ts';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { tempPack } from '../support/python.ts';
import { FIXTURE_PACKS, pack, startTestEngine, type TestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

test('an edited action runs as edited, without a restart of the app', async () => {
  await using engine = await startTestEngine();
  await engine.install(path.join(FIXTURE_PACKS, 'ticker'));
  await edit(engine, 'actions/note.py', (text) => text.replace(/return .*/, "return 'edited'"));
  await until(
    'the edited one runs',
    async () => resultOf((await engine.run('ticker.note', { n: 1 })).result) === 'edited',
  );
});

test('an edited rule decides as edited', async () => {
  await using engine = await startTestEngine();
  await engine.install(path.join(FIXTURE_PACKS, 'ticker'));
  await edit(engine, 'rules/note_even_ticks.yaml', (text) => text.replace('pattern: even', 'pattern: odd'));
  await until('an odd tick was noted', async () => (await notes(engine)).some((n) => n % 2 === 1));
});

test('an edited action gets its new parameter from its metadata', async () => {
  await using engine = await startTestEngine();
  await engine.install(path.join(FIXTURE_PACKS, 'ticker'));
  await edit(engine, 'actions/note.yaml', (text) =>
    text.replace('parameters:', 'parameters:\n  colour:\n    type: string'),
  );
  await until('it has the parameter', async () => {
    const action = await engine.client.actions.get({ ref: 'ticker.note' as ResourceRef });
    return action.parameters.colour;
  });
});

test('an edited sensor runs as edited, and the other sensor of the pack is not restarted by new metadata of the first', async () => {
  await using engine = await startTestEngine();
  await engine.install(path.join(FIXTURE_PACKS, 'ticker'));
  const poll = await running(engine, 'PollSensor');
  const tick = await running(engine, 'TickSensor');
  await edit(engine, 'sensors/poll_sensor.yaml', (text) => text.replace('poll_interval: 1', 'poll_interval: 2'));
  await until('the poll sensor has its new interval', async () => {
    const status = await running(engine, 'PollSensor');
    return status.pollInterval === 2 && status.pid !== poll.pid;
  });
  expect((await running(engine, 'TickSensor')).pid).toBe(tick.pid);
  await edit(engine, 'sensors/tick_sensor.py', (text) => `print('edited code runs', flush=True)\n${text}`);
  await until('the tick sensor runs the edited code', async () =>
    (await running(engine, 'TickSensor')).recentOutput.includes('edited code runs'),
  );
});

test('what a sensor writes beside its code restarts nothing', async () => {
  await using engine = await startTestEngine();
  await engine.install(path.join(FIXTURE_PACKS, 'ticker'));
  const tick = await running(engine, 'TickSensor');
  const folder = path.join((await engine.client.packs.get(pack('ticker'))).path);
  await writeFile(path.join(folder, 'sensors', 'state.json'), '{}');
  await writeFile(path.join(folder, 'sensors', 'seen.db'), 'x');
  // A change that does count, made after: once it is seen, the ones before it have been passed over.
  await edit(engine, 'actions/note.yaml', (text) => text.replace(/description: .*/, 'description: Changed.'));
  await until(
    'the later change was seen',
    async () => (await engine.client.actions.get({ ref: 'ticker.note' as ResourceRef })).description === 'Changed.',
  );
  expect((await running(engine, 'TickSensor')).pid).toBe(tick.pid);
});

test('an edited action, rule or README restarts no sensor', async () => {
  await using engine = await startTestEngine();
  await engine.install(path.join(FIXTURE_PACKS, 'ticker'));
  const tick = await running(engine, 'TickSensor');
  const { path: folder } = await engine.client.packs.get(pack('ticker'));
  await writeFile(path.join(folder, 'README.md'), '# Ticker');
  await writeFile(path.join(folder, 'actions', 'other.py'), '');
  await edit(engine, 'actions/note.py', (text) => `${text}\n# edited\n`);
  await edit(engine, 'rules/note_even_ticks.yaml', (text) => text.replace('enabled: true', 'enabled: false'));
  await until('the rule is off', async () =>
    (await engine.client.rules.list()).some(({ pack: ref, state }) => ref === 'ticker' && state === 'disabled'),
  );
  expect((await running(engine, 'TickSensor')).pid).toBe(tick.pid);
});

test('a sensor that writes Python files where it imports nothing from never restarts itself', async () => {
  await using engine = await startTestEngine();
  const source = await tempPack({
    'pack.yaml': 'name: cloner\nversion: 1.0.0\nauthor: Test\n',
    'sensors/clone.yaml': 'class_name: Clone\nentry_point: clone.py\n',
    'sensors/clone.py': CLONING_SENSOR,
  });
  await using _ = source;
  await engine.install(source.path);
  const sensor = await until('it has written', async () =>
    (await engine.client.sensors.list()).find(({ recentOutput }) => recentOutput.includes('written')),
  );
  const { path: folder } = await engine.client.packs.get(pack('cloner'));
  await writeFile(path.join(folder, 'pack.yaml'), 'name: cloner\nversion: 1.0.1\nauthor: Test\n');
  await until(
    'a later change was seen',
    async () => (await engine.client.packs.get(pack('cloner'))).version === '1.0.1',
  );
  const after = (await engine.client.sensors.list()).find(({ ref }) => ref === sensor.ref);
  expect(after).toMatchObject({ pid: sensor.pid, state: 'running' });
  expect(after?.recentOutput.filter((line) => line === 'written')).toHaveLength(1);
});

test('a broken file leaves the pack listed with file, line and reason, everything else goes on, and mending it clears it', async () => {
  await using engine = await startTestEngine();
  await engine.install(path.join(FIXTURE_PACKS, 'ticker'));
  await running(engine, 'TickSensor');
  const whole = await edit(engine, 'rules/note_even_ticks.yaml', (text) => `${text}\n  - broken: [\n`);
  const problem = await until('the problem is listed', async () =>
    firstError((await engine.client.packs.get(pack('ticker'))).problems),
  );
  expect(problem).toMatchObject({ file: expect.stringContaining('note_even_ticks.yaml'), line: expect.any(Number) });
  expect((await engine.run('ticker.note', { n: 3 })).status).toBe('succeeded');
  await edit(engine, 'rules/note_even_ticks.yaml', () => whole);
  await until('it is clear', async () => (await engine.client.packs.get(pack('ticker'))).problems.length === 0);
});

test('a rule of the user works as soon as its file is there, and goes with it', async () => {
  await using engine = await startTestEngine();
  await engine.install(path.join(FIXTURE_PACKS, 'ticker'));
  const rule = await engine.client.rules.create({
    name: 'shout',
    trigger: 'ticker.tick' as ResourceRef,
    criteria: { 'trigger.kind': { type: 'equals', pattern: 'odd' } },
    action: 'core.echo' as ResourceRef,
    parameters: { message: 'tick {{ trigger.n }}' },
  });
  expect(rule).toMatchObject({ ref: 'default.shout', state: 'active', origin: 'user' });
  await until('it ran', async () => {
    const { items } = await engine.client.executions.page({ action: 'core.echo' as ResourceRef });
    return items.some(
      ({ status, parameters }) => status === 'succeeded' && /^tick \d+$/.test(String(parameters.message)),
    );
  });
  await appendFile(rule.file, '# a comment of the person\n');
  const off = await engine.client.rules.setEnabled({ ref: rule.ref, enabled: false });
  expect(off.state).toBe('disabled');
  expect(await readFile(rule.file, 'utf8')).toMatch(/enabled: false[\s\S]*# a comment of the person/);
  await engine.client.rules.remove({ ref: rule.ref });
  expect((await engine.client.rules.list()).map(({ ref }) => ref)).not.toContain('default.shout');
});

test('a pack that is switched off stops its sensors and refuses its actions until it is switched on', async () => {
  await using engine = await startTestEngine();
  await engine.install(path.join(FIXTURE_PACKS, 'ticker'));
  await running(engine, 'TickSensor');
  expect((await engine.client.packs.setEnabled({ ...pack('ticker'), enabled: false })).state).toBe('disabled');
  await until('its sensors are off', async () =>
    (await engine.client.sensors.list()).every(({ state }) => state === 'disabled'),
  );
  await expect(engine.run('ticker.note', { n: 1 })).rejects.toMatchObject({ code: 'action/unknown' });
  await engine.client.packs.setEnabled({ ...pack('ticker'), enabled: true });
  await running(engine, 'TickSensor');
});

test('an uninstalled pack leaves neither sensors, rules, folder nor virtualenv', async () => {
  await using engine = await startTestEngine();
  await engine.install(path.join(FIXTURE_PACKS, 'ticker'));
  await running(engine, 'TickSensor');
  expect((await engine.run('packs.uninstall', { packs: ['ticker'] })).status).toBe('succeeded');
  expect((await engine.client.packs.list()).map(({ ref }) => ref)).not.toContain('ticker');
  await until('no sensor is left', async () => (await engine.client.sensors.list()).length === 0);
  expect((await engine.client.rules.list()).filter(({ pack: ref }) => ref === 'ticker')).toEqual([]);
  expect(await engine.run('packs.uninstall', { packs: ['core'] })).toMatchObject({
    status: 'failed',
    fault: { kind: 'user' },
  });
});

async function edit(engine: TestEngine, file: string, change: (text: string) => string): Promise<string> {
  const { path: folder } = await engine.client.packs.get(pack('ticker'));
  const before = await readFile(path.join(folder, file), 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  await writeFile(path.join(folder, file), after);
  return before;
}

async function running(engine: TestEngine, className: string) {
  return until(`${className} runs`, async () =>
    (await engine.client.sensors.list()).find((status) => status.className === className && status.state === 'running'),
  );
}

async function notes(engine: TestEngine): Promise<number[]> {
  const { items } = await engine.client.executions.page({ action: 'ticker.note' as ResourceRef });
  return items.map(({ parameters }) => Number(parameters.n));
}

function resultOf(output: Json | undefined): Json | undefined {
  return isJsonObject(output) ? output.result : undefined;
}

function firstError(problems: readonly Problem[]): Problem | undefined {
  return problems.find(({ severity }) => severity === 'error');
}

const CLONING_SENSOR = `
import os, time
from st2reactor.sensor.base import Sensor

HERE = os.path.dirname(os.path.abspath(__file__))

class Clone(Sensor):
    def setup(self):
        for name in ("clones/one", "clones/two"):
            os.makedirs(os.path.join(HERE, name), exist_ok=True)
            for file in ("setup.py", "clone.py", "json.py", "data.json"):
                with open(os.path.join(HERE, name, file), "w") as out:
                    out.write("# %s" % time.time())
    def run(self):
        print("written", flush=True)
        while True:
            time.sleep(1)
    def cleanup(self): pass
    def add_trigger(self, trigger): pass
    def update_trigger(self, trigger): pass
    def remove_trigger(self, trigger): pass
`;
