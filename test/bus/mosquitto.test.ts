import mqtt from 'mqtt';
import { expect, test } from 'vitest';
import { startMosquitto } from '../support/mosquitto.ts';
import { needs } from '../support/needs.ts';
import { startSensor, tempPack } from '../support/python.ts';
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
    await using broker = await startMosquitto(mosquitto.path ?? '');
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
