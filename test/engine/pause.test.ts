import { expect, test } from 'vitest';
import type { EngineStatus } from '../../main/contract/engine.ts';
import { EngineState } from '../../main/engine/engine-state.ts';
import { FakeClock } from '../support/fake-clock.ts';

const HOUR_MS = 3_600_000;

function start() {
  const clock = new FakeClock();
  const intake = {
    paused: false,
    setPaused(paused: boolean) {
      intake.paused = paused;
    },
  };
  const told: EngineStatus[] = [];
  const state = new EngineState({
    host: { version: '1', kind: 'headless', folders: { config: '/c', data: '/d' } },
    clock,
    busUrl: 'mqtt://127.0.0.1:1',
    packs: { folders: { installed: '/p', rules: '/r' }, registry: { list: () => [] } },
    intake,
    executions: { runningCount: 0, waitingCount: 0 },
    loopDelay: () => ({ p99Ms: 0, maxMs: 0 }),
    emit: (_name, payload) => told.push(payload as EngineStatus),
  });
  const inAnHour = () => new Date(clock.now() + HOUR_MS).toISOString();
  return { clock, intake, told, state, inAnHour };
}

test('a pause for an hour says when it ends, and ends by itself then', () => {
  const { clock, intake, told, state, inAnHour } = start();
  const until = inAnHour();
  state.setPaused(true, until);
  expect(state.read()).toMatchObject({ paused: true, pausedUntil: until });
  clock.advance(HOUR_MS - 1);
  expect(intake.paused).toBe(true);
  clock.advance(200);
  expect(intake.paused).toBe(false);
  expect(told.at(-1)?.paused).toBe(false);
  expect(told.at(-1)).not.toHaveProperty('pausedUntil');
});

test('a pause that somebody ends, or that gets another end, does not end at the old one', () => {
  const { clock, intake, state, inAnHour } = start();
  state.setPaused(true, inAnHour());
  state.setPaused(false);
  state.setPaused(true);
  clock.advance(2 * HOUR_MS);
  expect(intake.paused).toBe(true);
  expect(state.read()).not.toHaveProperty('pausedUntil');
});

test('a pause until a time that is over is none', () => {
  const { intake, state } = start();
  state.setPaused(true, '2020-01-01T00:00:00.000Z');
  expect(intake.paused).toBe(false);
});
