import type { JsonObject } from '../../contract/json.ts';
import { readDate } from '../../kit/read-date.ts';
import { instantAt, type TimeZone, timeZone } from '../../kit/time-zone.ts';
import { nextOfCron, readCron } from './cron.ts';
import { FIELD_RANGE, type FieldName } from './cron-expression.ts';

/** When a timer comes. Instants are milliseconds since the epoch. */
export type Schedule = {
  /**
   * The first time that is not before `from`. `anchor` is one of its earlier times, or when it was first asked for: an
   * interval is counted from there, and the others do not care.
   */
  next(from: number, anchor: number): number | undefined;
};

/** What is wrong with a timer's parameters, in words that end no sentence. */
export type ScheduleFault = { readonly fault: string; readonly hint: string };

export const INTERVAL = 'core.st2.IntervalTimer';
export const CRON = 'core.st2.CronTimer';
export const DATE = 'core.st2.DateTimer';

export function isTimer(type: string): boolean {
  return type === INTERVAL || type === CRON || type === DATE;
}

/** The parameters fit the type's schema. */
export function readSchedule(type: string, parameters: JsonObject): Schedule | ScheduleFault {
  const { timezone = null } = parameters;
  const zone = timeZone(timezone === null ? undefined : String(timezone));
  if (!zone) {
    return {
      fault: `there is no time zone \`${String(timezone)}\``,
      hint: 'name one such as `Europe/Vienna` or `UTC`',
    };
  }
  if (type === INTERVAL) return readInterval(parameters);
  return type === DATE ? readDateTimer(String(parameters.date), zone) : readCronTimer(parameters, zone);
}

export function isFault(read: Schedule | ScheduleFault): read is ScheduleFault {
  return 'fault' in read;
}

const SECONDS: Readonly<Record<string, number>> = {
  weeks: 7 * 24 * 3600,
  days: 24 * 3600,
  hours: 3600,
  minutes: 60,
  seconds: 1,
};
const HUNDRED_YEARS = 100 * 365.25 * 24 * 3600;

/** Hours are sixty minutes long also in a night in which the clocks are changed, so no zone matters. */
function readInterval({ unit, delta }: JsonObject): Schedule | ScheduleFault {
  const seconds = Number(delta) * (SECONDS[String(unit)] ?? Number.NaN);
  if (!(seconds >= 0 && seconds <= HUNDRED_YEARS)) {
    return {
      fault: `\`delta\` is ${String(delta)} ${String(unit)}`,
      hint: 'take what lies between 0 and a hundred years',
    };
  }
  // APScheduler takes none for one second.
  const period = Math.max(1, seconds) * 1000;
  return { next: (from, anchor) => anchor + Math.max(0, Math.ceil((from - anchor) / period)) * period };
}

function readDateTimer(date: string, zone: TimeZone): Schedule | ScheduleFault {
  const at = readDate(date, (wall) => instantAt(zone, wall));
  if (at === undefined) {
    return { fault: `\`date\` is no date: \`${date}\``, hint: 'write it like `2026-12-31 23:59:59`' };
  }
  return { next: (from) => (from <= at ? at : undefined) };
}

function readCronTimer(parameters: JsonObject, zone: TimeZone): Schedule | ScheduleFault {
  const given = Object.keys(FIELD_RANGE).flatMap((name) => {
    const value = parameters[name] ?? null;
    return value === null ? [] : [[name as FieldName, String(value)] as const];
  });
  try {
    const cron = readCron(Object.fromEntries(given), zone);
    return { next: (from) => nextOfCron(cron, from) };
  } catch (error) {
    const hint = 'write numbers, `*`, `*/5`, `1-10/2`, names such as `mon-fri`, or on a day `2nd fri` and `last`';
    return { fault: error instanceof Error ? error.message : String(error), hint };
  }
}
