import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { reapOrphan } from '../../main/supervisor/reap-orphan.ts';
import { isAlive } from '../support/processes.ts';
import { until } from '../support/until.ts';

test.skipIf(process.platform !== 'linux')(
  'an orphan is ended by its execution id, and a stranger is left alone',
  async () => {
    const orphan = spawn('sleep', ['1000'], { detached: true, env: { ...process.env, STORMLET_EXECUTION_ID: 'mine' } });
    const pid = orphan.pid ?? 0;
    await until('it runs', () => isAlive(pid));
    expect(await reapOrphan(pid, 'another')).toBe(false);
    expect(isAlive(pid)).toBe(true);
    expect(await reapOrphan(pid, 'mine')).toBe(true);
    await until('it is gone', () => !isAlive(pid));
    expect(await reapOrphan(pid, 'mine')).toBe(false);
  },
);
