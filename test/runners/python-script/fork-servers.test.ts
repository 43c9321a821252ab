import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { FakeClock } from '../../support/fake-clock.ts';
import { isAlive } from '../../support/processes.ts';
import { findTestPython } from '../../support/python.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { until } from '../../support/until.ts';
import { resultOf, type Warm, warmPack } from './warm.ts';

test('the first action runs cold at once, while the warm interpreter starts for the next', async () => {
  await using pack = await warmPack();
  expect(await pack.run('return 1')).toMatchObject({ status: 'succeeded', isolation: 'cold' });
  await pack.until('forked');
  expect(pack.servers.list()).toMatchObject([{ pack: 'demo', imported: 0 }]);
});

test('settings choose the way, for all and for one pack', async () => {
  await using pack = await warmPack({ settings: { isolation: 'cold' } });
  await pack.run('return 1');
  expect(await pack.run('return 1')).toMatchObject({ isolation: 'cold' });
  expect(pack.servers.list()).toEqual([]);
  pack.setSettings({ isolation: 'cold', packs: { demo: { isolation: 'standby' } } });
  await pack.until('standby');
  pack.setSettings({ isolation: 'standby', packs: { demo: { isolation: 'fork' } } });
  await pack.until('forked');
});

test('one that stands by imports ahead what earlier actions did, unless the action has an environment of its own', async () => {
  await using pack = await warmPack({ settings: { isolation: 'standby' } });
  const imports = 'import decimal\nreturn 1';
  await pack.run(imports);
  await until('one has imported ahead', async () => {
    await pack.run('return 1');
    return (pack.standbys.list()[0]?.imported ?? 0) > 0;
  });
  expect(await pack.run(imports)).toMatchObject({ status: 'succeeded', isolation: 'standby' });
  await until('one has imported ahead', () => (pack.standbys.list()[0]?.imported ?? 0) > 0);
  const own = await pack.run(imports, { runnerParameters: { env: { SOME: 'value' } } });
  expect(own).toMatchObject({ status: 'succeeded', isolation: 'cold' });
});

test('what an interpreter that stands by has imported is loaded anew when its file has changed', async () => {
  await using venv = await plainVirtualenv();
  const file = path.join(venv.sitePackages, 'lately.py');
  await writeFile(file, 'VALUE = 1\n');
  await using pack = await warmPack({ python: venv.python, settings: { isolation: 'standby' } });
  const value = 'import lately\nreturn lately.VALUE';
  await pack.run(value);
  const isAhead = () => pack.standbys.list().some(({ imported }) => imported > 0);
  await until('it is imported ahead', async () => isAhead() || (await pack.run('return 1')) === undefined);
  await writeFile(file, 'VALUE = "another"\n');
  const changed = await pack.run(value);
  expect(changed).toMatchObject({ isolation: 'standby', output: { result: 'another' } });
});

test('where nothing can be forked, interpreters stand by', async () => {
  await using pack = await warmPack({ platform: 'win32' });
  await pack.until('standby');
});

test('an idle warm interpreter ends, and so do all when memory is short', async () => {
  const clock = new FakeClock();
  let isMemoryShort = false;
  await using pack = await warmPack({ clock, idleMs: 60_000, isMemoryShort: () => isMemoryShort });
  const pid = await warmPid(pack);
  clock.advance(50_000);
  await pack.run('return 1');
  clock.advance(50_000);
  expect(isAlive(pid)).toBe(true);
  clock.advance(30_000);
  await until('the idle one is gone', () => !isAlive(pid));
  const second = await warmPid(pack);
  isMemoryShort = true;
  clock.advance(20_000);
  await until('it has made room', () => !isAlive(second));
});

test('a warm interpreter that retires lets its action come to its end', async () => {
  await using pack = await warmPack();
  const pid = await warmPid(pack);
  const started = Promise.withResolvers<void>();
  const running = pack.run('import time\nprint("on", flush=True)\ntime.sleep(0.3)\nreturn "done"', {
    onOutput: () => started.resolve(),
  });
  await started.promise;
  pack.processes.retire('demo', 'for a test');
  expect(await running).toMatchObject({ status: 'succeeded', isolation: 'forked', output: { result: 'done' } });
  await until('then it is gone', () => !isAlive(pid));
});

test('a child waits ahead for the next action; it is not missed when it dies, and goes with its server', async () => {
  await using pack = await warmPack();
  const server = await warmPid(pack);
  const runPid = async () => Number(resultOf(await pack.run('import os\nreturn os.getpid()')));
  // The one that ran last may still be seen for a moment after its result.
  const spare = (last?: number) =>
    until('a child waits', async () => (await childrenOf(server)).find((pid) => pid !== last));
  const first = await spare(await runPid());
  expect(await runPid()).toBe(first);
  const second = await spare(first);
  process.kill(second, 'SIGKILL');
  await until('it is dead', () => !isAlive(second));
  expect(await pack.run('return 1')).toMatchObject({ status: 'succeeded', isolation: 'forked' });
  const last = await spare();
  pack.processes.retire('demo', 'for a test');
  await until('both are gone', () => !isAlive(server) && !isAlive(last));
});

test('a result that is too large for the memory that server and child share comes in a file', async () => {
  await using pack = await warmPack();
  await pack.until('forked');
  const end = await pack.run('return "x" * 100000');
  expect(end).toMatchObject({ status: 'succeeded', isolation: 'forked' });
  expect(String(resultOf(end))).toHaveLength(100_000);
});

test('what an action forks itself and lets run to its own end does not speak for the action', async () => {
  await using pack = await warmPack();
  await pack.until('forked');
  const code = `import os
pid = os.fork()
if pid == 0:
    return "the child's"
os.waitpid(pid, 0)
return "its own"`;
  const end = await pack.run(code);
  expect(end).toMatchObject({ status: 'succeeded', isolation: 'forked' });
  expect(resultOf(end)).toBe('its own');
});

test('an end of the server that nobody ordered takes the child that waits along', async () => {
  await using pack = await warmPack();
  const server = await warmPid(pack);
  const spare = await until('a child waits', async () => (await childrenOf(server))[0]);
  process.kill(server, 'SIGKILL');
  await until('both are gone', () => !isAlive(server) && !isAlive(spare));
});

test('a module that was changed or added after the start of the warm interpreter is the one that is imported', async () => {
  await using venv = await plainVirtualenv();
  await writeFile(path.join(venv.sitePackages, 'lately.py'), 'VALUE = 1\n');
  await using pack = await warmPack({ python: venv.python });
  const value = 'import lately\nreturn lately.VALUE';
  await pack.run(value);
  await until('it is imported ahead', async () => {
    await pack.run('return 1');
    return (pack.servers.list()[0]?.imported ?? 0) > 0;
  });
  expect(resultOf(await pack.run(value))).toBe(1);
  await writeFile(path.join(venv.sitePackages, 'lately.py'), 'VALUE = "changed"\n');
  await until('the change is seen', async () => resultOf(await pack.run(value)) === 'changed');
  await until('in a fork too', async () => {
    const outcome = await pack.run(value);
    expect(resultOf(outcome)).toBe('changed');
    return outcome.isolation === 'forked';
  });
});

test('what actions import is learned, kept, and imported ahead; never the pack’s own', async () => {
  await using pack = await warmPack();
  await mkdir(path.join(pack.folder, 'demo', 'actions', 'lib'));
  await writeFile(path.join(pack.folder, 'demo', 'actions', 'lib', 'own_module.py'), 'import csv\n');
  await pack.run('import own_module, decimal\nreturn 1');
  await until('it is imported ahead', async () => {
    await pack.run('return 1');
    return (pack.servers.list()[0]?.imported ?? 0) > 0;
  });
  const learned = pack.learned.of('demo', await findTestPython());
  expect(learned).toEqual(expect.arrayContaining(['decimal', 'csv']));
  expect(learned).not.toContain('own_module');
  await until('it is written down', async () =>
    (await readFile(path.join(pack.folder, 'learned', 'demo.json'), 'utf8').catch(() => '')).includes('decimal'),
  );
  expect(resultOf(await pack.run('import sys\nreturn "decimal" in sys.modules'))).toBe(false);
});

test('the switch keeps the warm interpreter from importing ahead', async () => {
  await using pack = await warmPack({ settings: { preImport: false } });
  await pack.run('import decimal\nreturn 1');
  await pack.until('forked');
  await pack.run('import decimal\nreturn 1');
  expect(pack.learned.of('demo', await findTestPython())).toEqual([]);
});

for (const [what, source] of Object.entries({
  'starts a thread': 'import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()',
  'opens a socket': 'import socket\nkept = socket.socket()',
  'changes the environment': 'import os\nos.environ["LEFT"] = "behind"',
  'handles a signal': 'import signal\nsignal.signal(signal.SIGTERM, lambda *_: None)',
  'patches Python': 'import os\nos.getcwd = lambda: "/patched"',
  'seeds a generator of random numbers': 'import random\nkept = random.Random()',
})) {
  test(`a module that ${what} at its import is not imported ahead, and works`, async () => {
    await using venv = await plainVirtualenv();
    await writeFile(path.join(venv.sitePackages, 'unfit.py'), source);
    await using pack = await warmPack({ python: venv.python });
    await pack.run('import unfit, colorsys\nreturn 1');
    await until('it is found out', async () => {
      await pack.run('return 1');
      return pack.log.some((line) => line.includes('not imported ahead') && line.includes('unfit'));
    });
    await until('the others are', () => (pack.servers.list()[0]?.imported ?? 0) > 0);
    expect(pack.learned.of('demo', venv.python)).not.toContain('unfit');
    expect(await pack.run('import unfit\nreturn 1')).toMatchObject({ status: 'succeeded', isolation: 'forked' });
  });
}

test('an environment that steers the interpreter makes an action run cold', async () => {
  await using pack = await warmPack();
  await pack.until('forked');
  const withEnv = (env: Record<string, string>) =>
    pack.run('import os\nreturn os.environ.get("COLOUR")', { runnerParameters: { env } });
  expect(await withEnv({ COLOUR: 'red' })).toMatchObject({ isolation: 'forked', output: { result: 'red' } });
  expect(await withEnv({ PYTHONHASHSEED: '0' })).toMatchObject({ isolation: 'cold' });
  expect(await withEnv({ TZ: 'Asia/Tokyo' })).toMatchObject({ isolation: 'cold' });
});

test('a pack whose warm interpreter cannot be started runs cold, says so once, and is tried again later', async () => {
  await using folder = await tempFolder();
  const python = path.join(folder.path, 'python');
  await writeFile(python, `#!/bin/sh\ncase "$*" in *--serve*) exit 9;; esac\nexec ${await findTestPython()} "$@"\n`, {
    mode: 0o755,
  });
  const clock = new FakeClock();
  await using pack = await warmPack({ python, clock });
  const complaints = () => pack.log.filter((line) => line.includes('cannot be started')).length;
  expect(await pack.run('return 1')).toMatchObject({ status: 'succeeded', isolation: 'cold' });
  await until('it is said', () => complaints() === 1);
  await pack.run('return 1');
  expect(complaints()).toBe(1);
  clock.advance(40_000);
  await pack.run('return 1');
  await until('it was tried again', () => complaints() === 2);
});

async function warmPid(pack: Warm): Promise<number> {
  await pack.until('forked');
  return pack.servers.list()[0]?.pid ?? 0;
}

async function childrenOf(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return children.split(' ').filter(Boolean).map(Number);
}

/** Without pip: made in a moment. */
async function plainVirtualenv() {
  const folder = await tempFolder();
  await execa(await findTestPython(), ['-m', 'venv', '--without-pip', folder.path]);
  const python = path.join(folder.path, 'bin', 'python');
  const { stdout } = await execa(python, ['-c', 'import sysconfig; print(sysconfig.get_paths()["purelib"])']);
  return { python, sitePackages: stdout, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}
