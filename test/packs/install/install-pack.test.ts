import { mkdir, readdir, readFile, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { ExecutionStep } from '../../../main/contract/executions.ts';
import { copyPack } from '../../../main/packs/sources/copy-pack.ts';
import { runProgram } from '../../../main/supervisor/run-program.ts';
import { installedNames as installed, packStage, packYaml, writeFiles } from '../pack-stage.ts';
import { FIXTURES, install, installStage, source, start, WITH_PYTHON } from './install-stage.ts';

test('a folder is installed step by step, with its virtualenv', async () => {
  await using stage = await installStage();
  const job = start(stage, 'install', { packs: [path.join(FIXTURES, 'pin_old')] });
  expect(await job.done).toEqual({
    summary: 'installed pin_old 1.0.0',
    packs: [{ ref: 'pin_old', version: '1.0.0', path: stage.installed('pin_old'), warnings: [] }],
  });
  const steps = (...names: string[]) => names.flatMap((name) => [`${name} running`, `${name} done`]);
  expect(job.steps()).toEqual([
    ...steps('fetch', 'check'),
    'dependencies skipped',
    ...steps('virtualenv', 'requirements', 'swap', 'register'),
  ]);
  const pack = stage.registry.get('pin_old');
  expect(pack && stage.registry.summary(pack)).toMatchObject({ state: 'ready', origin: 'installed' });
  expect(await installed(stage)).toEqual(['pin_old']);
});

test('two packs that pin different versions of one library each see their own', async () => {
  await using stage = await installStage();
  await install(stage, path.join(FIXTURES, 'pin_old'), path.join(FIXTURES, 'pin_new'));
  const seen = await Promise.all(
    ['pin_old', 'pin_new'].map(async (ref) => {
      const args = ['-c', 'import humanize; print(humanize.__version__)'];
      const command = stage.virtualenvs.python(ref) ?? '';
      return (await runProgram({ command, args, env: {} }, new AbortController().signal)).stdout.trim();
    }),
  );
  const pinned = await Promise.all(
    ['pin_old', 'pin_new'].map((ref) => readFile(path.join(FIXTURES, ref, 'requirements.txt'), 'utf8')),
  );
  expect(seen.map((version) => `humanize==${version}`)).toEqual(pinned.map((text) => text.trim()));
  expect(seen[0]).not.toBe(seen[1]);
});

test('a pack that ships with the app is installed by its name', async () => {
  await using stage = await installStage();
  await install(stage, 'examples');
  expect(stage.registry.get('examples')?.origin).toBe('installed');
  expect(stage.registry.available()).toContainEqual(expect.objectContaining({ ref: 'examples', installed: true }));
});

test('`~` and file URLs lead to a folder; what tools leave in it is not copied', async () => {
  await using stage = await installStage();
  const folder = await source(stage, 'one', {
    '.git/HEAD': 'x',
    '.venv/bin/python': 'x',
    'actions/__pycache__/a.pyc': 'x',
    'actions/act.yaml': 'name: act\nrunner_type: noop\n',
    'data/keep.txt': 'x',
  });
  await symlink('keep.txt', path.join(folder, 'data/link.txt'));
  await source(stage, 'two');
  await install(stage, '~/sources/one', `file://${path.join(stage.home, 'sources/two')}`);
  expect(await installed(stage)).toEqual(['one', 'two']);
  const copied = await readdir(stage.installed('one'), { recursive: true });
  expect(copied.sort()).toEqual(['actions', 'actions/act.yaml', 'data', 'data/keep.txt', 'data/link.txt', 'pack.yaml']);
});

test.each([
  [
    'a word that is neither',
    'nonsense',
    'pack/source-unknown',
    /is no pack that ships with the app, and none of a catalogue/,
  ],
  ['a folder that is not there', '/no/such/folder', 'pack/source-unknown', /does not exist/],
  ['a file', path.join(FIXTURES, 'pin_old/pack.yaml'), 'pack/not-an-archive', /is no `\.zip` and no `\.tar\.gz`/],
  ['a folder without pack.yaml', path.join(FIXTURES, 'no_manifest'), 'pack/manifest-missing', /has no pack\.yaml/],
  ['a pack of the app', 'core', 'pack/built-in', /belongs to the app/],
])('%s is refused with what is wrong, and nothing is left', async (_, asked, code, message) => {
  await using stage = await installStage();
  const failing = install(stage, asked);
  await expect(failing).rejects.toMatchObject({ code });
  await expect(failing).rejects.toThrow(message);
  expect(await installed(stage)).toEqual([]);
});

test.each([
  ['a broken pack.yaml', { 'pack.yaml': 'name: bad\nversion: "1\n' }, 'file/not-yaml', /sources\/bad\/pack\.yaml:3: /],
  ['a pack.yaml without a name', { 'pack.yaml': 'version: 1.0.0\n' }, 'pack/manifest-invalid', /pack\.yaml:1: /],
  ['the ref of a pack of the app', { 'pack.yaml': packYaml('packs') }, 'pack/built-in', /belongs to the app/],
  ['the ref of the own rules', { 'pack.yaml': packYaml('default') }, 'pack/built-in', /belongs to the app/],
  [
    'another StackStorm',
    { 'pack.yaml': 'name: bad\nstackstorm_version: ">=4.0.0"\n' },
    'pack/stackstorm-version',
    /asks for StackStorm `>=4\.0\.0`/,
  ],
  ['Python 2 only', { 'pack.yaml': "name: bad\npython_versions: ['2']\n" }, 'pack/python-2', /runs on Python 2 only/],
])('a pack with %s is refused, with the place in the source, and nothing is left', async (_, files, code, message) => {
  await using stage = await installStage();
  const failing = install(stage, await source(stage, 'bad', files));
  await expect(failing).rejects.toMatchObject({ code });
  await expect(failing).rejects.toThrow(message);
  expect(await installed(stage)).toEqual([]);
});

test.each([
  ['needs Python 2', "name: old\npython_versions: ['2']\n"],
  ['asks for another StackStorm', 'name: old\nstackstorm_version: "<1.0.0"\n'],
])('`force` installs what says that it %s', async (_, manifest) => {
  await using stage = await installStage();
  const folder = await source(stage, 'old', { 'pack.yaml': manifest });
  await start(stage, 'install', { packs: [folder], force: true }).done;
  expect(stage.registry.get('old')?.manifest).toBeDefined();
});

test.each([
  ['relative', '../../outside.txt'],
  ['absolute', '/etc/passwd'],
])('a %s link that leads out of the pack is refused', async (_, target) => {
  await using stage = await installStage();
  const folder = await source(stage, 'sly', { 'actions/act.yaml': 'name: act\nrunner_type: noop\n' });
  await writeFiles(stage.home, { 'sources/outside.txt': 'secret' });
  await symlink(target, path.join(folder, 'actions/link.txt'));
  await expect(install(stage, folder)).rejects.toMatchObject({ code: 'pack/link-outside' });
  expect(await installed(stage)).toEqual([]);
});

test('a link through a folder that is itself a link cannot lead out either', async () => {
  await using stage = await installStage();
  const folder = await source(stage, 'sly', { 'sub/deep/x.txt': 'x' });
  await symlink('../..', path.join(folder, 'sub/deep/up'));
  await symlink('deep/up/../secret.txt', path.join(folder, 'sub/link.txt'));
  await writeFiles(path.join(stage.home, 'sources'), { 'secret.txt': 'secret' });
  await expect(install(stage, folder)).rejects.toMatchObject({ code: 'pack/link-outside' });
});

test('a copy that fails is told as what it is', async () => {
  await using stage = await installStage();
  const folder = await source(stage, 'hello');
  const intoFile = path.join(folder, 'pack.yaml', 'x');
  await expect(copyPack(folder, intoFile, stage.home, new AbortController().signal)).rejects.toMatchObject({
    code: 'pack/copy-failed',
    kind: 'environment',
    message: expect.stringContaining('ENOTDIR'),
  });
});

test('a source that holds the home of the app is copied without it', async () => {
  await using stage = await installStage();
  await writeFiles(stage.home, { 'pack.yaml': packYaml('whole') });
  await install(stage, stage.home);
  expect(await readdir(stage.installed('whole'))).toEqual(['config', 'pack.yaml']);
});

test('a bad file in a pack is a warning, and the pack is installed', async () => {
  await using stage = await installStage();
  const result = await install(stage, path.join(FIXTURES, 'broken_yaml'));
  expect(result).toMatchObject({ packs: [{ ref: 'broken_yaml', warnings: [expect.stringContaining(FIXTURES)] }] });
  expect(stage.registry.get('broken_yaml')?.problems[0]?.file).toBe(stage.installed('broken_yaml/actions/broken.yaml'));
});

test('requirements that fail on a first install keep the pack, not ready, until they are mended and set up again', async () => {
  await using stage = await installStage();
  const job = start(stage, 'install', { packs: [path.join(FIXTURES, 'bad_requirements')] });
  await expect(job.done).rejects.toMatchObject({ code: 'venv/requirements-failed' });
  expect(job.steps().slice(-6)).toEqual([
    'requirements running',
    'requirements failed',
    'swap running',
    'swap done',
    'register running',
    'register done',
  ]);
  const summary = () => {
    const pack = stage.registry.get('bad_requirements');
    return pack && stage.registry.summary(pack);
  };
  expect(summary()).toMatchObject({ state: 'not-ready', virtualenv: { state: 'failed' } });
  expect(summary()?.virtualenv.output).toContain('no-such-package-stormlet-xyz');

  await writeFiles(stage.installed('bad_requirements'), { 'requirements.txt': 'humanize\n' });
  await start(stage, 'load', { packs: ['bad_requirements'] }).done;
  await start(stage, 'setup_virtualenv', { packs: ['bad_requirements'] }).done;
  expect(summary()).toMatchObject({ state: 'ready', virtualenv: { state: 'ready' } });
});

test('an update that fails keeps the old version running; one that succeeds replaces it as a whole', async () => {
  await using stage = await installStage();
  const files = { ...WITH_PYTHON, 'requirements.txt': 'humanize==4.9.0\n', 'only_in_old.txt': '' };
  const folder = await source(stage, 'hello', files);
  await install(stage, folder);
  await writeFiles(folder, { 'pack.yaml': packYaml('hello', '2.0.0'), 'requirements.txt': 'humanize==0.0.0.1\n' });
  await expect(install(stage, folder)).rejects.toMatchObject({ code: 'venv/requirements-failed' });
  const pack = () => stage.registry.get('hello');
  const summary = () => {
    const found = pack();
    return found && stage.registry.summary(found);
  };
  expect(summary()).toMatchObject({ version: '1.0.0', state: 'ready', virtualenv: { state: 'ready' } });

  await writeFiles(folder, { 'requirements.txt': 'humanize==4.9.0\n# the same\n' });
  await rm(path.join(folder, 'only_in_old.txt'));
  const update = start(stage, 'install', { packs: [folder] });
  await update.done;
  expect(update.steps()).toContain('requirements skipped');
  expect(summary()).toMatchObject({ version: '2.0.0', state: 'ready' });
  expect(await readdir(stage.installed('hello'))).not.toContain('only_in_old.txt');
  expect(await installed(stage)).toEqual(['hello']);
});

test('a first install that is called off leaves nothing', async () => {
  await using stage = await installStage();
  const folder = await source(stage, 'hello', { ...WITH_PYTHON, 'requirements.txt': 'humanize\n' });
  for (const step of ['fetch running', 'virtualenv running', 'requirements running', 'requirements done']) {
    const job = start(stage, 'install', { packs: [folder] }, ({ name, state }, cancel) => {
      if (`${name} ${state}` === step) cancel.abort('canceled');
    });
    await expect(job.done).rejects.toMatchObject({ code: 'operation/canceled' });
    expect(await installed(stage)).toEqual([]);
    expect(await readdir(path.join(stage.home, 'data/virtualenvs/.versions')).catch(() => [])).toEqual([]);
  }
  expect(stage.registry.get('hello')).toBeUndefined();
});

test('two installs of one pack at once come one after the other, and the last one stands', async () => {
  await using stage = await installStage();
  const first = await source(stage, 'a', { ...WITH_PYTHON, 'pack.yaml': packYaml('hello', '1.0.0') });
  const second = await source(stage, 'b', { ...WITH_PYTHON, 'pack.yaml': packYaml('hello', '2.0.0') });
  const steps: string[] = [];
  const note = (who: string) => (step: ExecutionStep) => {
    if (step.name === 'virtualenv' || step.name === 'swap') steps.push(`${who} ${step.name} ${step.state}`);
  };
  const one = start(stage, 'install', { packs: [first] }, note('1')).done;
  const two = start(stage, 'install', { packs: [second] }, note('2')).done;
  await Promise.all([one, two]);
  // Whichever came first went through to its end before the other began.
  const [order] = [steps[0]?.[0] === '1' ? ['1', '2'] : ['2', '1']];
  expect(steps.map((step) => step[0])).toEqual([...Array(4).fill(order[0]), ...Array(3).fill(order[1])]);
  expect(stage.registry.get('hello')?.manifest?.version).toBe(`${order[1]}.0.0`);
  expect(await installed(stage)).toEqual(['hello']);
});

test('a broken folder that is listed under a makeshift ref is not taken for the pack of that ref', async () => {
  await using stage = await packStage();
  await writeFiles(stage.installed('My Work'), { 'pack.yaml': 'name: "\n' });
  await stage.registry.start();
  expect(stage.registry.get('my_work')?.path).toBe(stage.installed('My Work'));
  await install(stage, await source(stage, 'my_work'));
  expect(await installed(stage)).toEqual(['My Work', 'my_work']);
  expect(stage.registry.get('my_work')?.path).toBe(stage.installed('my_work'));
});

test('a pack in a folder of another name is replaced where it is', async () => {
  await using stage = await packStage();
  await mkdir(stage.folders.installed, { recursive: true });
  await writeFiles(stage.installed('hello-main'), { 'pack.yaml': packYaml('hello') });
  await stage.registry.start();
  await install(stage, await source(stage, 'hello', { 'pack.yaml': packYaml('hello', '2.0.0') }));
  expect(await installed(stage)).toEqual(['hello-main']);
  expect(stage.registry.get('hello')?.manifest?.version).toBe('2.0.0');
});
