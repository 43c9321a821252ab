import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { ExecutionStep } from '../../../main/contract/executions.ts';
import { silentLog } from '../../../main/kit/log.ts';
import { loadPack, PackCaches } from '../../../main/packs/metadata/load-pack.ts';
import { Virtualenvs } from '../../../main/packs/virtualenvs/virtualenvs.ts';
import { runProgram } from '../../../main/supervisor/run-program.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { type PackStage, PYTHON_ACTION, packStage, packYaml, writeFiles } from '../pack-stage.ts';

const signal = new AbortController().signal;

async function packWith(stage: PackStage, requirements: string) {
  const folder = await writeFiles(stage.installed('hello'), {
    'pack.yaml': packYaml('hello'),
    'actions/run.yaml': PYTHON_ACTION,
    'actions/run.py': '',
    'requirements.txt': requirements,
  });
  return loadPack(folder, 'installed', stage.folders.configs, new PackCaches());
}

function recorder() {
  const steps: ExecutionStep[] = [];
  const printed: string[] = [];
  return {
    steps,
    output: () => printed.join(''),
    progress: {
      onStep: (step: ExecutionStep) => void steps.push(step),
      onOutput: (_stream: string, text: string) => void printed.push(text),
    },
  };
}

async function printedBy(python: string | undefined, code: string): Promise<string> {
  const end = await runProgram({ command: python ?? 'no python', args: ['-c', code], env: {} }, signal);
  return end.stdout.trim() || end.stderr || (end.startError ?? '');
}

const HUMANIZE = 'import humanize; print(humanize.__version__)';
const versions = (stage: PackStage) => readdir(path.join(stage.home, 'data/virtualenvs/.versions'));

test.each(['auto', 'never'] as const)('with uv: %s, a virtualenv is built, used and recorded', async (uv) => {
  await using stage = await packStage({ uv });
  await stage.virtualenvs.start();
  const pack = await packWith(stage, 'humanize==4.9.0\n');
  expect(stage.virtualenvs.status(pack)).toEqual({ state: 'missing' });
  expect(stage.virtualenvs.python('hello')).toBeUndefined();

  const { steps, output, progress } = recorder();
  await stage.virtualenvs.setUp(pack, '', progress, signal);
  const link = path.join(stage.home, 'data/virtualenvs/hello');
  expect(stage.virtualenvs.status(pack)).toMatchObject({
    state: 'ready',
    path: link,
    python: expect.stringMatching(/^3\./),
  });
  expect(await printedBy(stage.virtualenvs.python('hello'), HUMANIZE)).toBe('4.9.0');
  expect(await printedBy(path.join(link, 'bin/python'), HUMANIZE)).toBe('4.9.0');
  expect([...new Set(steps.map(({ name, state }) => `${name} ${state}`))]).toEqual([
    'virtualenv running',
    'virtualenv done',
    'requirements running',
    'requirements done',
  ]);
  expect(output()).toMatch(uv === 'auto' ? /\+ humanize==4\.9\.0/ : /Successfully installed humanize-4\.9\.0/);
});

test('a pack without Python of its own needs none', async () => {
  await using stage = await packStage();
  const folder = await writeFiles(stage.installed('plain'), {
    'pack.yaml': packYaml('plain'),
    'requirements.txt': '# none\n',
  });
  const pack = await loadPack(folder, 'installed', stage.folders.configs, new PackCaches());
  expect(stage.virtualenvs.status(pack)).toEqual({ state: 'not-needed' });
});

test('changed requirements make it outdated but not unusable, and the new one takes over without touching the old', async () => {
  await using stage = await packStage();
  await stage.virtualenvs.setUp(await packWith(stage, 'humanize==4.9.0\n'), '', recorder().progress, signal);
  const old = stage.virtualenvs.python('hello');
  const changed = await packWith(stage, '# newer\nhumanize==4.10.0\n');
  expect(stage.virtualenvs.status(changed).state).toBe('outdated');
  expect(await printedBy(stage.virtualenvs.python('hello'), HUMANIZE)).toBe('4.9.0');

  await stage.virtualenvs.setUp(changed, '', recorder().progress, signal);
  expect(stage.virtualenvs.status(changed).state).toBe('ready');
  expect(await printedBy(stage.virtualenvs.python('hello'), HUMANIZE)).toBe('4.10.0');
  // What was started before the swap finishes on what it had; the version before that one goes.
  expect(await printedBy(old, HUMANIZE)).toBe('4.9.0');
  await stage.virtualenvs.setUp(changed, '', recorder().progress, signal);
  expect(existsSync(old ?? '')).toBe(false);
  expect(await versions(stage)).toHaveLength(2);
});

test("requirements that cannot be installed are told in the installer's own words, also after a restart, until they are mended", async () => {
  await using stage = await packStage();
  const bad = await packWith(stage, 'no-such-package-stormlet-xyz==1.0\n');
  const failing = stage.virtualenvs.setUp(bad, '', recorder().progress, signal);
  await expect(failing).rejects.toMatchObject({
    code: 'venv/requirements-failed',
    message: expect.stringMatching(/^uv could not install the requirements of `hello`: .*no-such-package-stormlet-xyz/),
    details: { installer: 'uv', output: expect.stringContaining('no-such-package-stormlet-xyz') },
  });
  expect(await versions(stage)).toEqual([]);

  const restarted = new Virtualenvs({
    folder: path.join(stage.home, 'data/virtualenvs'),
    build: stage.build,
    log: silentLog,
  });
  await restarted.start();
  expect(restarted.status(bad)).toMatchObject({ state: 'failed', output: expect.stringContaining('no-such-package') });
  const mended = await packWith(stage, 'humanize==4.9.0\n');
  await restarted.setUp(mended, '', recorder().progress, signal);
  expect(restarted.status(mended)).toMatchObject({ state: 'ready' });
  expect(restarted.status(mended)).not.toHaveProperty('output');
});

test("pip's own error is kept as well", async () => {
  await using stage = await packStage({ uv: 'never' });
  const bad = await packWith(stage, 'no-such-package-stormlet-xyz==1.0\n');
  await expect(stage.virtualenvs.setUp(bad, '', recorder().progress, signal)).rejects.toMatchObject({
    message: expect.stringMatching(/^pip could not install .*Could not find a version that satisfies/),
    details: { output: expect.stringContaining('ERROR: No matching distribution found') },
  });
});

test('a virtualenv that cannot even be made is told as such', async () => {
  await using fake = await tempFolder();
  await writeFiles(fake.path, { uv: '#!/bin/sh\necho "error: no room" >&2\nexit 2\n' });
  await chmod(path.join(fake.path, 'uv'), 0o755);
  const PATH = `${fake.path}${path.delimiter}${process.env.PATH}`;
  await using stage = await packStage({ environment: { PATH, HOME: process.env.HOME ?? '' } });
  const failing = stage.virtualenvs.setUp(await packWith(stage, ''), '', recorder().progress, signal);
  await expect(failing).rejects.toMatchObject({
    code: 'venv/create-failed',
    message: 'uv could not make the virtualenv of `hello`: no room',
  });
});

test('a failed update leaves the old one live', async () => {
  await using stage = await packStage();
  await stage.virtualenvs.setUp(await packWith(stage, 'humanize==4.9.0\n'), '', recorder().progress, signal);
  const bad = await packWith(stage, 'humanize==0.0.0.1\n');
  await expect(stage.virtualenvs.setUp(bad, '', recorder().progress, signal)).rejects.toThrow('humanize==0.0.0.1');
  expect(stage.virtualenvs.status(bad)).toMatchObject({
    state: 'outdated',
    output: expect.stringContaining('0.0.0.1'),
  });
  expect(await printedBy(stage.virtualenvs.python('hello'), HUMANIZE)).toBe('4.9.0');
});

test('a build that is called off leaves nothing and is no failure', async () => {
  await using stage = await packStage();
  const cancel = new AbortController();
  const pack = await packWith(stage, 'humanize==4.9.0\n');
  const states: string[] = [];
  stage.virtualenvs.onChange(() => states.push(stage.virtualenvs.status(pack).state));
  const { progress } = recorder();
  const onStep = (step: ExecutionStep) => {
    if (step.name === 'requirements') cancel.abort('canceled');
  };
  const building = stage.virtualenvs.setUp(pack, '', { ...progress, onStep }, cancel.signal);
  await expect(building).rejects.toMatchObject({ code: 'operation/canceled' });
  expect(await versions(stage)).toEqual([]);
  expect(states).toEqual(['building', 'missing']);
});

test('a virtualenv whose base Python is gone counts as missing, and says why', async () => {
  await using stage = await packStage();
  const pack = await packWith(stage, '');
  await stage.virtualenvs.setUp(pack, '', recorder().progress, signal);
  const python = stage.virtualenvs.python('hello') ?? '';
  await rm(python);
  await symlink('/no/such/python3.11', python);
  expect(stage.virtualenvs.status(pack)).toEqual({
    state: 'missing',
    why: expect.stringMatching(/^Python 3\.\S+ at \S+ is gone from this machine$/),
  });
  expect(stage.virtualenvs.python('hello')).toBeUndefined();
});

test('what a killed app left half built is gone after the next start', async () => {
  await using stage = await packStage();
  const pack = await packWith(stage, '');
  await stage.virtualenvs.setUp(pack, '', recorder().progress, signal);
  const [live] = await versions(stage);
  const folder = path.join(stage.home, 'data/virtualenvs');
  for (const name of ['.versions/hello-12345678', '.versions/removed-12345678', '.link-1']) {
    await mkdir(path.join(folder, name), { recursive: true });
  }
  await stage.virtualenvs.start();
  expect(await versions(stage)).toEqual([live]);
  expect((await readdir(folder)).sort()).toEqual(['.versions', 'hello']);
});

test('no Python on the machine is said, and shown until there is one', async () => {
  await using stage = await packStage({ environment: { PATH: '/nowhere', HOME: '/nowhere' } });
  const pack = await packWith(stage, '');
  await expect(stage.virtualenvs.setUp(pack, '', recorder().progress, signal)).rejects.toMatchObject({
    code: 'python/not-found',
  });
  expect(stage.virtualenvs.status(pack)).toMatchObject({
    state: 'failed',
    output: expect.stringContaining('no Python'),
  });
});

test('a requirement whose build script wants `pkg_resources` is built, and another module that it wants is named', async () => {
  await using stage = await packStage();
  await stage.virtualenvs.start();
  const source = (module: string) =>
    writeFiles(path.join(stage.home, module), {
      'setup.py': `import ${module}\nfrom setuptools import setup\nsetup(name='old-build', version='1.0', py_modules=['old_build'])\n`,
      'old_build.py': '',
    });
  const old = await packWith(stage, `old-build @ file://${await source('pkg_resources')}\n`);
  await stage.virtualenvs.setUp(old, '', recorder().progress, signal);
  expect(await printedBy(stage.virtualenvs.python('hello'), 'import old_build; print("there")')).toBe('there');

  const odd = await packWith(stage, `old-build @ file://${await source('no_such_module')}\n`);
  await expect(stage.virtualenvs.setUp(odd, '', recorder().progress, signal)).rejects.toMatchObject({
    code: 'venv/requirements-failed',
    message: expect.stringMatching(/`old-build.*` could not be built: .* needs the module `no_such_module`/),
    hint: expect.stringContaining('newer version'),
  });
});
