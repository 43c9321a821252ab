import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import mqtt from 'mqtt';
import { expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { startSensor, tempPack } from '../support/python.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const mosquitto = needs('mosquitto');

const SENSOR = `
from st2reactor.sensor.base import PollingSensor

class Watch(PollingSensor):
    n = 0
    def setup(self): pass
    def poll(self):
        self.n += 1
        self.sensor_service.dispatch('demo.counted', {'n': self.n})
    def cleanup(self): pass
    def add_trigger(self, trigger): pass
    def update_trigger(self, trigger): pass
    def remove_trigger(self, trigger): pass
`;

test.skipIf(mosquitto.skip)(
  `a sensor publishes to a Mosquitto of another machine just as to the app's own broker${mosquitto.reason}`,
  async () => {
    await using broker = await startMosquitto();
    await using pack = await tempPack({ 'sensors/count.py': SENSOR });
    const subscriber = await mqtt.connectAsync(broker.url, { reconnectPeriod: 20, clientId: 'watcher', clean: false });
    const seen: number[] = [];
    subscriber.on('message', (_topic, body) => seen.push(JSON.parse(String(body)).payload.n));
    await subscriber.subscribeAsync('stormlet/triggers/demo/counted', { qos: 1 });
    const bus = { host: '127.0.0.1', port: broker.port, username: 'anyone', password: 'any', client_id: 'count' };
    await using _sensor = await startSensor(
      pack.file('sensors/count.py'),
      { bus },
      { args: ['--poll-interval', '0.05'] },
    );
    await until('three came', () => seen.length >= 3);
    expect(seen.slice(0, 3)).toEqual([1, 2, 3]);
    await subscriber.endAsync(true);
  },
);

async function startMosquitto() {
  const folder = await tempFolder();
  const port = await freePort();
  const config = path.join(folder.path, 'mosquitto.conf');
  await writeFile(config, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\n`);
  const broker = spawn(mosquitto.path ?? '', ['-c', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  broker.stderr.on('data', (text) => (log += String(text)));
  const ended = new Promise<void>((resolve) => broker.once('exit', () => resolve()));
  await until('mosquitto runs', () => {
    if (broker.exitCode !== null) throw new Error(`mosquitto ended: ${log}`);
    return log.includes('running');
  });
  return {
    port,
    url: `mqtt://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      broker.kill('SIGTERM');
      await ended;
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Mosquitto cannot be asked to choose one itself. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
