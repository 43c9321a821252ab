import { readFile } from 'node:fs/promises';
import type { RunProgram } from './run-program.ts';

/** What one process has used so far, its children apart. */
export type ProcessUsage = { readonly cpuMs: number; readonly memoryBytes: number };

/** The kernel counts in hundredths of a second on every Linux that Node runs on. */
const TICK_MS = 10;
const PS_LIMIT_MS = 5000;

/** By process id. Read from /proc on Linux, from `ps` on macOS; elsewhere, and for processes that are gone, absent. */
export async function readUsage(
  pids: readonly number[],
  platform: NodeJS.Platform,
  runProgram: RunProgram,
): Promise<ReadonlyMap<number, ProcessUsage>> {
  if (pids.length === 0) return new Map();
  if (platform === 'linux') return new Map((await Promise.all(pids.map(readProc))).flat());
  if (platform === 'darwin') return readPs(pids, runProgram);
  return new Map();
}

async function readProc(pid: number): Promise<[number, ProcessUsage][]> {
  try {
    const [stat, status] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/status`, 'utf8'),
    ]);
    // The name in parentheses may hold spaces. After it: state is field 3, utime field 14, stime field 15 (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const cpuMs = (Number(fields[11]) + Number(fields[12])) * TICK_MS;
    const memoryBytes = Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
    return [[pid, { cpuMs, memoryBytes }]];
  } catch {
    // It ended.
    return [];
  }
}

async function readPs(pids: readonly number[], runProgram: RunProgram): Promise<ReadonlyMap<number, ProcessUsage>> {
  const end = await runProgram(
    { command: '/bin/ps', args: ['-o', 'pid=,rss=,time=', '-p', pids.join(',')], env: { LC_ALL: 'C' } },
    AbortSignal.timeout(PS_LIMIT_MS),
  );
  return new Map(end.stdout.split('\n').flatMap(readPsLine));
}

/** `  123  45678   1:02.34`, days and hours in front where there are any. */
export function readPsLine(line: string): [number, ProcessUsage][] {
  const match = /^\s*(\d+)\s+(\d+)\s+(?:(\d+)-)?([\d:.]+)\s*$/.exec(line);
  if (!match) return [];
  const [, pid, kilobytes, days = '0', clock = ''] = match;
  const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  const cpuMs = Math.round((Number(days) * 86_400 + seconds) * 1000);
  return [[Number(pid), { cpuMs, memoryBytes: Number(kilobytes) * 1024 }]];
}
