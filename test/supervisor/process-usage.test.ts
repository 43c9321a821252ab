import { expect, test } from 'vitest';
import { readPsLine, readUsage } from '../../main/supervisor/process-usage.ts';
import { runProgram } from '../../main/supervisor/run-program.ts';

test.runIf(process.platform === 'linux' || process.platform === 'darwin')(
  'a process that runs has used time and memory, one that does not has not',
  async () => {
    const usage = await readUsage([process.pid, 2 ** 22 + 1], process.platform, runProgram);
    expect([...usage.keys()]).toEqual([process.pid]);
    expect(usage.get(process.pid)?.cpuMs).toBeGreaterThan(0);
    expect(usage.get(process.pid)?.memoryBytes).toBeGreaterThan(10_000_000);
  },
);

test('a platform that does not tell is not guessed for', async () => {
  expect(await readUsage([process.pid], 'win32', runProgram)).toEqual(new Map());
});

test.each<[string, [number, { cpuMs: number; memoryBytes: number }][]]>([
  ['  123  45678   1:02.34', [[123, { cpuMs: 62_340, memoryBytes: 46_774_272 }]]],
  ['9 8 1-02:03:04', [[9, { cpuMs: 93_784_000, memoryBytes: 8192 }]]],
  ['', []],
])('ps: %j', (line, wanted) => {
  expect(readPsLine(line)).toEqual(wanted);
});
