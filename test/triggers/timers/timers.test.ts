import { expect, test } from 'vitest';
import type { JsonObject } from '../../../main/contract/json.ts';
import type { TriggerType } from '../../../main/contract/packs.ts';
import type { PackRef, ResourceRef } from '../../../main/contract/refs.ts';
import type { MissedRunsPolicy } from '../../../main/contract/trigger-settings.ts';
import { silentLog } from '../../../main/kit/log.ts';
import { sealWithKey } from '../../../main/store/seal.ts';
import { openStore, type Store } from '../../../main/store/store.ts';
import type { OwnEvent } from '../../../main/triggers/admit.ts';
import { CRON, DATE, INTERVAL } from '../../../main/triggers/timers/schedule.ts';
import { Timers } from '../../../main/triggers/timers/timers.ts';
import { triggerOf } from '../../../main/triggers/trigger-of.ts';
import { FakeClock } from '../../support/fake-clock.ts';

/** The fake clock begins at midnight, UTC. */
const [SECOND, MINUTE, HOUR, DAY] = [1000, 60_000, 3_600_000, 86_400_000];
const HOURLY = trigger(CRON, { hour: '*', timezone: 'UTC' });

test('a timer comes when it is due, in StackStorm’s words', async () => {
  await using stage = new Stage([HOURLY]);
  await stage.advance(HOUR - 1);
  expect(stage.events).toEqual([]);
  await stage.advance(1);
  expect(stage.events).toEqual([
    {
      id: `timer:${HOURLY.name}:2026-01-01T01:00:00.000Z`,
      trigger: HOURLY.ref,
      payload: { executed_at: '2026-01-01 01:00:00+00:00', schedule: null },
      source: 'timer',
      traceTag: `st2.CronTimer-${HOURLY.name}`,
    },
  ]);
  await stage.advance(HOUR);
  expect(stage.told()).toEqual(['01:00', '02:00']);
});

test('an interval keeps its step, also over a restart', async () => {
  const every = trigger(INTERVAL, { unit: 'minutes', delta: 10 });
  await using stage = new Stage([every]);
  await stage.advance(25 * MINUTE);
  stage.restart([every]);
  await stage.advance(10 * MINUTE);
  expect(stage.told()).toEqual(['00:10', '00:20', '00:30']);
});

test('a date comes once, and one that has passed never does', async () => {
  const [once, past] = [
    trigger(DATE, { date: '2026-03-01T00:00:00Z' }),
    trigger(DATE, { date: '2025-12-31T00:00:00Z' }),
  ];
  await using stage = new Stage([once, past]);
  expect([stage.timers.isSpent(once.ref), stage.timers.isSpent(past.ref)]).toEqual([false, true]);
  stage.clock.jump(58 * DAY + 23.5 * HOUR);
  await stage.advance(MINUTE);
  expect(stage.events).toEqual([]);
  await stage.advance(HOUR);
  expect(stage.events.map(({ trigger }) => trigger)).toEqual([once.ref]);
  expect(stage.timers.isSpent(once.ref)).toBe(true);
  expect(stage.spent).toBe(1);
  stage.restart([once, past], DAY);
  await stage.advance(MINUTE);
  expect(stage.events).toHaveLength(1);
});

test('what is a little late takes place, and of several of them one', async () => {
  const seconds = trigger(INTERVAL, { unit: 'seconds', delta: 10 });
  await using stage = new Stage([HOURLY, seconds]);
  stage.clock.jump(HOUR + 30 * SECOND);
  await stage.advance(20 * SECOND);
  expect(stage.told(HOURLY)).toEqual(['01:00']);
  expect(stage.told(seconds).slice(0, 2)).toEqual(['missed 00:00 to 00:59: 357', '01:00']);
});

test('runs that were missed in a sleep are told once, to be seen and not to be acted on', async () => {
  await using stage = new Stage([HOURLY]);
  stage.clock.jump(5.5 * HOUR);
  await stage.advance(MINUTE);
  expect(stage.events).toMatchObject([
    {
      id: `timer:${HOURLY.name}:missed:2026-01-01T01:00:00.000Z`,
      payload: {
        missed: { count: 5, is_more: false, first: '2026-01-01 01:00:00+00:00', last: '2026-01-01 05:00:00+00:00' },
      },
      refusal: {
        severity: 'warning',
        code: 'timer/missed',
        message: expect.stringMatching(/^5 runs from .* were missed/),
      },
    },
  ]);
  await stage.advance(HOUR);
  expect(stage.told()).toEqual(['missed 01:00 to 05:00: 5', '06:00']);
});

test('by the settings one run makes up for all that were missed', async () => {
  await using stage = new Stage([HOURLY], 'once');
  stage.clock.jump(5.5 * HOUR);
  await stage.advance(HOUR);
  expect(stage.events).toMatchObject([
    { payload: { executed_at: expect.stringMatching(/^2026-01-01 05:30/), missed: { count: 5 } } },
    { id: `timer:${HOURLY.name}:2026-01-01T06:00:00.000Z` },
  ]);
  expect(stage.events[0]?.refusal).toBeUndefined();
});

test('what was missed while the app did not run is told, and nothing of when no rule asked', async () => {
  const daily = trigger(CRON, { hour: 12, timezone: 'UTC' });
  await using stage = new Stage([HOURLY, daily]);
  stage.restart([daily], 3 * DAY);
  await stage.advance(SECOND);
  stage.restart([HOURLY, daily], DAY);
  await stage.advance(SECOND);
  expect(stage.told(HOURLY)).toEqual([]);
  expect(stage.told(daily)).toEqual(['missed 12:00 to 12:00: 3', 'missed 12:00 to 12:00: 1']);
});

test('a pause holds timers back, and what it held back was missed', async () => {
  await using stage = new Stage([HOURLY]);
  stage.isPaused = true;
  await stage.advance(3.5 * HOUR);
  expect(stage.events).toEqual([]);
  stage.isPaused = false;
  await stage.advance(MINUTE);
  expect(stage.told()).toEqual(['missed 01:00 to 03:00: 3']);
});

test('a clock that is set back repeats nothing, and keeps no timer waiting for a time that was wrong', async () => {
  const every = trigger(INTERVAL, { unit: 'hours', delta: 1 });
  await using stage = new Stage([HOURLY, every]);
  stage.clock.jump(400 * DAY);
  await stage.advance(MINUTE);
  const before = stage.events.length;
  stage.clock.jump(-400 * DAY);
  await stage.advance(HOUR + MINUTE);
  expect(stage.events.slice(before).map(({ trigger }) => trigger)).toEqual(
    expect.arrayContaining([HOURLY.ref, every.ref]),
  );
  expect(new Set(stage.events.map(({ id }) => id)).size).toBe(stage.events.length);
});

test('a timer far away waits longer than any single wait of the platform', async () => {
  const far = trigger(DATE, { date: '2027-06-01T00:00:00Z' });
  await using stage = new Stage([far]);
  expect(stage.clock.nextIn).toBeLessThanOrEqual(2 ** 31 - 1);
  stage.clock.jump(Date.UTC(2027, 5, 1) - Date.UTC(2026, 0, 1) - MINUTE);
  await stage.advance(2 * MINUTE);
  expect(stage.events).toHaveLength(1);
});

test('an event that cannot be written is tried again, and comes once', async () => {
  await using stage = new Stage([HOURLY]);
  stage.failures = 2;
  await stage.advance(HOUR);
  expect(stage.events).toEqual([]);
  for (let second = 0; second < 3; second += 1) await stage.advance(SECOND);
  expect(stage.told()).toEqual(['01:00']);
  expect(stage.store.timers.all()).toEqual([{ trigger: HOURLY.ref, due: Date.UTC(2026, 0, 1, 2) }]);
});

test('what was written before a kill does not come again after it', async () => {
  await using stage = new Stage([HOURLY]);
  await stage.advance(HOUR);
  // As if the event had reached the disk, and the new date had not.
  stage.store.timers.set({ trigger: HOURLY.ref, due: Date.UTC(2026, 0, 1, 1) });
  stage.restart([HOURLY]);
  await stage.advance(SECOND);
  expect(new Set(stage.events.map(({ id }) => id)).size).toBe(1);
});

class Stage implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly store: Store = openStore(':memory:', sealWithKey(Buffer.alloc(32)));
  readonly events: OwnEvent[] = [];
  readonly #missedRuns: MissedRunsPolicy;
  timers: Timers;
  isPaused = false;
  failures = 0;
  spent = 0;

  constructor(triggers: readonly ReturnType<typeof trigger>[], missedRuns: MissedRunsPolicy = 'skip') {
    this.#missedRuns = missedRuns;
    this.timers = this.#start();
    this.timers.sync(triggers);
  }

  /** The app ends, and starts again some time later. */
  restart(triggers: readonly ReturnType<typeof trigger>[], later = 0): void {
    this.timers[Symbol.dispose]();
    this.clock.jump(later);
    this.timers = this.#start();
    this.timers.sync(triggers);
  }

  /** In steps, so that what is written has its turn. */
  async advance(ms: number): Promise<void> {
    await settled();
    for (let left = ms; left > 0; ) {
      const step = Math.min(left, Math.max(1, this.clock.nextIn ?? left));
      this.clock.advance(step);
      left -= step;
      if (this.#isWriting || left === 0) await settled();
    }
  }

  told(of?: { ref: string }): string[] {
    const time = (text: unknown) => String(text).slice(11, 16);
    return this.events
      .filter(({ trigger }) => of === undefined || trigger === of.ref)
      .map(({ payload, refusal }) => {
        const missed = payload.missed as JsonObject | undefined;
        if (!refusal || !missed) return time(payload.executed_at);
        return `missed ${time(missed.first)} to ${time(missed.last)}: ${missed.count}`;
      });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.timers[Symbol.dispose]();
    await settled();
    this.store[Symbol.dispose]();
  }

  #isWriting = false;

  #start(): Timers {
    return new Timers({
      clock: this.clock,
      log: silentLog,
      table: this.store.timers,
      groupCommit: this.store.groupCommit,
      submit: (event) => {
        this.#isWriting = true;
        return this.store.groupCommit.run(() => {
          this.#isWriting = false;
          if (this.failures > 0) {
            this.failures -= 1;
            throw new Error('disk full');
          }
          this.events.push(event);
          const at = new Date(this.clock.now()).toISOString();
          return { ...event, id: event.id ?? '', occurredAt: at, receivedAt: at, status: 'pending' } as never;
        });
      },
      missedRuns: () => this.#missedRuns,
      isPaused: () => this.isPaused,
      onSpent: () => {
        this.spent += 1;
      },
    });
  }
}

/** A turn of the event loop for the write, and one for what follows from it. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

function trigger(type: string, parameters: JsonObject) {
  const [pack, ref] = ['core' as PackRef, type as ResourceRef];
  const known: TriggerType = {
    ref,
    pack,
    name: type.slice(5),
    description: '',
    file: '',
    parametersSchema: { type: 'object' },
  };
  const made = triggerOf(known, parameters);
  if (!made) throw new Error('a timer has parameters');
  return made;
}
