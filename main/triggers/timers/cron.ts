import { instantAt, type TimeZone } from '../../kit/time-zone.ts';
import {
  type CronExpression,
  daysInMonth,
  FIELD_RANGE,
  type FieldName,
  type FieldState,
  readExpression,
  weekdayOf,
} from './cron-expression.ts';

/** A cron timer's fields, largest first. Those that are no part of a date can only be waited for, day by day. */
const FIELDS = ['year', 'month', 'day', 'week', 'day_of_week', 'hour', 'minute', 'second'] as const;

type Field = { readonly name: FieldName; readonly expressions: readonly CronExpression[] };
export type Cron = { readonly fields: readonly Field[]; readonly zone: TimeZone };

/** The calendar repeats itself after so many years: what has not come by then never does. */
const CALENDAR_YEARS = 400;

/** Throws an Error that names the field and what is wrong with it. */
export function readCron(given: Readonly<Partial<Record<FieldName, string>>>, zone: TimeZone): Cron {
  const smallest = FIELDS.findLastIndex((name) => given[name] !== undefined);
  const fields = FIELDS.map((name, index) => {
    const text = given[name] ?? (smallest >= 0 && index > smallest ? LOWEST[name] : undefined) ?? '*';
    return { name, expressions: readField(name, text) };
  });
  return { fields, zone };
}

/** Below the smallest field that is given; a day of the week and a week have no lowest. */
const LOWEST: Readonly<Partial<Record<FieldName, string>>> = {
  month: '1',
  day: '1',
  hour: '0',
  minute: '0',
  second: '0',
};

function readField(name: FieldName, text: string): CronExpression[] {
  return text
    .trim()
    .split(/ *, */)
    .map((part) => {
      try {
        return readExpression(name, part);
      } catch (error) {
        throw new Error(`\`${name}\` ${error instanceof Error ? error.message : String(error)}`, { cause: error });
      }
    });
}

/**
 * A time on the zone's clocks. `offset` is kept with it, because a wall time that a spring night leaves out has one, too:
 * that of before.
 */
type Moment = { readonly date: Date; readonly offset: number };

/**
 * The first instant, not before `from`, that the fields describe; undefined when there is none. Step for step as APScheduler
 * does it, because what happens around a change of the clocks is nothing but a consequence of these steps.
 */
export function nextOfCron({ fields, zone }: Cron, from: number): number | undefined {
  let moment = momentAt(Math.ceil(from / 1000) * 1000, zone);
  let lastYear = moment.date.getUTCFullYear() + CALENDAR_YEARS;
  let index = 0;
  while (index >= 0 && index < fields.length) {
    const field = fields[index] as Field;
    const state = stateOf(field.name, moment.date);
    const value = nextValue(field, state);
    if (value === undefined) ({ moment, index } = increment(moment, index - 1, zone));
    else if (value === state.value) index += 1;
    else if (field.name === 'week' || field.name === 'day_of_week')
      ({ moment, index } = increment(moment, index, zone));
    else {
      moment = setField(moment, index, value, zone);
      if (field.name === 'year') lastYear = value + CALENDAR_YEARS;
      index += 1;
    }
    if (moment.date.getUTCFullYear() > lastYear) return undefined;
  }
  return index < 0 ? undefined : moment.date.getTime() - moment.offset;
}

function momentAt(instant: number, zone: TimeZone): Moment {
  const offset = zone.offsetAt(instant);
  return { date: new Date(instant + offset), offset };
}

function nextValue({ expressions }: Field, state: FieldState): number | undefined {
  let smallest: number | undefined;
  for (const expression of expressions) {
    const value = expression(state);
    if (value !== undefined && (smallest === undefined || value < smallest)) smallest = value;
  }
  return smallest;
}

/** The next value of this field, with those below at their lowest; where it is at its highest, that of the one above. */
function increment(moment: Moment, field: number, zone: TimeZone): { moment: Moment; index: number } {
  for (let index = field; index >= 0; index -= 1) {
    const name = FIELDS[index] as FieldName;
    if (name === 'week' || name === 'day_of_week') continue;
    const { value, max } = stateOf(name, moment.date);
    if (value >= max) continue;
    // By as much as the clocks' faces differ, and only then is looked whether they were changed on the way.
    return { moment: momentAt(withField(moment.date, index, value + 1) - moment.offset, zone), index };
  }
  return { moment, index: -1 };
}

function setField({ date }: Moment, index: number, value: number, zone: TimeZone): Moment {
  const wall = withField(date, index, value);
  return { date: new Date(wall), offset: wall - instantAt(zone, wall) };
}

/** The wall time with another value there, and those below at their lowest. */
function withField(date: Date, index: number, value: number): number {
  const part = (name: FieldName, at: number) => {
    if (at === index) return value;
    return at < index ? valueIn(name, date) : FIELD_RANGE[name][0];
  };
  return Date.UTC(
    part('year', 0),
    part('month', 1) - 1,
    part('day', 2),
    part('hour', 5),
    part('minute', 6),
    part('second', 7),
  );
}

function stateOf(name: FieldName, date: Date): FieldState {
  const [min, max] = FIELD_RANGE[name];
  return { value: valueIn(name, date), min, max: name === 'day' ? daysInMonth(date) : max, date };
}

function valueIn(name: FieldName, date: Date): number {
  switch (name) {
    case 'year':
      return date.getUTCFullYear();
    case 'month':
      return date.getUTCMonth() + 1;
    case 'day':
      return date.getUTCDate();
    case 'week':
      return isoWeek(date);
    case 'day_of_week':
      return weekdayOf(date);
    case 'hour':
      return date.getUTCHours();
    case 'minute':
      return date.getUTCMinutes();
    case 'second':
      return date.getUTCSeconds();
  }
}

const DAY = 24 * 3600 * 1000;

/** The week is that of its Thursday. */
function isoWeek(date: Date): number {
  const thursday = date.getTime() + (3 - weekdayOf(date)) * DAY;
  return 1 + Math.floor((thursday - Date.UTC(new Date(thursday).getUTCFullYear(), 0, 1)) / DAY / 7);
}
