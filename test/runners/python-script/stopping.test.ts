import { expect, test } from 'vitest';
import { isAlive } from '../../support/processes.ts';
import { until } from '../../support/until.ts';
import { warmPack } from './warm.ts';

const WAYS = [
  { choice: 'cold', isolation: 'cold' },
  { choice: 'fork', isolation: 'forked' },
  { choice: 'standby', isolation: 'standby' },
] as const;

/** Leaves its session and its parent behind, and says so; with `exec` as another program. */
const ESCAPES = (last: string) => `
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        print(os.getpid(), flush=True)
        ${last}
    os._exit(0)
os.wait()
time.sleep(1000)`;

for (const { choice, isolation } of WAYS) {
  test(`a ${isolation} action that takes too long ends with all it started, also what escaped its process group`, async () => {
    await using pack = await warmPack({ settings: { isolation: choice } });
    for (const last of ['time.sleep(1000)', "os.execvp('sleep', ['sleep', '1000'])"]) {
      await pack.until(isolation);
      const limit = new AbortController();
      const escaped = Promise.withResolvers<number>();
      const running = pack.run(ESCAPES(last), {
        signal: limit.signal,
        runnerParameters: { timeout: 7 },
        onOutput: (text) => escaped.resolve(Number(text)),
      });
      const pid = await escaped.promise;
      limit.abort('timeout');
      expect(await running).toMatchObject({ status: 'timeout', isolation });
      await until('what escaped is gone', () => !isAlive(pid));
    }
  });

  test(`a ${isolation} action that is canceled may tidy up`, async () => {
    await using pack = await warmPack({ settings: { isolation: choice } });
    await pack.until(isolation);
    const cancel = new AbortController();
    const started = Promise.withResolvers<void>();
    const running = pack.run(
      `
import os, signal, sys, time
def end(*_):
    sys.stdout.write('tidy\\n')
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
# Past the stream: the signal may come within the write, and a stream cannot be written to within a write.
os.write(1, b'ready\\n')
time.sleep(1000)`,
      { signal: cancel.signal, onOutput: () => started.resolve() },
    );
    await started.promise;
    cancel.abort('canceled');
    expect(await running).toMatchObject({ status: 'canceled', output: { stdout: 'ready\ntidy\n' } });
  });
}

test('an action that was canceled before it began does not run', async () => {
  await using pack = await warmPack({ settings: { isolation: 'fork' } });
  await pack.until('forked');
  expect(await pack.run('import time; time.sleep(1000)', { signal: AbortSignal.abort('timeout') })).toMatchObject({
    status: 'timeout',
  });
});

test('when the warm interpreter dies, its actions end with it and say so, and the next one runs', async () => {
  await using pack = await warmPack({ settings: { isolation: 'fork' } });
  await pack.until('forked');
  const started = Promise.withResolvers<number>();
  const running = pack.run('import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(1000)', {
    onOutput: (text) => started.resolve(Number(text)),
  });
  const child = await started.promise;
  process.kill(pack.servers.list()[0]?.pid ?? 0, 'SIGKILL');
  expect(await running).toMatchObject({
    status: 'failed',
    fault: { code: 'python/server-lost', kind: 'environment', message: expect.stringContaining('SIGKILL') },
  });
  await until('its process is gone', () => !isAlive(child));
  expect(pack.log.some((line) => line.includes('a warm interpreter died'))).toBe(true);
  await pack.until('forked');
});

test('a warm interpreter that hangs is noticed when it has to end an action', async () => {
  await using pack = await warmPack({ settings: { isolation: 'fork' } });
  await pack.until('forked');
  const limit = new AbortController();
  const started = Promise.withResolvers<number>();
  const running = pack.run('import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(1000)', {
    signal: limit.signal,
    runnerParameters: { timeout: 1 },
    onOutput: (text) => started.resolve(Number(text)),
  });
  const child = await started.promise;
  process.kill(pack.servers.list()[0]?.pid ?? 0, 'SIGSTOP');
  limit.abort('timeout');
  expect(await running).toMatchObject({ status: 'timeout' });
  await until('its process is gone', () => !isAlive(child));
});

test('the end of the app ends what runs and what waits', async () => {
  const pids: number[] = [];
  {
    await using pack = await warmPack({ settings: { isolation: 'fork' } });
    await pack.until('forked');
    pids.push(pack.servers.list()[0]?.pid ?? 0);
    const started = Promise.withResolvers<void>();
    void pack.run('import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(1000)', {
      onOutput: (text) => {
        // The end of the line may come by itself.
        if (text.trim() === '') return;
        pids.push(Number(text));
        started.resolve();
      },
    });
    await started.promise;
  }
  await until('both are gone', () => pids.every((pid) => !isAlive(pid)));
  expect(pids).toHaveLength(2);
});
