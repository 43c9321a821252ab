import { rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '../../main/contract/json.ts';
import { noted, payloadProblems, startPackSensor, type Trigger, triggerOf } from '../support/pack-sensor.ts';
import { packPython } from '../support/pack-virtualenv.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { runActionByHand } from '../support/wrapper.ts';

const PACK = path.resolve(import.meta.dirname, '../../packs/calendar');
const STARTS = 'calendar.event_starts';
const ENDS = 'calendar.event_ends';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** On a whole minute, at which the clock of the sensors begins; far from a change of any clock. */
const NOON = Date.parse('2026-01-14T12:00:00Z');
let python: string;

beforeAll(async () => {
  python = await packPython(PACK);
});

test('an event is told some minutes before it begins and when it ends, once', async () => {
  await using desk = await startDesk();
  await desk.write(
    event('uid:1', NOON + 4 * MINUTE, NOON + 34 * MINUTE, {
      SUMMARY: 'Team\\, weekly',
      LOCATION: 'Room 5',
      DESCRIPTION: 'Join: https://meet.example.com/abc?d=1 \\nAgenda',
    }),
    event('uid:2', NOON + 3 * HOUR, NOON + 4 * HOUR, { SUMMARY: 'Later' }),
  );
  {
    await using sensor = desk.start(NOON);
    const [told] = await sensor.dispatched(1);
    await noted(desk.datastore, 'calendar.EventSensor:told', 'uid:1');
    expect(told).toMatchObject({
      ...{ calendar: 'work', summary: 'Team, weekly', location: 'Room 5', url: 'https://meet.example.com/abc?d=1' },
      ...{ all_day: false, minutes_left: 4, missed: false, uid: 'uid:1' },
    });
    expect(Date.parse(String(told?.start))).toBe(NOON + 4 * MINUTE);
    expect(await payloadProblems(STARTS, sensor.payloads(STARTS))).toEqual([]);
  }
  await using later = desk.start(NOON + 35 * MINUTE);
  const [ended] = await later.dispatched(1);
  expect(ended).toMatchObject({ summary: 'Team, weekly', missed: false });
  expect(later.events.map(({ trigger }) => trigger)).toEqual([ENDS]);
  expect(await payloadProblems(ENDS, later.payloads(ENDS))).toEqual([]);
});

test('what begins while the computer sleeps is told once, as missed; what was over before the first run is not', async () => {
  await using desk = await startDesk();
  await desk.write(
    event('old', NOON - 2 * HOUR, NOON - HOUR, { SUMMARY: 'Before' }),
    event('missed', NOON + HOUR, NOON + 5 * HOUR, { SUMMARY: 'Asleep' }),
    event('later', NOON + 10 * HOUR, NOON + 30 * HOUR, { SUMMARY: 'Tonight' }),
  );
  {
    await using first = desk.start(NOON);
    await first.logged('read the calendar work');
  }
  {
    await using second = desk.start(NOON + 3 * HOUR);
    const [told] = await second.dispatched(1);
    expect(told).toMatchObject({ summary: 'Asleep', missed: true, minutes_left: -120 });
    await noted(desk.datastore, 'calendar.EventSensor:told', 'missed');
    await second.stop();
    expect(second.events).toHaveLength(1);
  }
  await using third = desk.start(NOON + 10 * HOUR);
  const told = await third.dispatched(2);
  expect(told.map(({ summary }) => summary).sort()).toEqual(['Asleep', 'Tonight']);
  expect(third.payloads(ENDS)).toMatchObject([{ summary: 'Asleep' }]);
});

test('series, their exceptions, canceled dates, zones and whole days are understood', async () => {
  await using desk = await startDesk();
  const zone = ['BEGIN:VTIMEZONE', 'TZID:Europe/Berlin', 'BEGIN:STANDARD', 'DTSTART:19701025T030000'];
  const rest = ['TZOFFSETFROM:+0200', 'TZOFFSETTO:+0100', 'END:STANDARD', 'END:VTIMEZONE'];
  const daily = ['BEGIN:VEVENT', 'UID:daily', 'DTSTAMP:20260101T000000Z', 'SUMMARY:Stand-up'];
  const moved = ['BEGIN:VEVENT', 'UID:daily', 'DTSTAMP:20260101T000000Z', 'SUMMARY:Stand-up (late)'];
  const off = ['BEGIN:VEVENT', 'UID:daily', 'DTSTAMP:20260101T000000Z', 'SUMMARY:Stand-up', 'STATUS:CANCELLED'];
  await desk.write(
    ...zone,
    ...rest,
    ...daily,
    'DTSTART;TZID=Europe/Berlin:20260101T130500',
    'DURATION:PT10M',
    'RRULE:FREQ=DAILY',
    'EXDATE;TZID=Europe/Berlin:20260117T130500',
    'END:VEVENT',
    ...moved,
    'RECURRENCE-ID;TZID=Europe/Berlin:20260115T130500',
    'DTSTART;TZID=Europe/Berlin:20260115T150000',
    'DTEND;TZID=Europe/Berlin:20260115T151000',
    'END:VEVENT',
    ...off,
    'RECURRENCE-ID;TZID=Europe/Berlin:20260116T130500',
    'DTSTART;TZID=Europe/Berlin:20260116T130500',
    'END:VEVENT',
    ...['BEGIN:VEVENT', 'UID:now', 'DTSTAMP:20260101T000000Z', 'SUMMARY:Now', 'DTSTART:20260110T160100Z'],
    'RRULE:FREQ=DAILY',
    'END:VEVENT',
    ...['BEGIN:VEVENT', 'UID:day', 'DTSTAMP:20260101T000000Z', 'SUMMARY:Holiday'],
    'DTSTART;VALUE=DATE:20260118',
    'END:VEVENT',
  );
  const told: string[] = [];
  for (let day = 0; day < 5; day += 1) {
    await using sensor = desk.start(NOON + day * 24 * HOUR + 4 * HOUR, { missed_hours: 23 });
    // This one is told last, since it begins last; so what was to be told before it was told.
    await until('the end of the day is told', () => sensor.payloads(STARTS).some(({ summary }) => summary === 'Now'));
    for (const { summary, start } of sensor.payloads(STARTS)) if (summary !== 'Now') told.push(`${summary} ${start}`);
  }
  expect(told).toEqual([
    'Stand-up (late) 2026-01-15T14:00:00+00:00',
    'Holiday 2026-01-18T08:00:00+00:00',
    'Stand-up 2026-01-18T12:05:00+00:00',
  ]);
});

test('a rule says how long before, and for which calendar', async () => {
  await using desk = await startDesk();
  await desk.write(event('a', NOON + 25 * MINUTE, NOON + HOUR, { SUMMARY: 'Soon' }));
  const early = triggerOf(STARTS, { lead_minutes: 30 }, 'early');
  const home = triggerOf(STARTS, { lead_minutes: 30, calendar: 'home' }, 'home');
  const plain = triggerOf(STARTS, {}, 'plain');
  await using sensor = desk.start(NOON, {}, [early, home, plain]);
  await sensor.dispatched(1, early.ref);
  // The calendar is read again, and now has an event that is near enough for all.
  await desk.write(event('b', NOON + 2 * MINUTE, NOON + HOUR, { SUMMARY: 'Now' }));
  await sensor.dispatched(1, plain.ref);
  expect(sensor.payloads(early.ref).map(({ summary }) => summary)).toEqual(['Soon', 'Now']);
  expect(sensor.payloads(home.ref)).toEqual([]);
});

test('an address is fetched, asked for changes only, and its copy lasts without a network', async () => {
  await using desk = await startDesk();
  let text = calendar(event('a', NOON + 3 * MINUTE, NOON + HOUR, { SUMMARY: 'From afar' }));
  let conditional = 0;
  const server = createServer((request, response) => {
    const isKnown = request.headers['if-none-match'] === '"1"';
    if (isKnown) conditional += 1;
    response.writeHead(isKnown ? 304 : 200, { etag: '"1"' }).end(isKnown ? '' : text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const source = `http://127.0.0.1:${(server.address() as AddressInfo).port}/private-token/basic.ics`;
  const config = { calendars: [{ name: 'web', source }], refresh_minutes: 0.001 };
  {
    await using sensor = desk.start(NOON, config);
    expect(await sensor.dispatched(1)).toMatchObject([{ calendar: 'web', summary: 'From afar' }]);
    await until('it asks conditionally', () => conditional > 1);
    await sensor.stop();
  }
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  text = '';
  await using offline = desk.start(NOON + HOUR, config);
  expect(await offline.dispatched(1)).toMatchObject([{ summary: 'From afar' }]);
  await offline.logged('the calendar web: [Errno 111] Connection refused');
  expect(offline.log()).not.toContain('private-token');
});

test('a calendar that cannot be read is reported, and its last good state counts', async () => {
  await using desk = await startDesk();
  await desk.write(event('a', NOON + 2 * HOUR, NOON + 3 * HOUR, { SUMMARY: 'Still there' }));
  {
    await using first = desk.start(NOON);
    await first.logged('read the calendar work');
    await writeFile(desk.file, 'this is no calendar');
    await first.logged('the calendar work: not in iCal format');
  }
  await using second = desk.start(NOON + 2 * HOUR);
  expect(await second.dispatched(1)).toMatchObject([{ summary: 'Still there' }]);
});

test('upcoming lists what comes next', async () => {
  await using desk = await startDesk();
  const now = Date.now();
  await desk.write(
    event('b', now + 2 * HOUR, now + 3 * HOUR, { SUMMARY: 'Second' }),
    event('a', now + HOUR, now + 2 * HOUR, { SUMMARY: 'First' }),
    event('c', now + 50 * HOUR, now + 51 * HOUR, { SUMMARY: 'Far' }),
  );
  expect(await upcoming({ source: desk.file })).toMatchObject({
    result: {
      summary: expect.stringMatching(/^2 events, first: First \(\d{4}-\d\d-\d\d \d\d:\d\d\)$/),
      events: [{ summary: 'First' }, { summary: 'Second' }],
    },
  });
  expect(await upcoming({ source: '/no/such.ics' })).toMatchObject({ status: false });
  expect(await upcoming({ calendar: 'work' })).toMatchObject({ status: false });
});

/** A calendar file, and sensors that look at it at times of the test's choice. */
async function startDesk() {
  const folder = await tempFolder();
  const file = path.join(folder.path, 'work.ics');
  await writeFile(
    path.join(folder.path, 'sitecustomize.py'),
    'import os, time\nreal, start = time.time, time.time()\ntime.time = lambda: float(os.environ["NOW"]) + real() - start\n',
  );
  const datastore = path.join(folder.path, 'datastore.db');
  return {
    file,
    datastore,
    /** At once, as a program that synchronizes calendars does. */
    async write(...lines: string[]) {
      await writeFile(`${file}.aside`, calendar(...lines));
      await rename(`${file}.aside`, file);
    },
    start(at: number, config: JsonObject = {}, triggers: readonly Trigger[] = []) {
      const env = {
        ...{ PYTHONPATH: folder.path, TZ: 'UTC', NOW: String(at / 1000) },
        STORMLET_DATASTORE: datastore,
      };
      const names = { pack: 'calendar', sensor: 'event_sensor', className: 'EventSensor', pollInterval: 0.05 };
      const all = { calendars: [{ name: 'work', source: file }], ...config };
      return startPackSensor({ python, ...names, config: all, triggers, env });
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

function calendar(...lines: string[]): string {
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN', ...lines, 'END:VCALENDAR', ''].join('\r\n');
}

function event(uid: string, start: number, end: number, texts: Record<string, string>): string {
  const utc = (time: number) => `${new Date(time).toISOString().replace(/[-:]/g, '').slice(0, 15)}Z`;
  const named = Object.entries(texts).map(([name, text]) => `${name}:${text}`);
  const times = [`DTSTAMP:${utc(NOON)}`, `DTSTART:${utc(start)}`, `DTEND:${utc(end)}`];
  return ['BEGIN:VEVENT', `UID:${uid}`, ...times, ...named, 'END:VEVENT'].join('\r\n');
}

async function upcoming(parameters: JsonObject): Promise<JsonObject> {
  return (await runActionByHand(python, path.join(PACK, 'actions/upcoming.py'), { parameters })).answer;
}
