import { expect, test } from 'vitest';
import type { QuietHours } from '../../main/contract/desktop-settings.ts';
import { isQuiet } from '../../main/notifications/quiet-hours.ts';

const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];
const hours = { enabled: true, from: '22:00', to: '07:00', days: EVERY_DAY, letFailuresThrough: false };
/** 2026-01-05 is a Monday. */
const at = (text: string) => new Date(`2026-01-${text}:00`).getTime();

test.each<[string, Partial<QuietHours>, boolean]>([
  ['05T21:59', {}, false],
  ['05T22:00', {}, true],
  ['06T06:59', {}, true],
  ['06T07:00', {}, false],
  ['05T23:00', { enabled: false }, false],
  ['05T13:30', { from: '13:00', to: '14:00' }, true],
  ['05T14:00', { from: '13:00', to: '14:00' }, false],
  ['05T13:00', { from: '13:00', to: '13:00' }, false],
  // Those of Monday, when they begin on Mondays only.
  ['05T23:00', { days: [1] }, true],
  ['06T06:00', { days: [1] }, true],
  ['05T06:00', { days: [1] }, false],
  ['06T23:00', { days: [1] }, false],
  // Sunday's night ends on Monday.
  ['05T06:00', { days: [0] }, true],
])('%s with %o is quiet: %s', (time, given, quiet) => {
  expect(isQuiet({ ...hours, ...given }, at(time))).toBe(quiet);
});
