import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import mqtt from 'mqtt';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { triggerTopic } from '../../main/contract/topics.ts';
import { type HeadlessApp, stormlet } from '../support/headless-app.ts';
import { until } from '../support/until.ts';
import { type Spread, spread } from './statistics.ts';

/**
 * From the start of a save to the moment a client of the app sees it live, in a pack of 2,000 files: an edited rule decides,
 * an edited action has its new metadata, an edited sensor's new code dispatches.
 */
export type SaveToLive = { readonly rule: Spread; readonly action: Spread; readonly sensor: Spread };

const ACTIONS = 995;
const RULE = 'flow.on_drop' as ResourceRef;
const ACTION = 'flow.a7' as ResourceRef;
const EVENT = triggerTopic('flow.drop' as ResourceRef);

export async function measureSaveToLive(app: HeadlessApp, count: number): Promise<SaveToLive> {
  const source = path.join(app.home, 'flow');
  await writeLargePack(source);
  const installed = await stormlet(app, 'pack', 'install', source);
  if (installed.exitCode !== 0) throw new Error(installed.stderr);
  const saves = new Saves(app, path.join(app.home, 'data/packs/flow'));
  await saves.sensor();
  const rule = await repeat(count, () => saves.rule());
  const action = await repeat(count, () => saves.action());
  const sensor = await repeat(Math.min(count, MOST_RESTARTS), () => saves.sensor());
  return { rule: spread(rule), action: spread(action), sensor: spread(sensor) };
}

/** More in one go are put off. */
const MOST_RESTARTS = 30;

class Saves {
  readonly #app: HeadlessApp;
  readonly #folder: string;
  #version = 0;

  constructor(app: HeadlessApp, folder: string) {
    this.#app = app;
    this.#folder = folder;
  }

  rule(): Promise<number> {
    const { rules } = this.#app.client;
    const isLive = async (version: number) => (await rules.get({ ref: RULE })).description === String(version);
    return this.#time('rules/on_drop.yaml', /description: .*/, 'description: ', (version) => asked(version, isLive));
  }

  action(): Promise<number> {
    const { actions } = this.#app.client;
    const isLive = async (version: number) => (await actions.get({ ref: ACTION })).description === String(version);
    return this.#time('actions/a7.yaml', /description: .*/, 'description: ', (version) => asked(version, isLive));
  }

  /** Seen on the bus: the first event of the new code. */
  async sensor(): Promise<number> {
    const client = await mqtt.connectAsync((await this.#app.client.bus.url({})).url, { reconnectPeriod: 0 });
    await client.subscribeAsync(EVENT);
    const dispatched = (version: number) =>
      new Promise<void>((resolve) => {
        client.on('message', (_topic, body) => JSON.parse(String(body)).payload.version === version && resolve());
      });
    const took = await this.#time('sensors/flow_sensor.py', /VERSION = .*/, 'VERSION = ', dispatched);
    await client.endAsync(true);
    return took;
  }

  async #time(file: string, pattern: RegExp, before: string, live: (version: number) => Promise<void>) {
    this.#version += 1;
    const edited = path.join(this.#folder, file);
    const text = (await readFile(edited, 'utf8')).replace(pattern, `${before}${this.#version}`);
    const isLive = live(this.#version);
    const started = performance.now();
    await writeFile(edited, text);
    await isLive;
    const took = performance.now() - started;
    await this.#calm();
    return took;
  }

  /** A save of its own each time: what the one before set off is over. */
  async #calm(): Promise<void> {
    await until('the sensor runs', async () =>
      (await this.#app.client.sensors.list()).every(({ state }) => state === 'running'),
    );
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}

/** Every two milliseconds: asked without a pause, the app would be busy with the answers. */
async function asked(version: number, isLive: (version: number) => Promise<boolean>): Promise<void> {
  while (!(await isLive(version))) await new Promise((resolve) => setTimeout(resolve, 2));
}

async function writeLargePack(folder: string): Promise<void> {
  await cp(path.resolve('test/fixtures/packs/flow'), folder, { recursive: true });
  // One event at each start, so that the app has nothing else to do than to take the save in.
  await edit(path.join(folder, 'sensors/flow_sensor.py'), 'time.sleep(0.01)', 'time.sleep(3600)');
  await mkdir(path.join(folder, 'actions'), { recursive: true });
  for (let n = 0; n < ACTIONS; n++) {
    const metadata = `name: a${n}\nrunner_type: python-script\nentry_point: a${n}.py\ndescription: One of many.\n`;
    await writeFile(path.join(folder, `actions/a${n}.yaml`), `${metadata}parameters:\n  n:\n    type: integer\n`);
    await writeFile(path.join(folder, `actions/a${n}.py`), 'x = 1\n');
  }
}

async function edit(file: string, before: string, after: string): Promise<void> {
  await writeFile(file, (await readFile(file, 'utf8')).replace(before, after));
}

async function repeat(count: number, work: () => Promise<number>): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) times.push(await work());
  return times;
}
