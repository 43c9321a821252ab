import { execa } from 'execa';
import { pypiPython } from '../../support/pypi-python.ts';

/** A cron timer to be worked out: the first `count` times from `start` on that lie before `end`. */
export type CronQuestion = {
  readonly fields: Readonly<Record<string, string>>;
  readonly zone: string;
  readonly start: number;
  readonly end: number;
  readonly count: number;
};

/** The instants in milliseconds, or undefined when it cannot be read. */
export type CronAnswer = readonly number[] | undefined;

const PROGRAM = `
import json, sys
from datetime import datetime, timedelta, timezone
from apscheduler.triggers.cron import CronTrigger

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)

def instant(ms):
    return EPOCH + timedelta(milliseconds=ms)

def answer(question):
    end = instant(question["end"])
    try:
        trigger = CronTrigger(timezone=question["zone"], end_date=end, **question["fields"])
    except ValueError:
        return None
    times = []
    last, now = None, instant(question["start"])
    while len(times) < question["count"]:
        last = trigger.get_next_fire_time(last, now)
        if last is None or last >= end:
            break
        now = last + timedelta(days=1)
        times.append(round((last - EPOCH) / timedelta(milliseconds=1)))
    return times

print(json.dumps([answer(question) for question in json.load(sys.stdin)]))
`;

const OFFSETS = `
import json, sys
from datetime import datetime, timedelta, timezone
import pytz

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
question = json.load(sys.stdin)
times = [EPOCH + timedelta(milliseconds=at) for at in question["instants"]]
zones = [pytz.timezone(name) for name in question["zones"]]
print(json.dumps([[round(at.astimezone(zone).utcoffset().total_seconds() * 1000) for at in times] for zone in zones]))
`;

/** The offset of each zone at each instant: governments change them, and one of us may have heard of it earlier. */
export async function askOffsets(zones: readonly string[], instants: readonly number[]): Promise<number[][]> {
  return ask(OFFSETS, { zones, instants });
}

/** What StackStorm's own scheduler makes of them. It is of the series that StackStorm 3 pins. */
export async function askScheduler(questions: readonly CronQuestion[]): Promise<CronAnswer[]> {
  const answers = await ask<(number[] | null)[]>(PROGRAM, questions);
  return answers.map((times) => times ?? undefined);
}

async function ask<T>(program: string, input: unknown): Promise<T> {
  const python = await pypiPython('apscheduler', ['APScheduler==3.10.4']);
  const { stdout } = await execa(python, ['-c', program], { input: JSON.stringify(input) });
  return JSON.parse(stdout);
}
