import { expect, test } from 'vitest';
import { Backlog } from '../../main/triggers/backlog.ts';
import { FakeClock } from '../support/fake-clock.ts';

test('an acknowledgement waits while too many events do, until there is room', async () => {
  const backlog = new Backlog(new FakeClock(), 2);
  backlog.begin(2);
  await backlog.room();
  backlog.hasCome();
  let isAcknowledged = false;
  const held = backlog.room().then(() => {
    isAcknowledged = true;
  });
  await Promise.resolve();
  expect(isAcknowledged).toBe(false);
  backlog.isJudged();
  await held;
});

test('it is held back for two seconds at most, so that no publisher takes the broker for dead', async () => {
  const clock = new FakeClock();
  const backlog = new Backlog(clock, 0);
  backlog.hasCome();
  const held = backlog.room();
  expect(clock.nextIn).toBe(2000);
  clock.advance(2000);
  await held;
  expect([backlog.length, clock.nextIn]).toEqual([1, undefined]);
});
