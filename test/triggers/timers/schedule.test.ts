import { expect, test } from 'vitest';
import type { JsonObject } from '../../../main/contract/json.ts';
import { CRON, DATE, INTERVAL, isFault, readSchedule } from '../../../main/triggers/timers/schedule.ts';

const NOON = Date.UTC(2026, 2, 28, 12);

test('an interval is counted from its anchor, whatever was missed, and an hour is an hour in every night', () => {
  const daily = read(INTERVAL, { unit: 'days', delta: 1, timezone: 'Europe/Vienna' });
  expect(daily.next(NOON + 1, NOON)).toBe(Date.UTC(2026, 2, 29, 12));
  expect(daily.next(NOON + 9.5 * 86_400_000, NOON)).toBe(Date.UTC(2026, 3, 7, 12));
  expect(daily.next(NOON, NOON)).toBe(NOON);
  expect(read(INTERVAL, { unit: 'weeks', delta: 2 }).next(NOON + 1, NOON)).toBe(Date.UTC(2026, 3, 11, 12));
});

test('an interval of nothing is one of a second, as in APScheduler', () => {
  expect(read(INTERVAL, { unit: 'hours', delta: 0 }).next(NOON + 1, NOON)).toBe(NOON + 1000);
});

test.each([
  ['2026-03-29 10:00:00', 'Europe/Vienna', '2026-03-29T08:00:00Z'],
  ['2026-03-29T10:00:00+05:30', 'Europe/Vienna', '2026-03-29T04:30:00Z'],
  ['2026-03-29T10:00:00Z', undefined, '2026-03-29T10:00:00Z'],
  ['Mar 29 2026 10:00', 'America/New_York', '2026-03-29T14:00:00Z'],
  ['2026-03-29', 'UTC', '2026-03-29T00:00:00Z'],
])('the date %s in %s comes once', (date, timezone, instant) => {
  const once = read(DATE, { date, ...(timezone !== undefined && { timezone }) });
  expect(once.next(NOON, NOON)).toBe(Date.parse(instant));
  expect(once.next(Date.parse(instant) + 1, NOON)).toBeUndefined();
});

test('a cron timer takes numbers and texts, and what it has none of is as if left out', () => {
  const workdays = read(CRON, { day_of_week: 'mon-fri', hour: 9, minute: null, timezone: 'Europe/Vienna' });
  expect(workdays.next(NOON, NOON)).toBe(Date.UTC(2026, 2, 30, 7));
  const second = read(CRON, {});
  expect(second.next(NOON + 1, NOON)).toBe(NOON + 1000);
});

test.each([
  [INTERVAL, { unit: 'days', delta: -1 }, /`delta` is -1 days/],
  [INTERVAL, { unit: 'weeks', delta: 1e9 }, /`delta` is 1000000000 weeks/],
  [DATE, { date: 'tomorrow' }, /`date` is no date: `tomorrow`/],
  [CRON, { minute: '61' }, /`minute` goes beyond 59: `61`/],
  [CRON, { day_of_week: 'monday' }, /`day_of_week` names no weekday: `monday`/],
  [CRON, { hour: '*/0' }, /`hour` has a step of 0/],
  [CRON, { hour: '1', timezone: 'Mars/Olympus' }, /there is no time zone `Mars\/Olympus`/],
])('%s with %j is refused in one sentence', (type, parameters, fault) => {
  expect(readSchedule(type, parameters)).toEqual({ fault: expect.stringMatching(fault), hint: expect.any(String) });
});

test('what comes on no day at all is found out', () => {
  expect(read(CRON, { month: 2, day: 30 }).next(NOON, NOON)).toBeUndefined();
  expect(read(CRON, { year: 2025 }).next(NOON, NOON)).toBeUndefined();
  expect(read(CRON, { month: 2, day: 29, day_of_week: 'sun', timezone: 'UTC' }).next(NOON, NOON)).toBe(
    Date.UTC(2032, 1, 29),
  );
});

function read(type: string, parameters: JsonObject) {
  const schedule = readSchedule(type, parameters);
  if (isFault(schedule)) throw new Error(schedule.fault);
  return schedule;
}
