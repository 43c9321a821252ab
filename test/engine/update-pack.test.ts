import { existsSync } from 'node:fs';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { isJsonObject } from '../../main/contract/json.ts';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { strayVersions } from '../../main/packs/versions.ts';
import { packYaml, writeFiles } from '../packs/pack-stage.ts';
import { startHeadlessApp, stormlet } from '../support/headless-app.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { FIXTURE_PACKS, pack, startTestEngine, type TestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

/** Reads a file, a module of its own and a library only once it is told to go on. */
const LATE = `import os
import time
from st2common.runners.base_action import Action


class LateAction(Action):
    def run(self, go_on):
        print("waits", flush=True)
        while not os.path.exists(go_on):
            time.sleep(0.01)
        with open(os.path.join(os.path.dirname(__file__), "data.txt")) as file:
            data = file.read()
        import lazy
        import humanize
        return [data, lazy.VERSION, humanize.__version__]
`;
const LATE_YAML = `name: late
runner_type: python-script
entry_point: late.py
parameters:
  go_on:
    type: string
    required: true
`;

test('what runs while its pack is updated twice and rolled back finishes on the files and the library that it began with', async () => {
  await using engine = await startTestEngine();
  await using sources = await tempFolder();
  const version = (number: number) => lateVersion(sources.path, number);
  await engine.install(await version(1));
  const first = await startLate(engine, path.join(sources.path, 'go-1'));
  await engine.install(await version(2));
  const second = await startLate(engine, path.join(sources.path, 'go-2'));
  await engine.install(await version(3));
  expect((await engine.run('packs.rollback', { packs: ['late'] })).status).toBe('succeeded');
  const third = await startLate(engine, path.join(sources.path, 'go-1'));
  for (const name of ['go-1', 'go-2']) await writeFile(path.join(sources.path, name), '');
  const ends = await Promise.all([first, second, third].map(async (id) => resultOf((await engine.ended(id)).result)));
  const of = (number: number) => [`data ${number}`, number, `4.${8 + number}.0`];
  expect(ends).toEqual([of(1), of(2), of(2)]);
}, 180_000);

test('an update and a rollback start each sensor anew exactly once', async () => {
  await using engine = await startTestEngine();
  await using source = await tempFolder();
  const folder = path.join(source.path, 'ticker');
  await cp(path.join(FIXTURE_PACKS, 'ticker'), folder, { recursive: true });
  // Sensors also start anew when the base environment, which the first start builds, is there.
  expect((await engine.run('core.uuid')).status).toBe('succeeded');
  await engine.install(folder);
  await sensorsRun(engine);
  let starts: string[] = [];
  engine.client.sensors.onChanged(({ ref, state }) => {
    if (state === 'starting') starts.push(ref);
  });
  // A new virtualenv and new code at once.
  await writeFile(path.join(folder, 'requirements.txt'), 'humanize==4.9.0\n');
  await writeFile(path.join(folder, 'sensors/more.py'), '# more\n');
  for (const next of ['packs.update', 'packs.rollback']) {
    starts = [];
    expect(await engine.run(next, { packs: ['ticker'] })).toMatchObject({ status: 'succeeded' });
    await engine.run('packs.load', {});
    await until('both were started', async () => starts.length >= 2);
    await sensorsRun(engine);
    expect(starts.sort()).toEqual(['ticker.PollSensor', 'ticker.TickSensor']);
  }
});

test('a pack can be edited in place after an update, as before it', async () => {
  await using engine = await startTestEngine();
  await using source = await tempFolder();
  await writeFiles(source.path, { 'pack.yaml': packYaml('noted'), 'actions/a.yaml': action('first') });
  await engine.install(source.path);
  await engine.install(source.path);
  const { path: folder } = await engine.client.packs.get(pack('noted'));
  await writeFile(path.join(folder, 'actions/a.yaml'), action('edited'));
  await until('the edit is live', async () => {
    const { description, file } = await engine.client.actions.get({ ref: 'noted.a' as ResourceRef });
    return description === 'edited' && file === path.join(folder, 'actions/a.yaml');
  });
});

test.skipIf(process.platform !== 'linux')(
  'an app that is killed while it installs requirements has the old version and no debris after its next start, and no installer is left',
  async () => {
    await using home = await tempFolder();
    await using sources = await tempFolder();
    const atWork = path.join(sources.path, 'at-work');
    {
      await using app = await startHeadlessApp(home.path);
      const installed = await stormlet(app, 'pack', 'install', await lateVersion(sources.path, 1));
      expect(installed.exitCode).toBe(0);
      // A build that never ends by itself.
      await lateVersion(sources.path, 2, `${path.join(sources.path, '2/endless')}\n`);
      await writeFiles(path.join(sources.path, '2'), {
        'endless/setup.py': `import time\nopen(${JSON.stringify(atWork)}, "w").close()\ntime.sleep(600)\n`,
        'endless/pyproject.toml': '[build-system]\nrequires = []\nbuild-backend = "setup"\nbackend-path = ["."]\n',
      });
      await app.client.executions.run({
        action: 'packs.install' as ResourceRef,
        parameters: { packs: [path.join(sources.path, '2')] },
      });
      await until('the installer is at work', () => existsSync(atWork), 120_000);
      await app.kill();
      expect(await installersInto(home.path)).not.toEqual([]);
    }
    await using again = await startHeadlessApp(home.path);
    expect(await installersInto(home.path)).toEqual([]);
    expect(await again.client.packs.get(pack('late'))).toMatchObject({ version: '1.0.0', state: 'ready' });
    expect(await strayVersions(path.join(home.path, 'data/packs'))).toEqual([]);
    const versions = await readdir(path.join(home.path, 'data/virtualenvs/.versions'));
    expect(versions.filter((name) => name.startsWith('late-'))).toHaveLength(1);
    expect(existsSync(path.join(home.path, 'data/packs/.journal.json'))).toBe(false);
  },
  180_000,
);

/** Processes that pip and uv are, or started. The base environment of the second start is built meanwhile, and is no such thing. */
async function installersInto(home: string): Promise<string[]> {
  const mark = `STORMLET_INSTALLS_INTO=${path.join(home, 'data')}`;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const read = (pid: string, what: string) => readFile(`/proc/${pid}/${what}`, 'utf8').catch(() => '');
  const found = await Promise.all(
    pids.map(async (pid) => {
      const isMarked = (await read(pid, 'environ')).split('\0').includes(mark);
      const command = await read(pid, 'cmdline');
      return isMarked && !command.includes('base-') ? [command] : [];
    }),
  );
  return found.flat();
}

async function lateVersion(sources: string, number: number, requirements = `humanize==4.${8 + number}.0\n`) {
  const folder = path.join(sources, String(number));
  await rm(folder, { recursive: true, force: true });
  return writeFiles(folder, {
    'pack.yaml': packYaml('late', `${number}.0.0`),
    'actions/late.yaml': LATE_YAML,
    'actions/late.py': LATE,
    'actions/data.txt': `data ${number}`,
    'actions/lib/lazy.py': `VERSION = ${number}\n`,
    'requirements.txt': requirements,
  });
}

/** Begins it, and waits until it runs. */
async function startLate(engine: TestEngine, goOn: string): Promise<string> {
  const parameters = { go_on: goOn };
  const { id } = await engine.client.executions.run({ action: 'late.late' as ResourceRef, parameters });
  await until('it runs', async () =>
    (await engine.client.executions.output({ id })).some(({ text }) => text.includes('waits')),
  );
  return id;
}

async function sensorsRun(engine: TestEngine): Promise<void> {
  await until('both sensors run', async () => {
    const sensors = await engine.client.sensors.list();
    return sensors.length === 2 && sensors.every(({ state }) => state === 'running');
  });
}

function action(description: string): string {
  return `name: a\nrunner_type: noop\ndescription: ${description}\n`;
}

function resultOf(output: unknown) {
  return isJsonObject(output as never) ? (output as { result?: unknown }).result : undefined;
}
