import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { SensorReport } from '../../main/contract/sensors.ts';
import { type RunningSensor, startSensor, tempPack } from '../support/python.ts';
import { startTestBroker, type TestBroker } from '../support/test-broker.ts';
import { until } from '../support/until.ts';

const TOPIC = 'stormlet/sensors/demo/Watch/report';
const SENSOR = `
import os, time
import shared
from pieces import one
from . import neighbour
try:
    import optional
except ImportError:
    optional = None
from st2reactor.sensor.base import Sensor

HERE = os.path.dirname(os.path.abspath(__file__))

def wait_for(name):
    while not os.path.exists(os.path.join(HERE, name)):
        time.sleep(0.01)

class Watch(Sensor):
    def setup(self): print('set up', flush=True)
    def run(self):
        wait_for('now')
        import late
        wait_for('never')
    def cleanup(self): pass
    def add_trigger(self, trigger): pass
    def update_trigger(self, trigger): pass
    def remove_trigger(self, trigger): pass
`;
const FILES = {
  'sensors/watch.py': SENSOR,
  'sensors/neighbour.py': '',
  'sensors/unrelated.py': '',
  'lib/shared.py': '',
  'lib/pieces/one.py': '',
  'lib/pieces/two.py': '',
  'actions/lib/late.py': '',
  'actions/run.py': '',
};

test('a sensor tells which files of its pack it imported, where it looks for them, and what it did not find', async () => {
  await using broker = await startTestBroker();
  await using pack = await tempPack(FILES);
  await using sensor = await start(pack.file('sensors/watch.py'), broker);
  await until('it is set up', () => sensor.lines.includes('set up'));
  const [first] = reports(broker);
  expect(first?.run).toBe(7);
  expect(first?.imports.files).toEqual([
    'lib/pieces/one.py',
    'lib/shared.py',
    'sensors/neighbour.py',
    'sensors/watch.py',
  ]);
  expect(first?.imports.folders).toEqual(['actions/lib', 'lib', 'lib/pieces', 'sensors']);
  expect(first?.imports.missing).toContain('optional');
});

test('what it imports later it tells later', async () => {
  await using broker = await startTestBroker();
  await using pack = await tempPack(FILES);
  await using _ = await start(pack.file('sensors/watch.py'), broker);
  await until('it told the first', () => reports(broker).length > 0);
  expect(reports(broker).at(-1)?.imports.files).not.toContain('actions/lib/late.py');
  await writeFile(pack.file('sensors/now'), '');
  await until('it told the rest', () => reports(broker).at(-1)?.imports.files.includes('actions/lib/late.py'));
});

test('a file that cannot be imported is told as missing, also when that ends the sensor', async () => {
  await using broker = await startTestBroker();
  await using pack = await tempPack({ ...FILES, 'lib/shared.py': 'x = (\n' });
  await using sensor = await start(pack.file('sensors/watch.py'), broker);
  expect(await sensor.ended).toBe(1);
  expect(reports(broker).at(-1)?.imports).toMatchObject({ files: ['sensors/watch.py'] });
  expect(reports(broker).at(-1)?.imports.missing).toContain('shared');
});

function start(file: string, broker: TestBroker): Promise<RunningSensor> {
  return startSensor(file, { bus: { host: '127.0.0.1', port: broker.port }, report: { topic: TOPIC, run: 7 } });
}

function reports(broker: TestBroker): SensorReport[] {
  return broker.received.filter(({ topic }) => topic === TOPIC).map(({ body }) => SensorReport.parse(body));
}
