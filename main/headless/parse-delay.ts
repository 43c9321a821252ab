import { InvalidArgumentError } from 'commander';

const UNITS: Readonly<Record<string, number>> = { '': 1, ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds. A number alone is that already, as for StackStorm's command line. */
export function parseDelay(text: string): number {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text) ?? [];
  if (amount === '') throw new InvalidArgumentError('it is a number with `ms`, `s`, `m`, `h` or `d`.');
  return Math.round(Number(amount) * (UNITS[unit] ?? 1));
}
