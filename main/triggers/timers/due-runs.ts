import type { Schedule } from './schedule.ts';

/** What of a timer is to be done now. */
export type DueRuns = {
  /** The run that takes place; of several within the grace it is the last, as in APScheduler. */
  readonly current: number | undefined;
  readonly missed: MissedRuns | undefined;
  /** Undefined when it never comes again. */
  readonly next: number | undefined;
};

export type MissedRuns = {
  readonly count: number;
  /** There were more than were counted. */
  readonly isMore: boolean;
  readonly first: number;
  readonly last: number;
};

/**
 * A run that is late by no more than this takes place: a busy or waking machine is a little late. APScheduler allows one
 * second, because a server does not sleep.
 */
export const GRACE_MS = 60_000;
/** A timer of every second that was away for a month is not worth counting. */
const MAX_COUNT = 1000;

/** `due` is the next run as it was worked out before. Pure. */
export function dueRuns(schedule: Schedule, due: number, now: number): DueRuns {
  if (due > now) return { current: undefined, missed: undefined, next: due };
  const graceFrom = now - GRACE_MS;
  const missed = due < graceFrom ? countMissed(schedule, due, graceFrom) : undefined;
  let current: number | undefined;
  let next: number | undefined = missed ? schedule.next(graceFrom, due) : due;
  while (next !== undefined && next <= now) {
    current = next;
    next = schedule.next(current + 1, current);
  }
  return { current, missed, next };
}

function countMissed(schedule: Schedule, due: number, before: number): MissedRuns {
  let [count, last] = [1, due];
  for (;;) {
    const next = schedule.next(last + 1, due);
    if (next === undefined || next >= before) return { count, isMore: false, first: due, last };
    if (count === MAX_COUNT) return { count, isMore: true, first: due, last };
    count += 1;
    last = next;
  }
}
