import { expect, test } from 'vitest';
import { pythonTime } from '../../main/kit/python-time.ts';
import { askPython } from '../support/ask-python.ts';

test('an instant is printed as Python prints it', async () => {
  const instants = [0, 1, 999, 1_000, 1_735_689_599_999, 1_790_000_000_120, -1];
  const python = await askPython(
    `from datetime import datetime, timedelta, timezone
def answer(ms):
    return str(datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=ms))`,
    instants,
  );
  expect(instants.map(pythonTime)).toEqual(python);
  expect(pythonTime('2026-07-30T05:04:24.578Z')).toBe('2026-07-30 05:04:24.578000+00:00');
});
