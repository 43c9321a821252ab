import { expect, test } from 'vitest';
import { RESTART_EVERY_MS, RESTARTS_AT_ONCE, RestartBudget } from '../../main/sensors/restart-budget.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');

test('a person who edits is never held up', () => {
  const budget = new RestartBudget();
  for (let n = 0; n < 500; n++) expect(budget.take(NOW + n * RESTART_EVERY_MS)).toBe(0);
});

test('changes without an end restart a sensor now and then only', () => {
  const budget = new RestartBudget();
  let restarts = 0;
  for (let now = NOW; now < NOW + 600_000; now += 100) if (budget.take(now) === 0) restarts += 1;
  expect(restarts).toBe(RESTARTS_AT_ONCE + 600_000 / RESTART_EVERY_MS - 1);
});

test('what is put off is put off until there is a restart for it', () => {
  const budget = new RestartBudget();
  for (let n = 0; n < RESTARTS_AT_ONCE; n++) budget.take(NOW);
  const wait = budget.take(NOW + 1000);
  expect(wait).toBe(RESTART_EVERY_MS - 1000);
  expect(budget.take(NOW + 1000 + wait)).toBe(0);
  expect(budget.take(NOW + 1000 + wait)).toBe(RESTART_EVERY_MS);
});
