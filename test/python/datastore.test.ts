import { expect, test } from 'vitest';
import { systemClock } from '../../main/kit/clock.ts';
import { DatastoreFile } from '../../main/store/datastore-file.ts';
import { runAction } from '../support/python.ts';
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

async function withStore<T>(
  work: (run: (...lines: string[]) => Promise<unknown>, file: string) => Promise<T>,
): Promise<T> {
  await using folder = await tempFolder();
  const file = `${folder.path}/datastore.db`;
  return await work(async (...lines) => {
    const end = await runAction(act(...lines), { env: { STORMLET_DATASTORE: file } });
    if (end.answer === undefined) throw new Error(end.stderr);
    return end.answer.result;
  }, file);
}

test('a value outlives the process as text, under the name of its pack and class', () =>
  withStore(async (run) => {
    expect(await run('return [kv.get_value("n"), kv.set_value("n", 5), kv.get_value("n")]')).toEqual([null, true, '5']);
    expect(
      await run('return [kv.get_value("n"), kv.get_value("n", local=False), kv.get_value("demo.Act:n", local=False)]'),
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
    'stormlet: the datastore `/nowhere/datastore.db` failed: unable to open database file',
  );
});

test.each([
  [
    'kv.get_value("n", decrypt=True)',
    'packs cannot encrypt or decrypt values themselves: put the secret into the configuration',
  ],
  [
    'kv.set_value("n", 1, encrypt=True)',
    'packs cannot encrypt or decrypt values themselves: put the secret into the configuration',
  ],
  ['kv.get_value("n", scope="st2kv.user")', 'Scope st2kv.user is unsupported.'],
])('`%s` is refused', async (call, message) => {
  const { exitCode, stderr } = await runAction(act(call));
  expect(exitCode).toBe(1);
  expect(stderr).toContain(`ValueError: ${message}`);
});
