/**
 * One expression of a field of a cron timer, as APScheduler 3 reads it (StackStorm's timers are its): a look at the wall
 * time, and the next value of the field from there, or undefined when there is none before the field above changes.
 * What stands behind a name (`mon-fri/2`, `2nd fri foo`) is not looked at there either.
 */
export type CronExpression = (at: FieldState) => number | undefined;

/** The field where the clock stands: its value now, and what it may be. */
export type FieldState = {
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** The wall time, as if it were UTC. */
  readonly date: Date;
};

export type FieldName = 'year' | 'month' | 'day' | 'week' | 'day_of_week' | 'hour' | 'minute' | 'second';

/** What a field may hold at all. A day 31 is only skipped where the month has none. */
export const FIELD_RANGE: Readonly<Record<FieldName, readonly [min: number, max: number]>> = {
  year: [1970, 9999],
  month: [1, 12],
  day: [1, 31],
  week: [1, 53],
  day_of_week: [0, 6],
  hour: [0, 23],
  minute: [0, 59],
  second: [0, 59],
};

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const POSITIONS = ['1st', '2nd', '3rd', '4th', '5th', 'last'];

/** Throws an Error that says what is wrong with it. */
export function readExpression(field: FieldName, text: string): CronExpression {
  const expression = readEvery(field, text) ?? readRange(field, text) ?? readNamed(field, text);
  if (expression) return expression;
  throw new Error(`cannot be read: \`${text}\``);
}

function readEvery(field: FieldName, text: string): CronExpression | undefined {
  const match = /^\*(?:\/(\d+))?$/.exec(text);
  if (!match) return undefined;
  const [min, max] = FIELD_RANGE[field];
  const step = readStep(match[1], max - min);
  return (at) => stepped(Math.max(at.value, at.min), at.min, at.max, step);
}

function readRange(field: FieldName, text: string): CronExpression | undefined {
  const match = /^(\d+)(?:-(\d+))?(?:\/(\d+))?$/.exec(text);
  if (!match) return undefined;
  const [min, max] = FIELD_RANGE[field];
  const first = Number(match[1]);
  const given = match[2] === undefined ? undefined : Number(match[2]);
  // One number with a step goes on to the end of the field.
  const last = given ?? (match[3] === undefined ? first : undefined);
  if (last !== undefined && first > last) throw new Error(`goes backwards: \`${text}\``);
  if (first < min) throw new Error(`begins below ${min}: \`${text}\``);
  if ((last ?? first) > max) throw new Error(`goes beyond ${max}: \`${text}\``);
  const step = readStep(match[3], Math.min((last || max) - first, max - min));
  return range(first, last, step);
}

function range(first: number, last: number | undefined, step: number): CronExpression {
  return (at) => {
    const min = Math.max(at.min, first);
    return stepped(Math.max(min, at.value), min, last === undefined ? at.max : Math.min(at.max, last), step);
  };
}

/** 1 where none is given. */
function readStep(text: string | undefined, span: number): number {
  if (text === undefined) return 1;
  const step = Number(text);
  if (step === 0) throw new Error('has a step of 0');
  if (step > span) throw new Error(`has a step of ${step}, which is more than the ${span} that it covers`);
  return step;
}

function stepped(start: number, min: number, max: number, step: number): number | undefined {
  const over = (start - min) % step;
  const next = over === 0 ? start : start + step - over;
  return next <= max ? next : undefined;
}

function readNamed(field: FieldName, text: string): CronExpression | undefined {
  if (field === 'month') return readNames(MONTHS, 'month', 1, text);
  if (field === 'day_of_week') return readNames(WEEKDAYS, 'weekday', 0, text);
  if (field !== 'day') return undefined;
  return readPosition(text) ?? (/^last/i.test(text) ? ({ date }) => daysInMonth(date) : undefined);
}

function readNames(names: readonly string[], kind: string, base: number, text: string): CronExpression | undefined {
  const match = /^([a-z]+)(?:-([a-z]+))?/i.exec(text);
  if (!match) return undefined;
  const [first, last] = [match[1], match[2]].map((name) => name && indexOf(names, kind, name) + base);
  if (typeof first !== 'number') return undefined;
  if (typeof last === 'number' && first > last) throw new Error(`goes backwards: \`${text}\``);
  return range(first, typeof last === 'number' ? last : first, 1);
}

function indexOf(names: readonly string[], kind: string, name: string): number {
  const index = names.indexOf(name.toLowerCase());
  if (index >= 0) return index;
  throw new Error(`names no ${kind}: \`${name}\` (${names.join(', ')})`);
}

/** `2nd fri`, `last sun`. */
function readPosition(text: string): CronExpression | undefined {
  const match = /^(1st|2nd|3rd|4th|5th|last) +(\w+)/i.exec(text);
  if (!match?.[1] || !match[2]) return undefined;
  const position = POSITIONS.indexOf(match[1].toLowerCase());
  const weekday = indexOf(WEEKDAYS, 'weekday', match[2]);
  return ({ value, date }) => {
    const days = daysInMonth(date);
    const first = 1 + ((weekday - weekdayOf(date) + value - 1 + 35) % 7);
    const isLast = POSITIONS[position] === 'last';
    const day = first + 7 * (isLast ? Math.floor((days - first) / 7) : position);
    return day <= days && day >= value ? day : undefined;
  };
}

/** 0 is Monday. */
export function weekdayOf(date: Date): number {
  return (date.getUTCDay() + 6) % 7;
}

export function daysInMonth(date: Date): number {
  const month = date.getUTCMonth();
  if (month !== 1) return month === 3 || month === 5 || month === 8 || month === 10 ? 30 : 31;
  const year = date.getUTCFullYear();
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
}
