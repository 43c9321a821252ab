import { expect, test } from 'vitest';
import { GOALS, judgeBound, outcome } from './goals.ts';
import { describeRun, toJson, toMarkdown } from './report.ts';

test('a value is judged by its floor and its moonshot, whichever way is better', () => {
  const { stackstorm } = GOALS.G1.bounds;
  expect([49, 50, 100].map((value) => judgeBound(stackstorm, value))).toEqual(['missed', 'floor', 'moonshot']);
  const { warm } = GOALS.G12.bounds;
  expect([21, 20, 10].map((value) => judgeBound(warm, value))).toEqual(['missed', 'floor', 'moonshot']);
});

test('what was not measured is said to be so, and is neither met nor missed', () => {
  const outcomes = [outcome('G2', [{ who: 'Stormlet', p50: 5.25, p99: 9 }], { p50: 6.4, p99: Number.NaN })];
  const run = { ...describeRun('quick', 2, 61.2, 1), outcomes };
  const [first, second] = toMarkdown(run)
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1);
  expect(first).toContain('Stormlet: p50 5.25 ms, p99 9 ms | 6.4 × Node-RED’s latency, p50 | ≥ 5 × | ≥ 8 × | floor |');
  expect(second).toContain('not measured Node-RED’s latency, p99');
  expect(JSON.parse(toJson(run)).outcomes[0].verdicts).toMatchObject([
    { bound: 'p50', value: 6.4, verdict: 'floor' },
    { bound: 'p99', value: null, verdict: 'not measured' },
  ]);
});

test('every goal has a bound, and no floor asks for more than its moonshot', () => {
  for (const [id, { bounds }] of Object.entries(GOALS)) {
    expect(Object.keys(bounds).length, id).toBeGreaterThan(0);
    for (const bound of Object.values(bounds)) expect(judgeBound(bound, bound.moonshot), bound.what).toBe('moonshot');
  }
});
