import { expect, test } from 'vitest';
import { RunRate } from '../../main/rules/run-rate.ts';

const START = 1_700_000_000_000;

test('what happened longer ago than the span is not counted', () => {
  const rate = new RunRate(10_000);
  for (let n = 0; n < 30; n += 1) rate.saw(START);
  expect(rate.count(START + 9000)).toBe(30);
  expect(rate.count(START + 13_000)).toBe(0);
});

test('a burst is never sustained, however large it is; a steady stream is, once the span is full', () => {
  const burst = new RunRate(10_000);
  for (let n = 0; n < 5000; n += 1) burst.saw(START + n);
  expect(burst.count(START + 5000)).toBe(5000);
  expect(burst.isSustained(START + 5000)).toBe(false);
  const steady = new RunRate(10_000);
  const at = Array.from({ length: 100 }, (_, n) => START + n * 200);
  const isSustained = at.map((now) => {
    steady.saw(now);
    return steady.isSustained(now);
  });
  expect(at[isSustained.indexOf(true)]).toBe(START + 10_000);
  expect(steady.isSustained(START + 23_000)).toBe(false);
});

test('a clock that is set back or far ahead begins anew', () => {
  const rate = new RunRate(10_000);
  rate.saw(START);
  rate.saw(START - 3_600_000);
  expect(rate.count(START - 3_600_000)).toBe(1);
  expect(rate.count(START)).toBe(0);
});
