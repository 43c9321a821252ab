import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runProgram } from '../../../main/supervisor/run-program.ts';
import { installedNames as installed, type PackStage, packStage, packYaml, writeFiles } from '../pack-stage.ts';
import { FIXTURES, install, installStage, source, start, WITH_PYTHON } from './install-stage.ts';

test('a record tells where a version came from, and an update asks for it again', async () => {
  await using stage = await installStage();
  const folder = await source(stage, 'hello');
  await install(stage, folder);
  expect(await detail(stage, 'hello')).toMatchObject({
    version: '1.0.0',
    installation: { source: folder, kind: 'folder', origin: folder, version: '1.0.0', by: 'Stormlet 0.0.0-test' },
  });
  await writeFiles(folder, { 'pack.yaml': packYaml('hello', '2.0.0') });
  const result = await start(stage, 'update', { packs: ['hello'] }).done;
  expect(result).toMatchObject({ summary: 'installed hello 2.0.0' });
  const { previous, installation } = await detail(stage, 'hello');
  expect([previous?.version, installation?.version]).toEqual(['1.0.0', '2.0.0']);
});

test('a pack that was put there by hand is not updated, but said to have no known origin', async () => {
  await using stage = await packStage();
  await writeFiles(stage.installed('mine'), { 'pack.yaml': packYaml('mine') });
  await stage.registry.start();
  await expect(start(stage, 'update', { packs: ['mine'] }).done).rejects.toMatchObject({
    code: 'pack/origin-unknown',
    message: expect.stringContaining(stage.installed('mine')),
  });
  expect(await detail(stage, 'mine')).not.toHaveProperty('installation');
});

test('a rollback brings the version before back, and doing it again returns; only one version is kept', async () => {
  await using stage = await installStage();
  const folder = await source(stage, 'hello', { ...WITH_PYTHON });
  const versionNow = () => stage.registry.get('hello')?.manifest?.version;
  await install(stage, folder);
  await expect(start(stage, 'rollback', { packs: ['hello'] }).done).rejects.toMatchObject({ code: 'pack/no-previous' });
  for (const version of ['2.0.0', '3.0.0']) {
    const requirements = `humanize==4.${version === '2.0.0' ? 9 : 10}.0\n`;
    await writeFiles(folder, { 'pack.yaml': packYaml('hello', version), 'requirements.txt': requirements });
    await install(stage, folder);
  }
  const third = stage.virtualenvs.python('hello');
  // A virtualenv that is built again meanwhile takes none away that a rollback would need.
  await start(stage, 'setup_virtualenv', { packs: ['hello'] }).done;
  await start(stage, 'setup_virtualenv', { packs: ['hello'] }).done;
  const rebuilt = stage.virtualenvs.python('hello');
  expect(rebuilt).not.toBe(third);
  expect(await start(stage, 'rollback', { packs: ['hello'] }).done).toMatchObject({
    summary: 'went back to hello 2.0.0',
  });
  expect([versionNow(), await libraryOf(stage)]).toEqual(['2.0.0', '4.9.0']);
  await start(stage, 'rollback', { packs: ['hello'] }).done;
  expect([versionNow(), stage.virtualenvs.python('hello')]).toEqual(['3.0.0', rebuilt]);
  expect(await readdir(stage.installed('.versions'))).toHaveLength(2);
  expect(await installed(stage)).toEqual(['hello']);
});

test('somebody’s own folder becomes the version before, and comes back with all that is in it', async () => {
  await using stage = await packStage();
  await writeFiles(stage.installed('mine'), { 'pack.yaml': packYaml('mine'), 'notes.txt': 'mine' });
  await stage.registry.start();
  await install(stage, await source(stage, 'mine', { 'pack.yaml': packYaml('mine', '2.0.0') }));
  expect(await readdir(stage.installed('mine'))).toEqual(['pack.yaml']);
  await start(stage, 'rollback', { packs: ['mine'] }).done;
  expect((await readdir(stage.installed('mine'))).sort()).toEqual(['notes.txt', 'pack.yaml']);
});

test('a link of somebody’s own is switched, and what it leads to is never touched', async () => {
  await using stage = await packStage();
  const folder = await source(stage, 'linked', { 'notes.txt': 'mine' });
  await mkdir(stage.folders.installed, { recursive: true });
  await symlink(folder, stage.installed('linked'));
  await stage.registry.start();
  await install(stage, await source(stage, 'newer', { 'pack.yaml': packYaml('linked', '2.0.0') }));
  expect(stage.registry.get('linked')?.manifest?.version).toBe('2.0.0');
  await start(stage, 'rollback', { packs: ['linked'] }).done;
  expect(stage.registry.get('linked')?.manifest?.version).toBe('1.0.0');
  await start(stage, 'uninstall', { packs: ['linked'] }).done;
  expect(await installed(stage)).toEqual([]);
  expect((await readdir(folder)).sort()).toEqual(['notes.txt', 'pack.yaml']);
});

test('the old place of the configuration inside a pack is kept across an update', async () => {
  await using stage = await installStage();
  const folder = await source(stage, 'hello', { 'config.yaml': 'from: the author\n' });
  await install(stage, folder);
  await writeFiles(stage.installed('hello'), { 'config.yaml': 'from: the user\n' });
  await install(stage, folder);
  expect(await readFile(stage.installed('hello/config.yaml'), 'utf8')).toBe('from: the user\n');
});

test('of several packs none is installed when one cannot be', async () => {
  await using stage = await installStage();
  const one = await source(stage, 'one', WITH_PYTHON);
  await expect(install(stage, one, path.join(FIXTURES, 'no_manifest'))).rejects.toMatchObject({
    code: 'pack/manifest-missing',
  });
  await expect(install(stage, one, await source(stage, 'other', { 'pack.yaml': packYaml('one') }))).rejects.toThrow(
    /are both the pack `one`/,
  );
  expect(await installed(stage)).toEqual([]);
  expect(await readdir(path.join(stage.home, 'data/virtualenvs')).catch(() => [])).toEqual([]);
});

test('two installs that share packs in another order do not wait for each other for ever', async () => {
  await using stage = await installStage();
  const one = await source(stage, 'one');
  const two = await source(stage, 'two');
  await Promise.all([install(stage, one, two), install(stage, two, one), install(stage, one)]);
  expect(await installed(stage)).toEqual(['one', 'two']);
});

test('while an action of a pack runs, no version that it may have begun in goes', async () => {
  const running = new Set<string>();
  await using stage = await packStage({ running });
  await stage.registry.start();
  const folder = await source(stage, 'hello');
  await install(stage, folder);
  running.add('hello');
  await install(stage, folder);
  await install(stage, folder);
  expect(await readdir(stage.installed('.versions'))).toHaveLength(3);
});

test('the exact versions that were installed are told, and can be built again whatever the requirements allow', async () => {
  await using stage = await installStage();
  const files = { ...WITH_PYTHON, 'requirements.txt': 'humanize==4.9.0\n' };
  const folder = await source(stage, 'hello', files);
  const setUp = (more: object) => start(stage, 'setup_virtualenv', { packs: ['hello'], ...more }).done;
  await install(stage, folder);
  expect((await detail(stage, 'hello')).distributions).toEqual([{ name: 'humanize', version: '4.9.0' }]);
  await writeFiles(stage.installed('hello'), { 'requirements.txt': 'humanize>=4.9\n' });
  await start(stage, 'load', { packs: ['hello'] }).done;
  await setUp({ locked: true });
  expect(await libraryOf(stage)).toBe('4.9.0');
  // It was not built from what requirements.txt says today, and is still said to be outdated.
  expect((await detail(stage, 'hello')).virtualenv.state).toBe('outdated');
  await setUp({});
  expect(await libraryOf(stage)).not.toBe('4.9.0');
  expect((await detail(stage, 'hello')).virtualenv.state).toBe('ready');
});

test('without a virtualenv there is nothing to build exactly', async () => {
  await using stage = await installStage();
  await install(stage, await source(stage, 'hello'));
  const failing = start(stage, 'setup_virtualenv', { packs: ['hello'], locked: true }).done;
  await expect(failing).rejects.toMatchObject({ code: 'venv/no-lock' });
});

async function detail(stage: PackStage, ref: string) {
  const pack = stage.registry.get(ref);
  if (!pack) throw new Error(`no pack ${ref}`);
  return stage.registry.detail(pack);
}

async function libraryOf(stage: PackStage): Promise<string> {
  const args = ['-c', 'import humanize; print(humanize.__version__)'];
  const command = stage.virtualenvs.python('hello') ?? '';
  return (await runProgram({ command, args, env: {} }, new AbortController().signal)).stdout.trim();
}
