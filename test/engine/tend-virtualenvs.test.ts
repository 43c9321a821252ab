import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { VirtualenvStatus } from '../../main/contract/packs.ts';
import { packYaml, writeFiles } from '../packs/pack-stage.ts';
import { findTestPython } from '../support/python.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { pack, startTestEngine, type TestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

const ACTION = `
import humanize
from st2common.runners.base_action import Action

class Act(Action):
    def run(self):
        return humanize.__version__
`;

const SENSOR = `
import time
from st2reactor.sensor.base import Sensor

class Wait(Sensor):
    def setup(self): pass
    def run(self):
        while True: time.sleep(1)
    def cleanup(self): pass
    def add_trigger(self, trigger): pass
    def update_trigger(self, trigger): pass
    def remove_trigger(self, trigger): pass
`;

/** A home, and an interpreter that the test can take away. */
async function machine() {
  const folder = await tempFolder();
  const base = path.join(folder.path, 'opt/python3');
  await mkdir(path.dirname(base));
  await symlink(await findTestPython(), base);
  const source = await writeFiles(path.join(folder.path, 'source'), {
    'pack.yaml': packYaml('hello'),
    'requirements.txt': 'humanize==4.9.0\n',
    'actions/act.yaml': 'name: act\nrunner_type: python-script\nentry_point: act.py\n',
    'actions/act.py': ACTION,
  });
  return {
    ...{ home: folder.path, base, source },
    install: (engine: TestEngine) => engine.run('packs.install', { packs: [source], python: base }),
    require: (line: string) => writeFile(path.join(folder.path, 'data/packs/hello/requirements.txt'), `${line}\n`),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

const virtualenv = async (engine: TestEngine): Promise<VirtualenvStatus> =>
  (await engine.client.packs.get(pack('hello'))).virtualenv;

/** A build may have to wait for its turn on a busy machine. */
const PATIENCE_MS = 60_000;

const inState = (engine: TestEngine, state: VirtualenvStatus['state']) =>
  until(`the virtualenv is ${state}`, async () => {
    const status = await virtualenv(engine);
    return status.state === state && status;
  });

const versionSeen = async (engine: TestEngine) => (await engine.run('hello.act')).result;

/** Builds that nobody asked for, by how they ended. */
const builtByItself = async (engine: TestEngine) => {
  const { items } = await engine.client.executions.page({ limit: 50 });
  const own = items.filter(({ action, context }) => action === 'packs.setup_virtualenv' && context.source === 'engine');
  return own.map(({ status }) => status);
};

test('a Python that went away while the app did not run is noticed at its start, and the virtualenv built again by itself', async () => {
  await using here = await machine();
  {
    await using engine = await startTestEngine({ home: here.home });
    expect((await here.install(engine)).status).toBe('succeeded');
    expect(await builtByItself(engine)).toEqual([]);
  }
  {
    await using engine = await startTestEngine({ home: here.home });
    expect((await virtualenv(engine)).state).toBe('ready');
    expect(await builtByItself(engine)).toEqual([]);
  }
  await rm(here.base);
  await using engine = await startTestEngine({ home: here.home });
  await inState(engine, 'ready');
  expect(await versionSeen(engine)).toMatchObject({ result: '4.9.0' });
  expect(await builtByItself(engine)).toEqual(['succeeded']);
});

test('one that goes away under the running app is noticed by the first action that fails for it', async () => {
  await using here = await machine();
  {
    await using engine = await startTestEngine({ home: here.home });
    await here.install(engine);
  }
  // No change of the pack is left to be looked at, and no warm interpreter that would hide the loss.
  await using engine = await startTestEngine({ home: here.home, settings: { python: { isolation: 'cold' } } });
  expect(await versionSeen(engine)).toMatchObject({ result: '4.9.0' });
  await rm(here.base);
  expect((await engine.run('hello.act')).fault).toMatchObject({ code: 'pack/not-ready' });
  await until('it was built again', async () => (await builtByItself(engine)).includes('succeeded'), PATIENCE_MS);
  expect(await versionSeen(engine)).toMatchObject({ result: '4.9.0' });
});

test('a sensor that dies because its Python is gone has it built again, and runs on', async () => {
  await using here = await machine();
  await writeFiles(here.source, {
    'sensors/wait.yaml': 'class_name: Wait\nentry_point: wait.py\n',
    'sensors/wait.py': SENSOR,
  });
  await using engine = await startTestEngine({ home: here.home });
  await here.install(engine);
  const running = (what: string, except?: number) =>
    until(what, async () => {
      const [status] = await engine.client.sensors.list();
      return status?.state === 'running' && status.pid !== except && status.pid;
    });
  const pid = await running('the sensor runs');
  await rm(here.base);
  process.kill(pid, 'SIGKILL');
  await until('it was built again', async () => (await builtByItself(engine)).includes('succeeded'), PATIENCE_MS);
  await running('the sensor runs on the new one', pid);
});

test('what cannot be built again is tried once, stays visible with the reason, and waits for a person', async () => {
  await using here = await machine();
  await using engine = await startTestEngine({ home: here.home });
  await here.install(engine);
  await here.require('no-such-package-stormlet-xyz==1');
  await inState(engine, 'outdated');
  await rm(here.base);
  await engine.run('hello.act');
  const failed = await inState(engine, 'failed');
  expect(failed).toMatchObject({
    why: expect.stringContaining('is gone'),
    output: expect.stringContaining('no-such-package'),
  });
  await engine.run('hello.act');
  await engine.run('hello.act');
  expect(await builtByItself(engine)).toEqual(['failed']);
});

test('changed requirements are offered, and installed when the settings say that they may be; the old ones serve meanwhile', async () => {
  await using here = await machine();
  await using engine = await startTestEngine({ home: here.home });
  await here.install(engine);
  await here.require('humanize==4.10.0');
  expect(await inState(engine, 'outdated')).toMatchObject({ why: expect.stringContaining('requirements.txt') });
  expect(await versionSeen(engine)).toMatchObject({ result: '4.9.0' });
  expect(await builtByItself(engine)).toEqual([]);
  await engine.client.settings.update({ python: { updateVirtualenvs: 'automatic' } });
  await inState(engine, 'ready');
  expect(await versionSeen(engine)).toMatchObject({ result: '4.10.0' });

  await here.require('humanize==0.0.0.1');
  await until('that failed', async () => (await builtByItself(engine)).includes('failed'), PATIENCE_MS);
  expect(await virtualenv(engine)).toMatchObject({ state: 'outdated', output: expect.stringContaining('0.0.0.1') });
  expect(await versionSeen(engine)).toMatchObject({ result: '4.10.0' });
  await here.require('humanize==4.9.0');
  await inState(engine, 'ready');
  expect(await versionSeen(engine)).toMatchObject({ result: '4.9.0' });
  // A virtualenv serves a moment before the execution that built it has ended.
  await until('all builds have ended', async () => !(await builtByItself(engine)).includes('running'));
  expect(await builtByItself(engine)).toEqual(['succeeded', 'failed', 'succeeded']);
});
