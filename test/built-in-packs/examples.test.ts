import { appendFile, chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { checkValue } from '../../main/contract/check-parameters.ts';
import { isJsonObject, type JsonObject } from '../../main/contract/json.ts';
import { systemClock } from '../../main/kit/clock.ts';
import { loadPack, PackCaches } from '../../main/packs/metadata/load-pack.ts';
import { DatastoreFile } from '../../main/store/datastore-file.ts';
import { packPython } from '../support/pack-virtualenv.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { TEST_SEAL } from '../support/test-seal.ts';
import { until } from '../support/until.ts';
import { runActionByHand, startSensorByHand } from '../support/wrapper.ts';

const PACK = path.resolve(import.meta.dirname, '../../packs/examples');
const describeFile = path.join(PACK, 'actions/describe_file.py');
const dropFile = path.join(PACK, 'actions/drop_file.py');
const dropFolderSensor = path.join(PACK, 'sensors/drop_folder_sensor.py');
const diskSpaceSensor = path.join(PACK, 'sensors/disk_space_sensor.py');
let python: string;

beforeAll(async () => {
  python = await packPython(PACK);
});

test('describe_file tells size, kind and age in words', async () => {
  await using folder = await tempFolder();
  const file = path.join(folder.path, 'notes.txt');
  await writeFile(file, 'x'.repeat(2048));
  const { end, answer } = await runActionByHand(python, describeFile, { parameters: { path: file } });
  expect(answer).toMatchObject({
    result: { name: 'notes.txt', size: 2048, size_text: '2.0 KiB', kind: 'text/plain' },
  });
  expect(resultOf(answer).summary).toMatch(/^notes\.txt: 2\.0 KiB, text\/plain, changed (now|\w+ seconds? ago)$/);
  expect(end.exitCode).toBe(0);
});

test('describe_file fails with a message where there is no file', async () => {
  const { answer } = await runActionByHand(python, describeFile, { parameters: { path: '/no/such/file' } });
  expect(answer).toEqual({ status: false, result: 'not a file: /no/such/file' });
});

test.each(['../evil.txt', '', '..'])('drop_file writes into the drop folder only: %j', async (name) => {
  await using data = await tempFolder();
  const env = { STORMLET_PACK_DATA: data.path };
  const { answer } = await runActionByHand(python, dropFile, { parameters: { name }, env });
  expect(answer).toMatchObject({ status: false });
});

test('a file that drop_file writes is announced by the sensor, with a payload that fits its schema', async () => {
  await using data = await tempFolder();
  const env = { STORMLET_PACK_DATA: data.path };
  await using sensor = startDropFolderSensor(env);
  await until('the sensor watches', () => sensor.stderr().includes('watching'));
  const { answer } = await runActionByHand(python, dropFile, { parameters: { name: 'Hello.TXT', content: 'hé' }, env });
  const file = path.join(data.path, 'drop', 'Hello.TXT');
  expect(answer).toMatchObject({ status: null, result: { path: file, size: 3 } });

  const [line = ''] = await until('the file is announced', () =>
    sensor.lines().length > 0 ? sensor.lines() : undefined,
  );
  const instance = JSON.parse(line);
  expect(instance.trigger).toBe('examples.file_dropped');
  expect(instance.payload).toMatchObject({ name: 'Hello.TXT', path: file, size: 3, extension: '.txt' });
  expect(await schemaProblems(instance)).toEqual([]);
});

test('a file is announced once, when it is complete, and again only with new content', async () => {
  await using data = await tempFolder();
  const drop = path.join(data.path, 'drop');
  // Long enough for a busy machine to write the next piece.
  const settle = ['--config', '{"settle_seconds": 1}'];
  await using sensor = startDropFolderSensor({ STORMLET_PACK_DATA: data.path }, settle);
  await until('the sensor watches', () => sensor.stderr().includes('watching'));
  const slow = path.join(drop, 'slow.bin');
  for (let piece = 0; piece < 20; piece += 1) await appendFile(slow, 'piece');
  await until('the first file is announced', () => sensor.lines().length === 1);
  await chmod(slow, 0o600);
  await mkdir(path.join(drop, 'a folder'));
  await writeFile(path.join(drop, 'other'), '');
  await until('the second file is announced', () => sensor.lines().length === 2);
  await appendFile(slow, 'more');
  await until('the changed file is announced', () => sensor.lines().length === 3);
  expect(sensor.lines().map((line) => [JSON.parse(line).payload.name, JSON.parse(line).payload.size])).toEqual([
    ['slow.bin', 100],
    ['other', 0],
    ['slow.bin', 104],
  ]);
});

test('a file dropped while no sensor ran is announced at its start, and not again at the next one', async () => {
  await using data = await tempFolder();
  const drop = path.join(data.path, 'drop');
  const env = { STORMLET_PACK_DATA: data.path, STORMLET_DATASTORE: path.join(data.path, 'datastore.db') };
  await mkdir(drop);
  await writeFile(path.join(drop, 'early'), '1');
  {
    await using first = startDropFolderSensor(env);
    await until('the early file is announced', () => first.lines().length === 1);
    // A sensor that is ended before it has noted that down announces the file again rather than never.
    using datastore = new DatastoreFile(env.STORMLET_DATASTORE, systemClock, TEST_SEAL);
    const noted = 'examples.DropFolderSensor:announced';
    await until('that is noted', () => datastore.read('system', noted)?.includes('early'));
    await first.stop();
  }
  await writeFile(path.join(drop, 'late'), '2');
  await using second = startDropFolderSensor(env);
  const [line = ''] = await until('the late file is announced', () => second.lines().length > 0 && second.lines());
  expect(JSON.parse(line).payload.name).toBe('late');
  await writeFile(path.join(drop, 'last'), '3');
  await until('the last file is announced', () => second.lines().length > 1);
  expect(second.lines().map((each) => JSON.parse(each).payload.name)).toEqual(['late', 'last']);
});

test('the drop folder sensor ends when it is told to', async () => {
  await using data = await tempFolder();
  await using sensor = startDropFolderSensor({ STORMLET_PACK_DATA: data.path });
  await until('the sensor watches', () => sensor.stderr().includes('watching'));
  expect(await sensor.stop()).toMatchObject({ exitCode: 0, signal: undefined });
});

test('without the app the sensor says which folder it uses', async () => {
  await using home = await tempFolder();
  await using sensor = startDropFolderSensor({ HOME: home.path });
  const folder = path.join(home.path, '.local/share/stormlet/pack-data/examples');
  await until('the sensor says it', () => sensor.stderr().includes(`not set, using ${folder}\n`));
});

test('the configuration names another drop folder', async () => {
  await using folder = await tempFolder();
  const args = ['--config', JSON.stringify({ drop_folder: path.join(folder.path, 'mine') })];
  await using sensor = startDropFolderSensor({}, args);
  await until('it is watched', () => sensor.stderr().includes(`watching ${path.join(folder.path, 'mine')}\n`));
});

test('the disk sensor tells the free space at first, then when it moved by a percent', async () => {
  await using folder = await tempFolder();
  // Python imports this before anything else: the disk of the test is as full as it says.
  await writeFile(
    path.join(folder.path, 'sitecustomize.py'),
    `import collections, shutil
Usage = collections.namedtuple("Usage", "total used free")
free = iter([500, 505, 495, 490, 499, 480])
shutil.disk_usage = lambda path: Usage(1000, 0, next(free, 480))
`,
  );
  await using sensor = startSensorByHand(python, diskSpaceSensor, {
    className: 'DiskSpaceSensor',
    args: ['--poll-interval', '0.01', '--config', '{"disk_path": "/somewhere"}'],
    env: { PYTHONPATH: folder.path },
  });
  await until('all polls are done', () => sensor.lines().length >= 3);
  const instances = sensor.lines().map((line) => JSON.parse(line));
  expect(instances.map(({ payload }) => payload.free_percent)).toEqual([50, 49, 48]);
  expect(instances[0]).toMatchObject({
    trigger: 'examples.disk_space',
    payload: { path: '/somewhere', free_bytes: 500, total_bytes: 1000 },
  });
  expect(await schemaProblems(instances[0])).toEqual([]);
});

function startDropFolderSensor(env: Record<string, string>, args: readonly string[] = []) {
  return startSensorByHand(python, dropFolderSensor, { className: 'DropFolderSensor', env, args });
}

async function schemaProblems(instance: { trigger: string; payload: JsonObject }) {
  const pack = await loadPack(PACK, 'built-in', '/nowhere', new PackCaches());
  const schema = pack.triggerTypes.find((type) => type.ref === instance.trigger)?.payloadSchema;
  expect(schema).toBeDefined();
  return checkValue(instance.payload, { ...schema }, 'payload');
}

function resultOf(answer: JsonObject): JsonObject {
  return isJsonObject(answer.result) ? answer.result : {};
}
