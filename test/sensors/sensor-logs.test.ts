import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { silentLog } from '../../main/kit/log.ts';
import { LARGEST_LOG, SensorLogs } from '../../main/sensors/sensor-logs.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { tempFolder } from '../support/temp-folder.ts';

const REF = 'demo.Watch' as ResourceRef;

test('what a sensor prints is kept with the time at which it came', async () => {
  await using bench = await startBench();
  bench.logs.print(REF, 'one');
  bench.clock.advance(50);
  bench.logs.print(REF, 'two');
  const lines = ['2026-01-01T00:00:00.000Z one', '2026-01-01T00:00:00.050Z two'];
  expect(await bench.logs.read(REF, 10)).toEqual(lines);
  expect(await bench.logs.read(REF, 1)).toEqual(lines.slice(1));
  expect(await readFile(path.join(bench.folder, 'demo', 'Watch.log'), 'utf8')).toBe(`${lines.join('\n')}\n`);
  expect(await bench.logs.read('demo.Other' as ResourceRef, 10)).toEqual([]);
});

test('who follows it is told a moment later, once for all that came meanwhile', async () => {
  await using bench = await startBench();
  for (let n = 0; n < 2000; n++) bench.logs.print(REF, String(n));
  expect(bench.told).toEqual([]);
  bench.clock.advance(100);
  expect(bench.told).toHaveLength(1);
  expect(bench.told[0]?.lines.at(-1)).toMatch(/ 1999$/);
  expect(bench.told[0]?.lines.length).toBeLessThanOrEqual(500);
  expect(await bench.logs.read(REF, 10_000)).toHaveLength(2000);
});

test('a full log makes way for a new one, and the oldest of four is thrown away', async () => {
  await using bench = await startBench();
  const long = 'x'.repeat(LARGEST_LOG);
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
    bench.logs.print(REF, `${name}${long}`);
    await bench.logs.read(REF, 1);
  }
  const files = await readdir(path.join(bench.folder, 'demo'));
  expect(files.sort()).toEqual(['Watch.log', 'Watch.log.1', 'Watch.log.2', 'Watch.log.3']);
  const lines = await bench.logs.read(REF, 10);
  expect(lines.map((line) => line.split(' ')[1]?.[0])).toEqual(['c', 'd', 'e', 'f']);
});

test('a class name that is no file name leads nowhere else', async () => {
  await using bench = await startBench();
  bench.logs.print('demo.../../x' as ResourceRef, 'one');
  expect(await bench.logs.read('demo.../../x' as ResourceRef, 1)).toHaveLength(1);
  expect(await readdir(path.join(bench.folder, 'demo'))).toEqual(['..%2F..%2Fx.log']);
});

async function startBench() {
  const home = await tempFolder();
  const clock = new FakeClock();
  const told: { ref: ResourceRef; lines: string[] }[] = [];
  const logs = new SensorLogs({
    folder: home.path,
    clock,
    log: silentLog,
    onPrinted: (ref, lines) => told.push({ ref, lines }),
  });
  return {
    ...{ clock, told, logs, folder: home.path },
    async [Symbol.asyncDispose]() {
      await logs[Symbol.asyncDispose]();
      await home[Symbol.asyncDispose]();
    },
  };
}
