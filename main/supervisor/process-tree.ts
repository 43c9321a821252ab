import { readdir, readFile } from 'node:fs/promises';
import { runProgram } from './run-program.ts';

/**
 * Ends a process with all below it, where it leads no process group of its own. A child that has left its parent before the
 * look belongs to nobody any more and is not found (`end-leftovers.ts` finds it where it can). Returns whom it signaled.
 */
export async function endTree(root: number, signal: 'SIGTERM' | 'SIGKILL', system: System): Promise<readonly number[]> {
  const { platform, environment } = system;
  if (platform === 'win32') {
    await taskkill(root, environment);
    return [];
  }
  const tree = signal === 'SIGTERM' ? await treeOf(root, platform) : await frozenTree(root, platform);
  for (const pid of tree) sendSignal(pid, signal);
  return tree;
}

export type System = {
  readonly platform: NodeJS.Platform;
  /** Says where Windows lies. */
  readonly environment: Readonly<Record<string, string>>;
};

/** A process may start another while the others are looked for. */
const MOST_ROUNDS = 5;

/** What stands still starts no more processes, so after some rounds the list is whole. */
async function frozenTree(root: number, platform: NodeJS.Platform): Promise<number[]> {
  const frozen = new Set<number>();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const fresh = (await treeOf(root, platform)).filter((pid) => !frozen.has(pid));
    if (fresh.length === 0) break;
    for (const pid of fresh) {
      sendSignal(pid, 'SIGSTOP');
      frozen.add(pid);
    }
  }
  return [...frozen];
}

async function treeOf(root: number, platform: NodeJS.Platform): Promise<number[]> {
  const parents = platform === 'linux' ? await parentsInProc() : await parentsByPs();
  const children = new Map<number, number[]>();
  for (const [pid, parent] of parents) children.set(parent, [...(children.get(parent) ?? []), pid]);
  const tree = [root];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

async function parentsInProc(): Promise<[number, number][]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  return (await Promise.all(pids.map(parentInProc))).flat();
}

async function parentInProc(pid: string): Promise<[number, number][]> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces. After it: the state, then the parent (proc(5)).
    return [[Number(pid), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])]];
  } catch {
    // It ended.
    return [];
  }
}

const LOOK_LIMIT_MS = 5000;

async function parentsByPs(): Promise<[number, number][]> {
  const ps = { command: '/bin/ps', args: ['-A', '-o', 'pid=,ppid='], env: { LC_ALL: 'C' } };
  const { stdout } = await runProgram(ps, AbortSignal.timeout(LOOK_LIMIT_MS));
  return stdout.split('\n').flatMap((line): [number, number][] => {
    const match = /^\s*(\d+)\s+(\d+)\s*$/.exec(line);
    return match ? [[Number(match[1]), Number(match[2])]] : [];
  });
}

/** Windows knows no gentle end. */
async function taskkill(root: number, { SystemRoot = 'C:\\Windows' }: System['environment']): Promise<void> {
  const command = `${SystemRoot}\\System32\\taskkill.exe`;
  await runProgram({ command, args: ['/pid', `${root}`, '/T', '/F'], env: {} }, AbortSignal.timeout(LOOK_LIMIT_MS));
}

export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended between the look and the signal.
  }
}
