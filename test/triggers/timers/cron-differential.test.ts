import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { timeZone } from '../../../main/kit/time-zone.ts';
import { nextOfCron, readCron } from '../../../main/triggers/timers/cron.ts';
import { Random } from '../../support/random.ts';
import { askOffsets, askScheduler, type CronAnswer, type CronQuestion } from './apscheduler.ts';

/** With half hours, midnight changes, a winter time that counts as the summer's, a month of fasting, and none at all. */
const CANDIDATES = [
  ...['UTC', 'America/New_York', 'Europe/Vienna', 'Australia/Lord_Howe', 'Asia/Kolkata', 'America/St_Johns'],
  ...['Africa/Cairo', 'Asia/Beirut', 'America/Havana', 'Pacific/Chatham', 'America/Santiago', 'Europe/Dublin'],
];
const MONTHS = Array.from({ length: 13 * 12 }, (_, month) => Date.UTC(2024, month, 2));
/** Those of whose rules Python and Node have the same data. */
const ZONES = await agreed(CANDIDATES);
/** Later, pytz knows of no change of the clocks. */
const END = Date.UTC(2037, 0, 1);
const HOUR = 3600 * 1000;

test('thousands of cron timers come when APScheduler has them come', async () => {
  await compare(Array.from({ length: 2000 }, (_, seed) => anyQuestion(new Random(seed + 1))));
}, 120_000);

test('around a change of the clocks, too', async () => {
  const questions = ZONES.flatMap((zone) => changes(zone).map((at) => ({ zone, at }))).flatMap(({ zone, at }, place) =>
    Array.from({ length: 40 }, (_, seed) => {
      const random = new Random(place * 1000 + seed + 1);
      return {
        ...nightQuestion(random),
        zone,
        start: at - Math.floor(random.next() * 30) * HOUR - Math.floor(random.next() * 5000),
      };
    }),
  );
  await compare(questions);
}, 120_000);

test('what APScheduler refuses is refused', async () => {
  const texts = [
    ...[
      '',
      '*',
      '*/0',
      '*/2',
      '*/61',
      '5',
      '-1',
      '61',
      '1-',
      '3-1',
      '3-3',
      '3-3/1',
      '3-9/6',
      '3-9/7',
      '70/5',
      '0-0/1',
      '5/3',
    ],
    ...[
      'mon',
      'MON-fri',
      'fri-mon',
      'monday',
      'mon-fri/2',
      'jan',
      'jan-mar',
      'dec-jan',
      'last',
      'last sun',
      '2nd fri',
      '6th fri',
    ],
    ...[
      '2nd friday',
      '2nd  fri',
      '2nd fri,last',
      '1, 2 ,3',
      '1,,2',
      ' 4 ',
      '1;2',
      '*/2,*/3',
      'last foo',
      '5th',
      '09',
      '1.5',
      'x',
    ],
  ];
  const names = ['year', 'month', 'day', 'week', 'day_of_week', 'hour', 'minute', 'second'];
  const start = Date.UTC(2026, 0, 15, 12, 34, 56);
  await compare(
    names.flatMap((name) =>
      texts.map((text) => ({ fields: { [name]: text }, zone: 'Europe/Vienna', start, end: END, count: 3 })),
    ),
  );
}, 120_000);

test('most zones can be compared', () => {
  expect(ZONES.length).toBeGreaterThan(CANDIDATES.length / 2);
});

async function agreed(names: readonly string[]): Promise<string[]> {
  const offsets = await askOffsets(names, MONTHS);
  return names.filter((name, index) =>
    MONTHS.every((at, month) => timeZone(name)?.offsetAt(at) === offsets[index]?.[month]),
  );
}

async function compare(questions: readonly CronQuestion[]): Promise<void> {
  const theirs = await askScheduler(questions);
  const ours: CronAnswer[] = [];
  for (const question of questions) {
    if (ours.length % 50 === 0) await setImmediate();
    ours.push(answer(question));
  }
  const different = questions.flatMap((question, index) =>
    JSON.stringify(ours[index]) === JSON.stringify(theirs[index])
      ? []
      : [{ ...question, start: iso(question.start), ours: ours[index]?.map(iso), theirs: theirs[index]?.map(iso) }],
  );
  expect(different.slice(0, 5)).toEqual([]);
  // A generator that makes nothing but what never comes would prove little.
  expect(theirs.filter((times) => (times?.length ?? 0) > 0).length).toBeGreaterThan(questions.length / 4);
}

function answer({ fields, zone, start, end, count }: CronQuestion): CronAnswer {
  const known = timeZone(zone);
  if (!known) throw new Error(`there is no zone ${zone}`);
  try {
    const cron = readCron(fields, known);
    const times: number[] = [];
    let from = start;
    while (times.length < count) {
      const next = nextOfCron(cron, from);
      if (next === undefined || next >= end) break;
      times.push(next);
      from = next + 1;
    }
    return times;
  } catch {
    return undefined;
  }
}

function anyQuestion(random: Random): CronQuestion {
  const some = (chance: number, text: () => string) => (random.chance(chance) ? text() : undefined);
  const fields = {
    year: some(0.08, () => random.pick(['2026', '2027-2029', '*/2', '2030,2032'])),
    month: some(0.3, () => random.pick(['2', '*/3', 'jan-mar', 'feb,oct', '3-11/4', 'nov', '2,3-5', '10/2'])),
    day: some(0.35, () =>
      random.pick(['1', '31', '29', 'last', '2nd fri', 'last sun', '5th mon', '*/10', '1st tue,15', '10-20/3']),
    ),
    week: some(0.06, () => random.pick(['1', '53', '*/4', '10-20', '52,1'])),
    day_of_week: some(0.3, () => random.pick(['mon', 'mon-fri', '6', '0-4', 'sat,sun', '*/2', 'tue-thu,sun'])),
    hour: some(0.5, () => random.pick(['0', '2', '*/4', '9-17', '1,2,3', '23', '22-23', '*/7', '5/6'])),
    minute: some(0.5, () => random.pick(['0', '*/15', '30', '5-10', '59', '7/13', '*/7', '0,30'])),
    second: some(0.25, () => random.pick(['0', '*/20', '59', '1-3', '30,45'])),
  };
  return {
    fields: onlyGiven(fields),
    zone: random.pick(ZONES),
    start: Date.UTC(2024, 0, 1) + Math.floor(random.next() * 5 * 365 * 24 * HOUR),
    end: END,
    count: 5,
  };
}

/** What comes several times in a night. */
function nightQuestion(random: Random): Omit<CronQuestion, 'zone' | 'start'> {
  const fields = {
    day: random.chance(0.1) ? random.pick(['last sun', 'last', '*/2']) : undefined,
    day_of_week: random.chance(0.15) ? random.pick(['sun', 'sat-sun', 'fri', 'mon']) : undefined,
    hour: random.chance(0.8) ? random.pick(['0', '1', '2', '3', '*/2', '0-3', '1,2', '23,0', '*']) : undefined,
    minute: random.chance(0.8) ? random.pick(['0', '30', '*/20', '59', '15,45', '1/29', '*']) : undefined,
    second: random.chance(0.2) ? random.pick(['0', '59', '*/30']) : undefined,
  };
  return { fields: Object.keys(onlyGiven(fields)).length > 0 ? onlyGiven(fields) : { hour: '2' }, end: END, count: 12 };
}

function onlyGiven(fields: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** The hours of two years in which the zone's clocks are changed. */
function changes(name: string): number[] {
  const zone = timeZone(name);
  const hours = Array.from({ length: 2 * 365 * 24 }, (_, hour) => Date.UTC(2025, 0, 1) + hour * HOUR);
  return hours.filter((at) => zone?.offsetAt(at) !== zone?.offsetAt(at + HOUR));
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
