import { readdir, readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';

/** The variable that every process of an execution carries in its environment. */
export const EXECUTION_MARK = 'STORMLET_EXECUTION_ID';

/** A process may start another while the others are looked for. */
const MOST_ROUNDS = 5;
/** While a process becomes another program its environment cannot be read for a moment, so the last look is a second one. */
const SECOND_LOOK_MS = 100;

/**
 * Ends what has left the process group of a stopped program: a child that forked twice and called `setsid` belongs to
 * nobody any more, but it still carries its execution's mark. Where environments cannot be read (other than Linux) nothing
 * is found. Returns how many were ended.
 */
export async function endLeftovers(execution: string | undefined): Promise<number> {
  if (!execution || process.platform !== 'linux') return 0;
  const mark = `${EXECUTION_MARK}=${execution}`;
  const ended = await endMarked(mark);
  await setTimeout(SECOND_LOOK_MS);
  return ended + (await endMarked(mark));
}

/** Ends every process that has this, `NAME=value`, in its environment, with all that it started. */
export async function endMarked(mark: string): Promise<number> {
  if (process.platform !== 'linux') return 0;
  let ended = 0;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const found = await marked(mark);
    if (found.length === 0) break;
    for (const pid of found) if (kill(pid)) ended += 1;
  }
  return ended;
}

async function marked(mark: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const belongs = await Promise.all(pids.map((pid) => hasInEnvironment(pid, mark)));
  return pids.filter((pid, index) => pid !== process.pid && belongs[index]);
}

export function belongsTo(pid: number, execution: string): Promise<boolean> {
  return hasInEnvironment(pid, `${EXECUTION_MARK}=${execution}`);
}

async function hasInEnvironment(pid: number, mark: string): Promise<boolean> {
  try {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
    return environment.split('\0').includes(mark);
  } catch {
    // Gone, another person's, or a zombie, whose environment is empty.
    return false;
  }
}

function kill(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    // It ended between the look and the signal.
    return false;
  }
}
