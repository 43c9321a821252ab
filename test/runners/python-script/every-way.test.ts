import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Json } from '../../../main/contract/json.ts';
import { RANDOM_WAYS, WAYS, type Way, type Ways, waysToRun } from './ways.ts';

/**
 * The same small programs cold, forked and on standby, without and with modules imported ahead: whatever a program can see has
 * to be the same. What may differ: the parent's id, the addresses of objects and the order of sets (all forks share the
 * server's hash seed), what libraries keep privately for speed (`re._cache`), `gc.get_freeze_count()`, the finder in `sys.meta_path` that gives back what was imported ahead, and
 * times.
 */
const PACK = path.resolve('test/fixtures/packs/every_way');
const programs = readdirSync(path.join(PACK, 'actions'))
  .filter((name) => name.endsWith('.py'))
  .map((name) => name.slice(0, -3));

let ways: Ways;
beforeAll(async () => {
  ways = await waysToRun(PACK, AHEAD);
});
afterAll(() => ways[Symbol.asyncDispose]());

/** What real actions would have taught: everything that the programs import, and more. */
const AHEAD = [
  ...['re', 'enum', 'decimal', 'json', 'json.tool', 'random', 'email.message', 'urllib.request', 'ssl', 'http.client'],
  ...['logging', 'tempfile', 'subprocess', 'threading', 'multiprocessing', 'concurrent.futures', 'asyncio', 'locale'],
  ...['ctypes', 'pickle', 'linecache', 'traceback', 'warnings', 'weakref', 'colorsys', 'importlib.util', 'socket'],
  ...['xml.dom.minidom', 'sqlite3', 'email.mime.text', 'fcntl', 'stat', 'resource', 'faulthandler', 'string', 'io'],
];

test('there are programs, and each is looked at in every way', () => {
  expect(programs.length).toBeGreaterThan(80);
  expect(WAYS).toEqual(['cold', 'forked', 'forked with modules ahead', 'standby', 'standby with modules ahead']);
});

test.for(programs)('%s sees the same in every way', async (program) => {
  const [cold, ...others] = await Promise.all(WAYS.map((way) => ways.run(way, program)));
  const fails = readFileSync(path.join(PACK, 'actions', `${program}.py`), 'utf8').startsWith('# Fails on purpose.');
  expect(cold?.seen).toMatchObject({ status: fails ? 'failed' : 'succeeded' });
  for (const [index, other] of others.entries()) {
    expect(other.isolation, WAYS[index + 1]).toBe(WAYS[index + 1]?.split(' ')[0]);
    expect(other.seen, WAYS[index + 1]).toEqual(cold?.seen);
  }
});

test.for(RANDOM_WAYS)('two %s actions draw different numbers and names', async (way: Way) => {
  const source = `import os, random, secrets, tempfile, uuid
from st2common.runners.base_action import Action

class Program(Action):
    def run(self):
        names = tempfile._get_candidate_names()
        return [random.random(), random.randint(0, 2**64), str(uuid.uuid4()), secrets.token_hex(8), next(names)]
`;
  const file = await ways.write('draws.py', source);
  const drawn = [await ways.run(way, file), await ways.run(way, file), await ways.run(way, file)];
  const values = drawn.map(({ seen }) => JSON.stringify((seen as { output: { result: Json } }).output.result));
  expect(new Set(values).size).toBe(3);
  expect(new Set(values.flatMap((value) => JSON.parse(value) as Json[])).size).toBe(15);
});

test.for(RANDOM_WAYS)('nothing of one %s action is there in the next', async (way: Way) => {
  const first = await ways.run(way, 'monkey_patching');
  const second = await ways.run(way, 'monkey_patching');
  expect(second.seen).toEqual(first.seen);
});
