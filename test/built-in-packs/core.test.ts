import path from 'node:path';
import { expect, test } from 'vitest';
import { runActionByHand } from '../support/wrapper.ts';

const ACTIONS = path.resolve(import.meta.dirname, '../../packs/core/actions');

test('echo prints its message as it is, and answers it', async () => {
  const { end, answer } = await run('echo.py', { message: 'hällo\n{"a": 1}' });
  expect(answer).toEqual({ status: null, result: 'hällo\n{"a": 1}' });
  expect(end.stdout.startsWith('hällo\n{"a": 1}')).toBe(true);
});

test.each([
  [{ max_pause: 0 }, 0],
  [{ max_pause: 0, random: true }, 0],
])('pause tells how long it waited: %j', async (parameters, seconds) => {
  expect((await run('pause.py', parameters)).answer).toEqual({ status: null, result: { seconds } });
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
