import { describe, expect, test } from 'vitest';
import { systemClock } from '../../main/kit/clock.ts';
import { DatastoreFile } from '../../main/store/datastore-file.ts';
import { type ActionSetup, runAction } from '../support/python.ts';
import { serveDatastore } from '../support/serve-datastore.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { TEST_SEAL } from '../support/test-seal.ts';

const act = (...lines: string[]) => `
import threading, time
from st2common.runners.base_action import Action

class Act(Action):
    def run(self, **given):
        kv = self.action_service
        ${lines.join('\n        ')}
`;

type Run = (...lines: string[]) => Promise<unknown>;

async function withFile<T>(work: (run: Run, file: string) => Promise<T>): Promise<T> {
  await using folder = await tempFolder();
  const file = `${folder.path}/datastore.db`;
  return await work((...lines) => runLines(lines, { env: { STORMLET_DATASTORE: file } }), file);
}

async function withBus<T>(work: (run: Run, file: string) => Promise<T>): Promise<T> {
  await using folder = await tempFolder();
  const file = `${folder.path}/datastore.db`;
  await using served = await serveDatastore(file);
  return await work((...lines) => runLines(lines, { bus: served.connectionOf('demo') }), file);
}

async function runLines(lines: readonly string[], setup: Pick<ActionSetup, 'bus' | 'env'>): Promise<unknown> {
  const end = await runAction(act(...lines), setup);
  if (end.answer === undefined) throw new Error(end.stderr);
  return end.answer.result;
}

describe.each([
  ['in a file', withFile],
  ['asked of the app over the bus', withBus],
])('a datastore %s', (_, withStore) => {
  test('a value outlives the process as text, under the name of its pack and class', () =>
    withStore(async (run) => {
      expect(await run('return [kv.get_value("n"), kv.set_value("n", 5), kv.get_value("n")]')).toEqual([
        null,
        true,
        '5',
      ]);
      expect(
        await run(
          'return [kv.get_value("n"), kv.get_value("n", local=False), kv.get_value("demo.Act:n", local=False)]',
        ),
      ).toEqual(['5', null, '5']);
    }));

  test('names outside the class are shared, and the app reads them', () =>
    withStore(async (run, file) => {
      await run('kv.set_value(name="a.b", value="v", local=False)');
      using reader = new DatastoreFile(file, systemClock, TEST_SEAL);
      expect(reader.read('system', 'a.b')).toBe('v');
      expect(reader.read('system', 'other')).toBeUndefined();
    }));

  test('a value with a ttl is gone after it', () =>
    withStore(async (run) => {
      const seen = await run(
        'kv.set_value("short", "x", ttl=0.05); kv.set_value("long", "y", ttl=1000)',
        'while kv.get_value("short"): time.sleep(0.01)',
        'return [kv.get_value("long"), [pair.name for pair in kv.list_values()]]',
      );
      expect(seen).toEqual(['y', ['demo.Act:long']]);
    }));

  test('values are listed by prefix, with full names', () =>
    withStore(async (run) => {
      const seen = await run(
        'for name in ("a1", "a2", "b1"): kv.set_value(name, name.upper())',
        'kv.set_value("a_global", "g", local=False)',
        'pairs = lambda found: [[pair.name, pair.value] for pair in found]',
        'return [pairs(kv.list_values(prefix="a")), pairs(kv.list_values(local=False, prefix="a")), len(kv.list_values(local=False)), len(kv.list_values(limit=2))]',
      );
      expect(seen).toEqual([
        [
          ['demo.Act:a1', 'A1'],
          ['demo.Act:a2', 'A2'],
        ],
        [['a_global', 'g']],
        4,
        2,
      ]);
    }));

  test('a deleted value is gone, and deleting nothing is False', () =>
    withStore(async (run) => {
      const seen = await run(
        'kv.set_value("n", 1)',
        'return [kv.delete_value("n"), kv.get_value("n"), kv.delete_value("n")]',
      );
      expect(seen).toEqual([true, null, false]);
    }));

  test('many threads write at once', () =>
    withStore(async (run) => {
      const seen = await run(
        'threads = [threading.Thread(target=kv.set_value, args=(str(n), n)) for n in range(20)]',
        'for thread in threads: thread.start()',
        'for thread in threads: thread.join()',
        'return sorted(int(pair.value) for pair in kv.list_values())',
      );
      expect(seen).toEqual(Array.from({ length: 20 }, (_, index) => index));
    }));
});

test('over the bus a secret is encrypted, and decrypted for whom it is', () =>
  withBus(async (run, file) => {
    const seen = await run(
      'kv.set_value("token", "hunter2-hunter2", encrypt=True, local=False)',
      'return [kv.get_value("token", local=False, decrypt=True), "hunter2" in kv.get_value("token", local=False)]',
    );
    expect(seen).toEqual(['hunter2-hunter2', false]);
    using reader = new DatastoreFile(file, systemClock, TEST_SEAL);
    expect(reader.get('system', 'token')?.secret).toBe(true);
    reader.set({ scope: 'system', name: 'config.other.key', value: 'theirs', secret: true });
    reader.set({ scope: 'system', name: 'config.demo.key', value: 'ours', secret: true });
    const read = (name: string) => `kv.get_value("${name}", local=False, decrypt=True)`;
    expect(await run(`return [${read('config.demo.key')}, ${read('config.other.key')}]`)).toEqual(['ours', null]);
  }));

test('what forks gets a connection of its own, and a long value comes whole', () =>
  withBus(async (run) => {
    const seen = await run(
      'import os',
      'kv.set_value("n", "x" * 300000)',
      'child = os.fork()',
      'if child == 0:',
      '    kv.set_value("m", len(kv.get_value("n")))',
      '    os._exit(0)',
      'os.waitpid(child, 0)',
      'return [len(kv.get_value("n")), kv.get_value("m")]',
    );
    expect(seen).toEqual([300_000, '300000']);
  }));

test('an app that is gone is said on stderr and gives None and False', async () => {
  await using folder = await tempFolder();
  const file = `${folder.path}/datastore.db`;
  const served = await serveDatastore(file);
  const bus = served.connectionOf('demo');
  await served[Symbol.asyncDispose]();
  const { answer, stderr } = await runAction(
    act('return [kv.get_value("n"), kv.set_value("n", 1), kv.list_values()]'),
    {
      bus,
    },
  );
  expect(answer?.result).toEqual([null, false, []]);
  expect(stderr).toContain('stormlet: the datastore failed: the app does not answer');
});

test('without a file, values live as long as the process', async () => {
  const { answer, stderr } = await runAction(
    act('kv.set_value("n", 1); return [kv.get_value("n"), len(kv.list_values())]'),
  );
  expect(answer?.result).toEqual(['1', 1]);
  expect(stderr).toBe('');
});

test('a store that cannot be used is said on stderr and gives None and False', async () => {
  const source = act('return [kv.get_value("n"), kv.set_value("n", 1), kv.delete_value("n"), kv.list_values()]');
  const { answer, stderr } = await runAction(source, { env: { STORMLET_DATASTORE: '/nowhere/datastore.db' } });
  expect(answer?.result).toEqual([null, false, false, []]);
  expect(stderr.split('\n')[0]).toBe(
    'stormlet: the datastore failed: `/nowhere/datastore.db`: unable to open database file',
  );
});

test.each([
  [
    'kv.get_value("n", decrypt=True)',
    'only the app encrypts and decrypts values: run this from it, or put the secret into the configuration',
  ],
  [
    'kv.set_value("n", 1, encrypt=True)',
    'only the app encrypts and decrypts values: run this from it, or put the secret into the configuration',
  ],
  ['kv.get_value("n", scope="st2kv.user")', 'Scope st2kv.user is unsupported.'],
])('`%s` is refused', async (call, message) => {
  const { exitCode, stderr } = await runAction(act(call));
  expect(exitCode).toBe(1);
  expect(stderr).toContain(`ValueError: ${message}`);
});
