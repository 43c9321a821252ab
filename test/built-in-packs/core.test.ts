import path from 'node:path';
import { expect, test } from 'vitest';
import { runActionByHand } from '../support/wrapper.ts';

const ACTIONS = path.resolve(import.meta.dirname, '../../packs/core/actions');

test.each([
  [{ max_pause: 0 }, 0],
  [{ max_pause: 1, random: true }, 1],
])('pause gives the seconds that it waited: %j', async (parameters, seconds) => {
  expect((await run('pause.py', parameters)).answer).toEqual({ status: null, result: seconds });
});

test.each([
  ['uuid1', '1'],
  ['uuid4', '4'],
])('uuid makes a new %s each time', async (uuid_type, version) => {
  const results = await Promise.all([1, 2].map(() => run('generate_uuid.py', { uuid_type })));
  const [first, second] = results.map(({ answer }) => String(answer.result));
  expect(first?.[14]).toBe(version);
  expect(second?.[14]).toBe(version);
  expect(first).not.toBe(second);
});

function run(file: string, parameters: Record<string, string | number | boolean>) {
  return runActionByHand('python3', path.join(ACTIONS, file), { parameters });
}
