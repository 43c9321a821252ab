import { expect, test } from 'vitest';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { tempPack } from '../support/python.ts';
import { startTestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

/** Each dispatches again and again in the way of its library; `SEND(self)` is one event. */
const SENSORS = {
  Eventlet: {
    head: 'import eventlet\neventlet.monkey_patch()\nimport time, threading',
    run: `
        pool = eventlet.GreenPool()
        for _ in range(3):
            pool.spawn(self.forever, eventlet.sleep)
        pool.waitall()`,
  },
  Gevent: {
    head: 'from gevent import monkey\nmonkey.patch_all()\nimport gevent, time',
    run: `
        gevent.joinall([gevent.spawn(self.forever, gevent.sleep) for _ in range(3)])`,
  },
  Asyncio: {
    head: 'import asyncio, time',
    run: `
        async def one():
            while True:
                self.send()
                await asyncio.sleep(0.02)
        async def all():
            await asyncio.gather(one(), one(), one())
        asyncio.run(all())`,
  },
  Threads: {
    head: 'import threading, time',
    run: `
        threads = [threading.Thread(target=self.forever, args=(time.sleep,), daemon=True) for _ in range(3)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()`,
  },
  Blocker: {
    head: 'import time',
    run: `
        while True:
            self.send()
            # One call into C that gives no other thread a turn.
            pow(7, 300000) % 1000007`,
  },
} as const;

const source = (name: string, { head, run }: { readonly head: string; readonly run: string }) => `
${head}
from st2reactor.sensor.base import Sensor

class ${name}(Sensor):
    def setup(self):
        self._n = 0
    def send(self):
        self._n += 1
        self.sensor_service.dispatch("concurrent.event", {"from": "${name}", "n": self._n})
    def forever(self, sleep):
        while True:
            self.send()
            sleep(0.02)
    def run(self):${run}
    def cleanup(self):
        print("cleaned up", flush=True)
    def add_trigger(self, trigger): pass
    def update_trigger(self, trigger): pass
    def remove_trigger(self, trigger): pass
`;

test('sensors on eventlet, gevent, asyncio and threads, and one that blocks all of Python, keep publishing and stop', async () => {
  const files = Object.entries(SENSORS).flatMap(([name, sensor]) => [
    [`sensors/${name.toLowerCase()}_sensor.py`, source(name, sensor)],
    [
      `sensors/${name.toLowerCase()}_sensor.yaml`,
      `class_name: ${name}\nentry_point: ${name.toLowerCase()}_sensor.py\ntrigger_types: [{name: event}]\n`,
    ],
  ]);
  await using pack = await tempPack({
    'pack.yaml': 'name: concurrent\nversion: 1.0.0\nauthor: Test\n',
    'requirements.txt': 'eventlet\ngevent\n',
    ...Object.fromEntries(files),
  });
  await using engine = await startTestEngine();
  const seen = new Map<string, number>();
  engine.client.triggers.onChanged(({ payload, status }) => {
    const { from, n } = payload as { from: string; n: number };
    if (status === 'pending') seen.set(from, Math.max(n, seen.get(from) ?? 0));
  });
  await engine.install(pack.path);
  for (const name of Object.keys(SENSORS)) {
    await until(`${name} has sent many`, () => (seen.get(name) ?? 0) >= 20);
  }
  // Told to stop they do so in good order, and not because they were killed: `cleanup` runs.
  for (const name of Object.keys(SENSORS)) {
    const ref = `concurrent.${name}` as ResourceRef;
    const paused = await engine.client.sensors.setPaused({ ref, paused: true });
    expect([name, paused.state]).toEqual([name, 'paused']);
    expect(paused.recentOutput).toContain('cleaned up');
  }
});
