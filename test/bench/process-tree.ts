import { readdirSync, readFileSync } from 'node:fs';

/** What a process and all below it use, as Linux tells it. */
export type TreeUsage = {
  /** Resident memory, with what is shared counted for each. */
  readonly rssMb: number;
  /** Proportional: what is shared is divided among those who share it. */
  readonly pssMb: number;
  /** User and system time so far, also of children that have ended and were waited for. */
  readonly cpuMs: number;
};

/** Ticks of the clock in which Linux counts processor time: a hundred a second on every common machine. */
const TICK_MS = 10;

export function treeUsage(root: number): TreeUsage {
  const parents = readParents();
  const total = { rssMb: 0, pssMb: 0, cpuMs: 0 };
  for (const pid of [root, ...descendants(root, parents)]) {
    const usage = processUsage(pid);
    total.rssMb += usage.rssMb;
    total.pssMb += usage.pssMb;
    total.cpuMs += usage.cpuMs;
  }
  return total;
}

export function processUsage(pid: number): TreeUsage {
  try {
    const fields = statFields(pid);
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const megabytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(rollup)?.[1] ?? 0) / 1024;
    const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0);
    return { rssMb: megabytes('Rss'), pssMb: megabytes('Pss'), cpuMs: ticks * TICK_MS };
  } catch {
    // It has ended meanwhile.
    return { rssMb: 0, pssMb: 0, cpuMs: 0 };
  }
}

/** Processes below `root` whose command line holds all the words. */
export function findBelow(root: number, ...words: string[]): number[] {
  return descendants(root, readParents()).filter((pid) => {
    const command = readCommand(pid);
    return words.every((word) => command.includes(word));
  });
}

function readCommand(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

function readParents(): Map<number, number> {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      parents.set(Number(name), Number(statFields(Number(name))[1]));
    } catch {
      // It has ended meanwhile.
    }
  }
  return parents;
}

function descendants(root: number, parents: ReadonlyMap<number, number>): number[] {
  const found = new Set<number>();
  for (const pid of parents.keys()) {
    const way: number[] = [];
    for (let at: number | undefined = pid; at !== undefined && at !== root && at > 1; at = parents.get(at))
      way.push(at);
    if (parents.get(way.at(-1) ?? pid) === root && pid !== root) found.add(pid);
  }
  return [...found];
}

/** What follows the program's name, which stands in parentheses and may hold spaces: state, parent … */
function statFields(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
