import os from 'node:os';

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

/** One after the other, with a pause of `gapMs` before each. The pause is not counted. */
export async function repeat(count: number, work: () => Promise<number>, gapMs = 0): Promise<number[]> {
  const times: number[] = [];
  for (let at = 0; at < count; at++) {
    if (gapMs > 0) await pause(gapMs);
    times.push(await work());
  }
  return times;
}

/** How many are done in a second with `inFlight` under way at all times. */
export async function saturate(count: number, inFlight: number, work: () => Promise<unknown>): Promise<number> {
  let left = count;
  const started = performance.now();
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      await work();
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  return (count / (performance.now() - started)) * 1000;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Rounds are taken when the machine has nothing else to do, as far as it lets itself be waited for. */
export class QuietMachine {
  busyRounds = 0;

  /** Resolves once four fifths of the processors' time is idle; after ten seconds anyway, and then it is counted. */
  async wait(): Promise<void> {
    for (let tries = 0; tries < 20; tries++) {
      if ((await idleShare()) >= 0.8) return;
      await pause(300);
    }
    this.busyRounds += 1;
  }
}

async function idleShare(): Promise<number> {
  const before = processorTimes();
  await pause(200);
  const after = processorTimes();
  return (after.idle - before.idle) / (after.all - before.all);
}

function processorTimes() {
  const sum = { idle: 0, all: 0 };
  for (const { times } of os.cpus()) {
    sum.idle += times.idle;
    sum.all += times.user + times.nice + times.sys + times.idle + times.irq;
  }
  return sum;
}
