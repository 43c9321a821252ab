import { readFile } from 'node:fs/promises';

/**
 * Ends the process group of an action that outlived a killed app. The id may belong to a stranger by now, so it is ended
 * only when its environment shows that it is that very execution; where that cannot be read (other than Linux) it is left.
 * Returns whether something was ended.
 */
export async function reapOrphan(pid: number, execution: string): Promise<boolean> {
  if (!(await belongsTo(pid, execution))) return false;
  try {
    process.kill(-pid, 'SIGKILL');
    return true;
  } catch {
    // It ended between the look and the signal.
    return false;
  }
}

async function belongsTo(pid: number, execution: string): Promise<boolean> {
  try {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
    return environment.split('\0').includes(`STORMLET_EXECUTION_ID=${execution}`);
  } catch {
    return false;
  }
}
