import { expect, test } from 'vitest';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { tempPack } from '../support/python.ts';
import { startTestEngine, type TestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

const SENSOR = { ref: 'files.Watch' as ResourceRef };

/** As `linux.file_watch` does it: for each trigger that it was given, an event of that trigger. */
const SOURCE = `
import time
from st2reactor.sensor.base import Sensor

class Watch(Sensor):
    def setup(self):
        self._watched = {}
        print("set up", flush=True)
    def run(self):
        while True:
            for trigger in list(self._watched.values()):
                self.sensor_service.dispatch(trigger["ref"], {"path": trigger["parameters"]["path"]})
            time.sleep(0.05)
    def cleanup(self): pass
    def add_trigger(self, trigger):
        self._watched[trigger["id"]] = trigger
        print("added", trigger["parameters"]["path"], trigger["type"], flush=True)
    def update_trigger(self, trigger): raise AssertionError
    def remove_trigger(self, trigger):
        del self._watched[trigger["id"]]
        print("removed", trigger["parameters"]["path"], flush=True)
`;
const METADATA = `
class_name: Watch
entry_point: watch.py
trigger_types:
  - name: changed
    payload_schema: {type: object, properties: {path: {type: string, required: true}}}
    parameters_schema: {type: object, properties: {path: {type: string, required: true}}, additionalProperties: false}
`;
const PACK_RULE = `
name: on_a
enabled: true
trigger: {type: files.changed, parameters: {path: /a}}
action: {ref: core.noop}
`;

test('a sensor looks after the triggers that rules ask for, and each event concerns only the rules on its trigger', async () => {
  await using source = await tempPack({
    'pack.yaml': 'name: files\nversion: 1.0.0\nauthor: Test\n',
    'sensors/watch.yaml': METADATA,
    'sensors/watch.py': SOURCE,
    'rules/on_a.yaml': PACK_RULE,
  });
  await using engine = await startTestEngine();
  await engine.install(source.path);
  await until('it looks after the first', () => printed(engine, 'added /a files.changed'));
  const pid = (await statusOf(engine))?.pid;
  await addRule(engine, 'on_b', '/b');
  await until('it looks after the second', () => printed(engine, 'added /b files.changed'));
  await addRule(engine, 'also_on_b', '/b');
  await until('all three rules have decided', async () => {
    const asked = await rulesByPath(engine);
    return asked.get('/a')?.size === 1 && asked.get('/b')?.size === 2;
  });
  expect(await rulesByPath(engine)).toEqual(
    new Map([
      ['/a', new Set(['files.on_a'])],
      ['/b', new Set(['default.on_b', 'default.also_on_b'])],
    ]),
  );
  await engine.client.rules.remove({ ref: 'default.on_b' as ResourceRef });
  await engine.client.rules.remove({ ref: 'default.also_on_b' as ResourceRef });
  await until('it was told that nobody asks any more', () => printed(engine, 'removed /b'));
  const output = (await statusOf(engine))?.recentOutput ?? [];
  expect(output).toEqual(['set up', 'added /a files.changed', 'added /b files.changed', 'removed /b']);
  expect((await statusOf(engine))?.pid).toBe(pid);
  expect((await engine.client.triggers.page({ status: ['refused'] })).items).toEqual([]);
});

test('a sensor that starts has its triggers before it runs', async () => {
  await using source = await tempPack({
    'pack.yaml': 'name: files\nversion: 1.0.0\nauthor: Test\n',
    'sensors/watch.yaml': METADATA,
    'sensors/watch.py': SOURCE.replace(
      'while True:',
      'print("runs with", len(self._watched), flush=True)\n        while True:',
    ),
    'rules/on_a.yaml': PACK_RULE,
  });
  await using engine = await startTestEngine();
  await engine.install(source.path);
  await until('it runs', () => printed(engine, 'runs with 1'));
  await engine.client.sensors.restart(SENSOR);
  await until(
    'it runs again',
    async () => ((await statusOf(engine))?.recentOutput ?? []).filter((line) => line === 'runs with 1').length === 2,
  );
});

async function addRule(engine: TestEngine, name: string, file: string): Promise<void> {
  await engine.client.rules.create({
    name,
    trigger: 'files.changed' as ResourceRef,
    criteria: {},
    action: 'core.noop' as ResourceRef,
    parameters: {},
    triggerParameters: { path: file },
  });
}

/** Which rules were asked about the events of each path. */
async function rulesByPath(engine: TestEngine): Promise<Map<string, Set<string>>> {
  const asked = new Map<string, Set<string>>();
  const { items } = await engine.client.triggers.page({ status: ['processed'], limit: 100 });
  for (const { id, payload } of items) {
    const file = String((payload as { path: string }).path);
    const { verdicts } = await engine.client.triggers.get({ id });
    asked.set(file, new Set([...(asked.get(file) ?? []), ...verdicts.map(({ rule }) => rule)]));
  }
  return asked;
}

async function statusOf(engine: TestEngine) {
  return (await engine.client.sensors.list()).find(({ ref }) => ref === SENSOR.ref);
}

async function printed(engine: TestEngine, line: string): Promise<boolean> {
  return (await statusOf(engine))?.recentOutput.includes(line) ?? false;
}
