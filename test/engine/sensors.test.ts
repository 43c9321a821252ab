import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { tempPack } from '../support/python.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { FIXTURE_PACKS, startTestEngine, type TestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

const TICK = { ref: 'ticker.TickSensor' as ResourceRef };

test('a paused sensor does not run, also after a restart of the app, until it is resumed', async () => {
  await using home = await tempFolder();
  let settings = {};
  {
    await using engine = await startTestEngine({ home: home.path });
    await engine.install(path.join(FIXTURE_PACKS, 'ticker'));
    await running(engine);
    const paused = await engine.client.sensors.setPaused({ ...TICK, paused: true });
    expect(paused).toMatchObject({ state: 'paused', why: expect.any(String) });
    expect(paused.pid).toBeUndefined();
    settings = await engine.client.settings.get();
  }
  await using engine = await startTestEngine({ home: home.path, settings });
  await until('the other sensor of the pack runs', async () =>
    (await engine.client.sensors.list()).some(({ state }) => state === 'running'),
  );
  expect((await statusOf(engine))?.state).toBe('paused');
  await engine.client.sensors.setPaused({ ...TICK, paused: false });
  await running(engine);
  await expect(
    engine.client.sensors.setPaused({ ref: 'ticker.None' as ResourceRef, paused: true }),
  ).rejects.toMatchObject({ code: 'sensor/unknown' });
});

test('what a sensor prints is in its log, told to who follows, and there for its next process', async () => {
  await using source = await tempPack({
    'pack.yaml': 'name: chatty\nversion: 1.0.0\nauthor: Test\n',
    'sensors/chat.yaml': 'class_name: Chat\nentry_point: chat.py\n',
    'sensors/chat.py': CHATTY_SENSOR,
  });
  await using engine = await startTestEngine();
  const followed: string[] = [];
  engine.client.sensors.onPrinted(({ lines }) => followed.push(...lines));
  await engine.install(source.path);
  const chat = { ref: 'chatty.Chat' as ResourceRef };
  const printed = await until('it has printed', async () => {
    const lines = await engine.client.sensors.log(chat);
    return lines.length >= 2 && lines;
  });
  expect(printed.map((line) => line.replace(/^\S+Z /, ''))).toEqual(['to stdout', 'to stderr']);
  await until('it was followed', () => followed.length >= 2);
  expect(followed).toEqual(printed);
  await engine.client.sensors.restart(chat);
  await until('both processes are in it', async () => (await engine.client.sensors.log(chat)).length === 4);
  expect(await readFile(path.join(engine.home, 'data/logs/sensors/chatty/Chat.log'), 'utf8')).toContain('to stderr\n');
});

test.runIf(process.platform !== 'win32')('a running sensor is listed with what it uses', async () => {
  await using engine = await startTestEngine();
  await engine.install(path.join(FIXTURE_PACKS, 'ticker'));
  await running(engine);
  expect((await statusOf(engine))?.usage).toEqual({ cpuPercent: expect.any(Number), memoryBytes: expect.any(Number) });
  expect((await statusOf(engine))?.usage?.memoryBytes).toBeGreaterThan(1_000_000);
});

async function statusOf(engine: TestEngine) {
  return (await engine.client.sensors.list()).find(({ ref }) => ref === TICK.ref);
}

async function running(engine: TestEngine) {
  return until('it runs', async () => (await statusOf(engine))?.state === 'running');
}

const CHATTY_SENSOR = `
import sys, time
from st2reactor.sensor.base import Sensor

class Chat(Sensor):
    def setup(self):
        print("to stdout", flush=True)
        time.sleep(0.2)
        print("to stderr", file=sys.stderr, flush=True)
    def run(self):
        while True:
            time.sleep(1)
    def cleanup(self): pass
    def add_trigger(self, trigger): pass
    def update_trigger(self, trigger): pass
    def remove_trigger(self, trigger): pass
`;
