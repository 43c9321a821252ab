import { expect, test } from 'vitest';
import type { JsonObject } from '../../main/contract/json.ts';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { tempPack } from '../support/python.ts';
import { startTestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

/** Each does the same work three times over in the way of its library; `at_work(sleep)` goes on for ever. */
const SENSORS = {
  Eventlet: {
    head: 'import eventlet\neventlet.monkey_patch()\nimport time, threading',
    run: `
        pool = eventlet.GreenPool()
        for n in range(3):
            pool.spawn(self.at_work, n, eventlet.sleep)
        pool.waitall()`,
  },
  Gevent: {
    head: 'from gevent import monkey\nmonkey.patch_all()\nimport gevent, time, threading',
    run: `
        gevent.joinall([gevent.spawn(self.at_work, n, gevent.sleep) for n in range(3)])`,
  },
  Asyncio: {
    head: 'import asyncio, time, threading',
    run: `
        async def one(n):
            work = self.steps(n)
            while True:
                next(work)
                await asyncio.sleep(0.01)
        async def all():
            await asyncio.gather(one(0), one(1), one(2))
        asyncio.run(all())`,
  },
  Threads: {
    head: 'import threading, time',
    run: `
        threads = [threading.Thread(target=self.at_work, args=(n, time.sleep), daemon=True) for n in range(3)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()`,
  },
} as const;

const source = (name: string, { head, run }: { readonly head: string; readonly run: string }) => `
${head}
from st2reactor.sensor.base import Sensor

class ${name}(Sensor):
    def setup(self):
        self.sensor_service.set_value("setup", "done")
        assert self.sensor_service.get_value("setup") == "done"
        # A thread of the library's own making, from the very beginning.
        thread = threading.Thread(target=self.sensor_service.set_value, args=("thread", "done"))
        thread.start()
        thread.join()
    def steps(self, who):
        service, wrong, n = self.sensor_service, [], 0
        def check(what, seen, wanted):
            if seen != wanted:
                wrong.append([what, repr(seen)])
        while True:
            n += 1
            mine = "own.%d" % who
            check("set", service.set_value(mine, n), True)
            yield
            # Another of the three may have had its turn in between: its answer is not ours.
            check("get", service.get_value(mine), str(n))
            check("ttl", service.set_value("short.%d" % who, n, ttl=0.001), True)
            service.set_value("secret.%d" % who, "hunter%d" % n, encrypt=True)
            yield
            check("decrypted", service.get_value("secret.%d" % who, decrypt=True), "hunter%d" % n)
            check("sealed", "hunter" in service.get_value("secret.%d" % who), False)
            check("expired", service.get_value("short.%d" % who), None)
            check("listed", mine in [pair.name.split(":")[1] for pair in service.list_values(prefix="own.")], True)
            service.set_value("shared.${name}", n, local=False)
            check("deleted", [service.set_value("gone.%d" % who, 1), service.delete_value("gone.%d" % who), service.get_value("gone.%d" % who)], [True, True, None])
            service.dispatch("stores.event", {"from": "${name}", "who": who, "n": n, "wrong": wrong})
            yield
    def at_work(self, who, sleep):
        for _ in self.steps(who):
            sleep(0.01)
    def run(self):${run}
    def cleanup(self):
        self.sensor_service.set_value("cleanup", self.sensor_service.get_value("setup"))
    def add_trigger(self, trigger):
        self.sensor_service.set_value("trigger." + trigger["parameters"]["about"], "added")
    def update_trigger(self, trigger): pass
    def remove_trigger(self, trigger):
        self.sensor_service.set_value("trigger." + trigger["parameters"]["about"], "removed")
`;

const TRIGGERS = `trigger_types:
  - name: event
  - name: ABOUT
    parameters_schema:
      type: object
      additionalProperties: false
      properties: {about: {type: string, required: true}}
`;

test('the datastore answers a sensor on eventlet, gevent, asyncio or threads in all that it does, while it publishes', async () => {
  const files = Object.entries(SENSORS).flatMap(([name, sensor]) => [
    [`sensors/${name.toLowerCase()}_sensor.py`, source(name, sensor)],
    [
      `sensors/${name.toLowerCase()}_sensor.yaml`,
      `class_name: ${name}\nentry_point: ${name.toLowerCase()}_sensor.py\n${TRIGGERS.replace('ABOUT', `about_${name}`)}`,
    ],
  ]);
  await using pack = await tempPack({
    'pack.yaml': 'name: stores\nversion: 1.0.0\nauthor: Test\n',
    'requirements.txt': 'eventlet\ngevent\n',
    ...Object.fromEntries(files),
  });
  await using engine = await startTestEngine();
  const seen = new Map<string, JsonObject>();
  engine.client.triggers.onChanged(({ payload, trigger }) => {
    if (trigger === 'stores.event') seen.set(`${(payload as JsonObject).from}`, payload as JsonObject);
  });
  const key = async (name: string, of: string) => {
    const keys = await engine.client.keys.list({ prefix: `stores.${of}:${name}` });
    return keys.find((each) => each.name === `stores.${of}:${name}`)?.value;
  };
  // One that asks is there before its sensor is, the other comes while that runs.
  for (const name of Object.keys(SENSORS)) await listen(name, 'before');
  await engine.install(pack.path);
  for (const name of Object.keys(SENSORS)) {
    await until(`${name} was at work`, () => Number(seen.get(name)?.n ?? 0) >= 10);
    await listen(name, 'during');
    await until(`${name} was asked`, async () => (await key('trigger.during', name)) === 'added');
    expect([name, await key('setup', name), await key('thread', name)]).toEqual([name, 'done', 'done']);
    expect([name, await key('trigger.before', name)]).toEqual([name, 'added']);
    await engine.client.rules.remove({ ref: `default.${name}_during` as ResourceRef });
    await until(`${name} was told`, async () => (await key('trigger.during', name)) === 'removed');
    const before = Number(seen.get(name)?.n);
    await until(`${name} goes on`, () => Number(seen.get(name)?.n) > before + 3);
    expect([name, seen.get(name)?.wrong]).toEqual([name, []]);
    await engine.client.sensors.setPaused({ ref: `stores.${name}` as ResourceRef, paused: true });
    expect([name, await key('cleanup', name)]).toEqual([name, 'done']);
  }

  async function listen(name: string, when: string): Promise<void> {
    await engine.client.rules.create({
      name: `${name}_${when}`,
      trigger: `stores.about_${name}` as ResourceRef,
      triggerParameters: { about: when },
      criteria: {},
      action: 'core.noop' as ResourceRef,
      parameters: {},
    });
  }
}, 120_000);
