import path from 'node:path';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../../main/contract/json.ts';
import { runProgram } from '../../../main/supervisor/run-program.ts';
import { installedNames as installed, type PackStage, packStage, packYaml, writeFiles } from '../pack-stage.ts';
import { install, installStage, source, start } from './install-stage.ts';

const signal = new AbortController().signal;

/** A repository of a pack, whose name is its own, with a tag for its version. */
async function repository(stage: PackStage, name: string, options: { version?: string; needs?: string[] } = {}) {
  const { version = '1.0.0', needs = [] } = options;
  const text = `${packYaml(name, version)}dependencies: ${JSON.stringify(needs)}\n`;
  const folder = await source(stage, `git/${name}`, { 'pack.yaml': text });
  const git = (...args: string[]) =>
    runProgram({ command: 'git', args, cwd: folder, env: { ...GIT, PATH: process.env.PATH ?? '' } }, signal);
  await git('init', '--quiet');
  await git('add', '.');
  await git('commit', '--quiet', '-m', version);
  await git('tag', `v${version}`);
  return `file://${folder}`;
}

const GIT = {
  GIT_AUTHOR_NAME: 'Test',
  GIT_AUTHOR_EMAIL: 'test@example.org',
  GIT_COMMITTER_NAME: 'Test',
  GIT_COMMITTER_EMAIL: 'test@example.org',
};

const versions = (stage: PackStage) =>
  Object.fromEntries(
    stage.registry
      .list()
      .filter(({ origin }) => origin === 'installed')
      .map(({ ref, manifest }) => [ref, manifest?.version]),
  );

const detail = async (stage: PackStage, ref: string) => {
  const pack = stage.registry.get(ref);
  return pack && stage.registry.detail(pack);
};

test('what a pack needs is installed with it, and what that needs in turn', async () => {
  await using stage = await installStage();
  const third = await repository(stage, 'third');
  const second = await repository(stage, 'second', { needs: [third] });
  const job = start(stage, 'install', { packs: [await repository(stage, 'first', { needs: [second, third] })] });
  await job.done;
  expect(versions(stage)).toEqual({ first: '1.0.0', second: '1.0.0', third: '1.0.0' });
  const steps = job.steps();
  for (const step of ['dependencies done', `${third}: fetch done`, 'first: virtualenv skipped', 'swap done']) {
    expect(steps).toContain(step);
  }
  expect((await detail(stage, 'third'))?.neededBy.toSorted()).toEqual(['first', 'second']);
});

test('a needed pack that is there is left as it is, and a circle has an end', async () => {
  await using stage = await installStage();
  const folder = await source(stage, 'there', { 'pack.yaml': packYaml('there', '3.0.0') });
  await install(stage, folder);
  const one = path.join(stage.home, 'sources/git/one');
  const two = await repository(stage, 'two', { needs: [`file://${one}`, 'there', 'core'] });
  await repository(stage, 'one', { needs: [two] });
  await install(stage, `file://${one}`);
  expect(versions(stage)).toEqual({ one: '1.0.0', there: '3.0.0', two: '1.0.0' });
  expect((await detail(stage, 'there'))?.installation?.source).toBe(folder);
});

test.each([
  [
    'another version than the one that is there',
    'needed=1.0.0',
    'pack/dependency-conflict',
    /needs `needed` at `1\.0\.0`/,
  ],
  ['what cannot be fetched', 'https://127.0.0.1:1/gone.git', /^pack\/|^source\/|^git\//, /`wants` needs `https:.*gone/],
])('a pack that needs %s undoes the whole installation', async (_, need, code, message) => {
  await using stage = await installStage();
  await install(stage, await source(stage, 'needed', { 'pack.yaml': packYaml('needed', '2.0.0') }));
  const good = await repository(stage, 'good');
  const wants = await repository(stage, 'wants', { needs: [good, need] });
  const failing = install(stage, await source(stage, 'other'), wants);
  await expect(failing).rejects.toMatchObject({ code: typeof code === 'string' ? code : expect.stringMatching(code) });
  await expect(failing).rejects.toThrow(message);
  expect(versions(stage)).toEqual({ needed: '2.0.0' });
  expect(await installed(stage)).toEqual(['needed']);
});

test('dependencies are left out on demand', async () => {
  await using stage = await installStage();
  const wants = await repository(stage, 'wants', { needs: ['https://127.0.0.1:1/gone.git'] });
  const parameters: JsonObject = { packs: [wants], skip_dependencies: true };
  const job = start(stage, 'install', parameters);
  await job.done;
  expect(job.steps()).toContain('dependencies skipped');
  expect(versions(stage)).toEqual({ wants: '1.0.0' });
});

test('two installs at once that need one pack both get it, and it is installed once', async () => {
  await using stage = await installStage();
  const shared = await repository(stage, 'shared');
  const one = await repository(stage, 'one', { needs: [shared] });
  const two = await repository(stage, 'two', { needs: [shared] });
  await Promise.all([install(stage, one), install(stage, two)]);
  expect(versions(stage)).toEqual({ one: '1.0.0', shared: '1.0.0', two: '1.0.0' });
  expect((await detail(stage, 'shared'))?.previous).toBeUndefined();
  expect(await installed(stage)).toEqual(['one', 'shared', 'two']);
});

test('whoever removes a pack is told who needs it', async () => {
  await using stage = await packStage();
  const needs = `${packYaml('wants')}dependencies: [needed]\n`;
  await writeFiles(stage.installed('wants'), { 'pack.yaml': needs });
  await writeFiles(stage.installed('needed'), { 'pack.yaml': packYaml('needed') });
  await stage.registry.start();
  const result = await start(stage, 'uninstall', { packs: ['needed'] }).done;
  expect(result).toMatchObject({ summary: 'removed needed; wants needs needed' });
});
