/** Of a list of measurements, in the unit they came in. */
export type Spread = { readonly p50: number; readonly p99: number; readonly min: number; readonly count: number };

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), min: at(0), count: sorted.length };
}

export function median(values: readonly number[]): number {
  return spread(values).p50;
}
