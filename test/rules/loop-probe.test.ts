import { expect, test } from 'vitest';
import { LoopProbe, type ProbeStep } from '../../main/rules/loop-probe.ts';

const QUIET_MS = 2000;
/** How long one run takes. */
const RUN_MS = 300;

test('a rule that falls silent while its runs wait, and answers each that is let go, is a loop', () => {
  expect(probe({ answers: () => 1 })).toBe('loop');
});

test('a rule that makes several events of each is one as well', () => {
  expect(probe({ answers: () => 3 })).toBe('loop');
});

test.each([20, 150, 400])('a stream from outside, every %i ms, is none, and is known at once', (everyMs) => {
  const found = probeFor({ answers: () => 0, outside: (now) => now % everyMs === 0 });
  expect(found.step).toBe('no loop');
  expect(found.afterMs).toBeLessThan(RUN_MS + QUIET_MS);
});

test('a burst from outside that has just ended is none', () => {
  expect(probe({ answers: () => 0 })).toBe('no loop');
});

test('an answer that is missing once tells it from a loop', () => {
  expect(probe({ answers: (released) => (released === 2 ? 0 : 1) })).toBe('no loop');
});

test('what a polling sensor brings all at once after the runs have ended is no stream from outside', () => {
  expect(probe({ answers: () => 1, leftover: true })).toBe('loop');
});

test('a rule whose action never ends cannot be told, and goes on', () => {
  const found = probeFor({ answers: () => 0, isStuck: true });
  expect(found).toEqual({ step: 'no loop', afterMs: expect.any(Number) });
  expect(found.afterMs).toBeGreaterThan(30_000);
});

type World = {
  /** Events that the released run causes. */
  answers(released: number): number;
  outside?(now: number): boolean;
  leftover?: boolean;
  isStuck?: boolean;
};

function probe(world: World): ProbeStep {
  return probeFor(world).step;
}

/** Runs a probe in steps of 10 ms. */
function probeFor({ answers, outside = () => false, leftover = false, isStuck = false }: World) {
  const looked = new LoopProbe(0, QUIET_MS, 100);
  let busyUntil = isStuck ? Number.POSITIVE_INFINITY : RUN_MS;
  let released = 0;
  for (let now = 10; ; now += 10) {
    if (outside(now)) looked.matched(now);
    if (leftover && now >= RUN_MS + 500 && now < RUN_MS + 530) looked.matched(now);
    if (released > 0 && now === busyUntil - 50) for (let n = answers(released); n > 0; n -= 1) looked.matched(now);
    const step = looked.look(now, now < busyUntil);
    if (step === 'release') {
      released += 1;
      busyUntil = now + RUN_MS;
    } else if (step !== 'wait') return { step, afterMs: now };
  }
}
