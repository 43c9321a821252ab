import { expect, test } from 'vitest';
import { instantAt, timeZone } from '../../main/kit/time-zone.ts';

const HOUR = 3600 * 1000;

test('a zone knows by how much its clocks are ahead, in summer and winter', () => {
  const vienna = timeZone('Europe/Vienna');
  expect(vienna?.offsetAt(Date.UTC(2026, 0, 1, 12, 30, 15, 250))).toBe(HOUR);
  expect(vienna?.offsetAt(Date.UTC(2026, 6, 1))).toBe(2 * HOUR);
  expect(timeZone('Asia/Kolkata')?.offsetAt(0)).toBe(5.5 * HOUR);
  expect(timeZone('America/New_York')?.offsetAt(-1)).toBe(-5 * HOUR);
});

test('an unknown zone is none, and none at all is the computer’s own', () => {
  expect(timeZone('Europe/Atlantis')).toBeUndefined();
  expect(timeZone()?.name).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone);
});

test.each([
  ['an ordinary time', '2026-06-01T12:00:00', '2026-06-01T10:00:00Z'],
  ['a time that comes twice is the later one', '2026-10-25T02:30:00', '2026-10-25T01:30:00Z'],
  ['a time that is left out is read by the clock of before', '2026-03-29T02:30:00', '2026-03-29T01:30:00Z'],
])('%s', (_, wall, instant) => {
  const vienna = timeZone('Europe/Vienna');
  expect(vienna && new Date(instantAt(vienna, Date.parse(`${wall}Z`)))).toEqual(new Date(instant));
});
