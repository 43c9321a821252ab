import { belongsTo, endLeftovers } from './end-leftovers.ts';

/**
 * Ends the process group of an action that outlived a killed app, and what left that group. The id may belong to a stranger
 * by now, so it is ended only when its environment shows that it is that very execution; where that cannot be read (other
 * than Linux) it is left. Returns whether something was ended.
 */
export async function reapOrphan(pid: number, execution: string): Promise<boolean> {
  const wasThere = (await belongsTo(pid, execution)) && killGroup(pid);
  return (await endLeftovers(execution)) > 0 || wasThere;
}

function killGroup(pid: number): boolean {
  try {
    process.kill(-pid, 'SIGKILL');
    return true;
  } catch {
    // It ended between the look and the signal.
    return false;
  }
}
