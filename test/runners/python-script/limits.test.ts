import { expect, test } from 'vitest';
import { type Warm, warmPack } from './warm.ts';

const WAYS = [
  { choice: 'cold', isolation: 'cold' },
  { choice: 'fork', isolation: 'forked' },
  { choice: 'standby', isolation: 'standby' },
] as const;

for (const { choice, isolation } of WAYS) {
  test(`limits end a ${isolation} action, and its fault names which`, async () => {
    const limits = { memoryMb: 256, cpuSeconds: 1, openFiles: 32, outputKb: 1 };
    await using pack = await warmPack({ settings: { isolation: choice, limits } });
    await pack.until(isolation);
    await expectLimit(pack, 'held = bytearray(600 * 1024 * 1024)', 'memoryMb', '256 MB');
    await expectLimit(
      pack,
      'held = []\nwhile True:\n    held.append("x" * 100_000 + str(len(held)))',
      'memoryMb',
      '256 MB',
    );
    await expectLimit(pack, 'files = [open("/dev/null") for _ in range(100)]', 'openFiles', '32 files');
    await expectLimit(pack, 'while True:\n    pass', 'cpuSeconds', '1 seconds');
    expect(await pack.run('print("x" * 5000)\nreturn "whole"')).toMatchObject({
      status: 'succeeded',
      output: { stdout: 'x'.repeat(1024), result: 'whole', output_truncated: true },
    });
  });
}

test("what an action starts is under the action's limits", async () => {
  await using pack = await warmPack({ settings: { isolation: 'fork', limits: { openFiles: 77 } } });
  await pack.until('forked');
  const outcome = await pack.run("import subprocess\nreturn subprocess.getoutput('ulimit -n')");
  expect(outcome).toMatchObject({ output: { result: '77' } });
});

test('limits of an action go before those of its pack, and those before the ones for all', async () => {
  await using pack = await warmPack({
    settings: {
      limits: { openFiles: 101, cpuSeconds: 102 },
      packs: { demo: { limits: { openFiles: 201, memoryMb: 202 } } },
      actions: { 'demo.act': { limits: { openFiles: 301 } } },
    },
  });
  const outcome = await pack.run(
    'import resource as r\nreturn [r.getrlimit(x)[0] for x in (r.RLIMIT_NOFILE, r.RLIMIT_DATA, r.RLIMIT_CPU)]',
  );
  expect(outcome).toMatchObject({ output: { result: [301, 202 * 1024 * 1024, 102] } });
});

test('no limit is the app’s own', async () => {
  await using pack = await warmPack({ settings: { limits: { openFiles: 0, memoryMb: 0 } } });
  const outcome = await pack.run('import resource as r\nreturn r.getrlimit(r.RLIMIT_DATA)[0] == r.RLIM_INFINITY');
  expect(outcome).toMatchObject({ output: { result: true } });
});

async function expectLimit(pack: Warm, body: string, setting: string, words: string): Promise<void> {
  expect(await pack.run(body), body).toMatchObject({
    status: 'failed',
    fault: {
      code: 'action/over-limit',
      kind: 'pack',
      message: expect.stringContaining(words),
      hint: expect.stringContaining(setting),
      details: { limit: setting },
    },
  });
}
