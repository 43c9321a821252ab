import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { isJsonObject } from '../../main/contract/json.ts';
import type { ResourceRef } from '../../main/contract/refs.ts';
import type { TriggerInstance } from '../../main/contract/triggers.ts';
import { FIXTURE_PACKS, pack, startTestEngine, type TestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

const SENSOR = 'flow.FlowSensor' as ResourceRef;
const RULE = 'flow.on_drop' as ResourceRef;
const RELOADS = 50;

test('no event is lost while a sensor, its metadata and its rule are edited fifty times', {
  timeout: 120_000,
}, async () => {
  await using engine = await startTestEngine();
  await engine.install(path.join(FIXTURE_PACKS, 'flow'));
  const folder = (await engine.client.packs.get(pack('flow'))).path;
  const edit = editor(folder);
  let version = 0;
  engine.client.triggers.onChanged((instance) => {
    version = Math.max(version, Number(isJsonObject(instance.payload) ? instance.payload.version : 0));
  });
  for (let n = 1; n <= RELOADS; n++) {
    if (n % 3 === 0) {
      await edit('sensors/flow_sensor.py', /VERSION = .*/, `VERSION = ${n}`);
      await until('the edited code dispatches', () => version === n);
    } else if (n % 3 === 1) {
      await edit('sensors/flow_sensor.yaml', /description: .*/, `description: number ${n}`);
      await until('the sensor runs with its new metadata', async () => {
        const sensor = (await engine.client.sensors.list()).find(({ ref }) => ref === SENSOR);
        return sensor?.description === `number ${n}` && sensor.state === 'running';
      });
    } else {
      await edit('rules/on_drop.yaml', /description: .*/, `description: number ${n}`);
      await until(
        'the rule is the edited one',
        async () => (await engine.client.rules.get({ ref: RULE })).description === `number ${n}`,
      );
    }
  }
  // Not the pack: with that its rule is switched off too, and the last events would rightly meet none.
  await edit('sensors/flow_sensor.yaml', /enabled: true/, 'enabled: false');
  const returned = await returnedKeys(engine);
  const instances = await everyInstance(engine);
  expect(returned.length).toBeGreaterThan(RELOADS);
  expect(missing(returned, instances.map(keyOf))).toEqual([]);
  expect(new Set(instances.map(keyOf)).size).toBe(instances.length);
  for (const { id, status } of instances) {
    expect(status).toBe('processed');
    const { verdicts } = await engine.client.triggers.get({ id });
    expect(verdicts).toMatchObject([{ rule: RULE, matched: true, execution: expect.any(String) }]);
  }
});

/** Saves as most editors and `writeFile` do: the file is emptied, then written. */
function editor(folder: string) {
  return async (file: string, pattern: RegExp, text: string): Promise<void> => {
    const before = await readFile(path.join(folder, file), 'utf8');
    expect(before).toMatch(pattern);
    await writeFile(path.join(folder, file), before.replace(pattern, text));
  };
}

async function returnedKeys(engine: TestEngine): Promise<string[]> {
  await until('the sensor is off', async () =>
    (await engine.client.sensors.list()).every(({ state }) => state === 'disabled'),
  );
  const text = await readFile(path.join(engine.home, 'data/pack-data/flow/returned.txt'), 'utf8');
  return text.trim().split('\n');
}

/** Once all of them have met the rules. */
async function everyInstance(engine: TestEngine): Promise<TriggerInstance[]> {
  const page = (query: { status?: 'pending'[]; before?: string }) =>
    engine.client.triggers.page({ trigger: 'flow.drop', limit: 500, ...query });
  await until('all are judged', async () => (await page({ status: ['pending'] })).items.length === 0);
  const all: TriggerInstance[] = [];
  for (let more = true; more; ) {
    const last = all.at(-1)?.id;
    const next = await page(last === undefined ? {} : { before: last });
    all.push(...next.items);
    more = next.more;
  }
  return all;
}

function keyOf({ payload }: TriggerInstance): string {
  return isJsonObject(payload) ? String(payload.key) : '';
}

function missing(wanted: readonly string[], there: readonly string[]): string[] {
  const known = new Set(there);
  return wanted.filter((key) => !known.has(key));
}
