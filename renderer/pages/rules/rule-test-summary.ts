import type { RuleTestResult } from '../../../main/contract/rule-tests.ts';

const HOUR_MS = 3_600_000;

/** Over which events a rule is tried. */
export const PERIODS = [
  { value: 'last', label: 'Last 50 events' },
  { value: 'day', label: 'Last 24 hours', ms: 24 * HOUR_MS },
  { value: 'week', label: 'Last 7 days', ms: 7 * 24 * HOUR_MS },
  { value: 'month', label: 'Last 30 days', ms: 30 * 24 * HOUR_MS },
] as const;
export type Period = (typeof PERIODS)[number]['value'];

export function sinceOf(period: Period, now: number): string | undefined {
  const found = PERIODS.find(({ value }) => value === period);
  return found && 'ms' in found ? new Date(now - found.ms).toISOString() : undefined;
}

/** Judged otherwise than when it came. */
export function isChange({ matched, matchedThen }: RuleTestResult): boolean {
  return matchedThen !== undefined && matchedThen !== matched;
}

export function summaryOf(results: readonly RuleTestResult[]) {
  const count = (test: (result: RuleTestResult) => boolean) => results.filter(test).length;
  return {
    total: results.length,
    matched: count(({ matched }) => matched),
    added: count((result) => isChange(result) && result.matched),
    lost: count((result) => isChange(result) && !result.matched),
    faults: count(({ fault }) => fault !== undefined),
  };
}
