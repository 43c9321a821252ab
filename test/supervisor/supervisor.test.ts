import { expect, test } from 'vitest';
import type { ProcessState } from '../../main/contract/sensors.ts';
import { nextDelay } from '../../main/supervisor/restart-policy.ts';
import { type ProcessReport, SupervisedProcess } from '../../main/supervisor/supervisor.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { isAlive } from '../support/processes.ts';
import { until } from '../support/until.ts';

const policy = { firstDelayMs: 1000, maxDelayMs: 5000, healthyAfterMs: 30_000, giveUpAfter: 4 };

test('a program that dies is started again later each time, and is given up with the reason', async () => {
  await using bench = supervise('process.exit(3)');
  const delays: (number | undefined)[] = [];
  for (let death = 1; death < policy.giveUpAfter; death++) {
    await until(`death ${death}`, () => bench.last.state === 'backing-off' && bench.last.deaths === death);
    delays.push(bench.clock.nextIn);
    bench.clock.advance(bench.clock.nextIn ?? 0);
  }
  await until('it was given up', () => bench.last.state === 'given-up');
  expect(delays).toEqual([1000, 2000, 4000]);
  expect(bench.last).toMatchObject({
    deaths: 4,
    why: 'it died 4 times in a row, at last because it ended with exit code 3',
  });
});

test('a program that was healthy for long is forgiven its earlier deaths', async () => {
  await using bench = supervise('process.stdin.once("data", () => setInterval(() => {}, 1000)); console.log("up")');
  await until('it runs', () => bench.lines.includes('up'));
  bench.clock.advance(policy.healthyAfterMs);
  process.kill(bench.last.pid ?? 0, 'SIGKILL');
  await until('it is started again', () => bench.last.state === 'backing-off');
  expect(bench.last.deaths).toBe(1);
  expect(bench.last.why).toContain('SIGKILL');
});

test('a program that ends with exit code 0 is not started again', async () => {
  await using bench = supervise('process.exit(0)');
  await until('it ended', () => bench.last.state === 'stopped');
  expect(bench.clock.nextIn).toBeUndefined();
});

test('a program that cannot be started says why', async () => {
  await using bench = supervise('', { command: '/no/such/interpreter' });
  await until('it backs off', () => bench.last.state === 'backing-off');
  expect(bench.last.why).toContain('ENOENT');
});

test('the first line of stdin is given at each start, and the end of stdin asks it to end', async () => {
  await using bench = supervise(`
    require('readline').createInterface({ input: process.stdin })
      .on('line', (line) => console.log('got ' + line)).on('close', () => { console.log('cleanup'); process.exit(0); });
    process.on('SIGTERM', () => {});`);
  await until('it was told', () => bench.lines.includes('got first line'));
  await bench.process.stop();
  expect(bench.lines).toContain('cleanup');
  expect(bench.last.state).toBe('stopped');
});

test.skipIf(process.platform === 'win32')('stopping takes what the program started with it', async () => {
  await using bench = supervise(`
    const child = require('child_process').spawn('sleep', ['1000']);
    console.log('child ' + child.pid);
    process.on('SIGTERM', () => process.exit(0));
    setInterval(() => {}, 1000);`);
  const line = await until('it has a child', () => bench.lines.find((text) => text.startsWith('child ')));
  const child = Number(line.slice('child '.length));
  expect(isAlive(child)).toBe(true);
  await bench.process.stop();
  await until('the child is gone', () => !isAlive(child));
});

test('a stop while it backs off is final', async () => {
  await using bench = supervise('process.exit(1)');
  await until('it backs off', () => bench.last.state === 'backing-off');
  await bench.process.stop();
  bench.clock.advance(60_000);
  expect(bench.last.state).toBe('stopped');
});

test('a line that never ends is cut instead of held in memory', async () => {
  await using bench = supervise(`process.stdout.write('x'.repeat(100_000)); setInterval(() => {}, 1000)`);
  await until('it came in pieces', () => bench.lines.length > 0);
  expect(Math.max(...bench.lines.map((line) => line.length))).toBeLessThanOrEqual(8192);
});

test('the delay doubles up to its bound and then ends', () => {
  expect([1, 2, 3, 4].map((deaths) => nextDelay({ ...policy, maxDelayMs: 3000 }, deaths))).toEqual([
    1000,
    2000,
    3000,
    undefined,
  ]);
});

function supervise(program: string, { command = process.execPath } = {}) {
  const clock = new FakeClock();
  const lines: string[] = [];
  const reports: ProcessReport[] = [];
  const supervised = new SupervisedProcess({
    spec: { command, args: ['-e', program], env: { PATH: process.env.PATH ?? '' }, firstLine: () => 'first line' },
    policy,
    clock,
    onReport: (report) => reports.push(report),
    onLine: (line) => lines.push(line),
  });
  supervised.start();
  return {
    clock,
    lines,
    process: supervised,
    get last(): ProcessReport {
      return reports.at(-1) ?? { state: 'stopped' satisfies ProcessState, deaths: 0 };
    },
    [Symbol.asyncDispose]: () => supervised.stop(),
  };
}
