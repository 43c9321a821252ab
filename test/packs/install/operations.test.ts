import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Json, JsonObject } from '../../../main/contract/json.ts';
import { BUILT_IN_PACKS } from '../../../main/packs/pack.ts';
import { installedNames, type PackStage, PYTHON_ACTION, packStage, packYaml, writeFiles } from '../pack-stage.ts';

async function stageWith(...names: string[]) {
  const stage = await packStage();
  for (const name of names) {
    await writeFiles(stage.installed(name), {
      'pack.yaml': packYaml(name),
      'actions/run.yaml': PYTHON_ACTION,
      'actions/run.py': '',
    });
  }
  await stage.registry.start();
  return stage;
}

async function run(stage: PackStage, name: string, parameters: JsonObject): Promise<Json> {
  const operation = stage.operations[`packs.${name}`];
  if (!operation) throw new Error(`no operation ${name}`);
  return operation(parameters, { onStep: () => {}, onOutput: () => {} }, new AbortController().signal);
}

test('the operations are those that the pack `packs` has actions for', async () => {
  await using stage = await stageWith();
  const entryPoints = stage.registry.get('packs')?.actions.map(({ entryPoint }) => entryPoint);
  expect(Object.keys(stage.operations).sort()).toEqual(entryPoints?.sort());
});

test('uninstalling ends what runs of the pack, then removes its folder and virtualenv', async () => {
  await using stage = await stageWith('hello', 'other');
  await run(stage, 'setup_virtualenv', { packs: ['hello', 'other'] });
  expect(await run(stage, 'uninstall', { packs: ['hello'] })).toEqual({ summary: 'removed hello', packs: ['hello'] });
  expect(stage.removed).toEqual(['hello']);
  expect(stage.registry.get('hello')).toBeUndefined();
  expect(stage.registry.get('other')).toBeDefined();
  expect(await installedNames(stage)).toEqual(['other']);
  expect(await readdir(path.join(stage.home, 'data/virtualenvs'))).toEqual(['.versions', 'other']);
  expect(await readdir(path.join(stage.home, 'data/virtualenvs/.versions'))).toHaveLength(1);
});

test.each([
  ['a pack of the app', ['hello', 'core'], 'pack/built-in', /`core` belongs to the app/],
  ['a pack that is not there', ['hello', 'gone'], 'pack/not-installed', /no pack `gone` is installed/],
])('uninstalling %s is refused before anything is removed', async (_, packs, code, message) => {
  await using stage = await stageWith('hello');
  const failing = run(stage, 'uninstall', { packs });
  await expect(failing).rejects.toMatchObject({ code });
  await expect(failing).rejects.toThrow(message);
  expect(stage.registry.get('hello')).toBeDefined();
  expect(stage.removed).toEqual([]);
});

test('a broken pack can be uninstalled', async () => {
  await using stage = await packStage();
  await writeFiles(stage.installed('Broken One'), { 'pack.yaml': 'name: "\n' });
  await stage.registry.start();
  await run(stage, 'uninstall', { packs: ['broken_one'] });
  expect(await installedNames(stage)).toEqual([]);
});

test('setting up creates the virtualenv where it is missing and replaces it where it is there', async () => {
  await using stage = await stageWith('hello');
  const result = await run(stage, 'setup_virtualenv', { packs: ['hello'], update: true });
  expect(result).toMatchObject({ packs: [{ ref: 'hello', virtualenv: { state: 'ready' } }] });
  const first = stage.virtualenvs.python('hello');
  await run(stage, 'setup_virtualenv', { packs: ['hello'] });
  expect(stage.virtualenvs.python('hello')).not.toBe(first);
});

test('`load` reads packs again and tells what they hold', async () => {
  await using stage = await stageWith('hello');
  await writeFiles(stage.installed('hello'), { 'actions/new.yaml': 'name: new\nrunner_type: noop\n' });
  const counts = { actions: 2, sensors: 0, rules: 0, triggers: 0 };
  expect(await run(stage, 'load', { packs: ['hello'] })).toEqual({
    summary: 'read hello again',
    packs: [{ ref: 'hello', ...counts }],
  });
  const all = [...BUILT_IN_PACKS, 'hello'].map((ref) => expect.objectContaining({ ref }));
  expect(await run(stage, 'load', {})).toMatchObject({ packs: expect.arrayContaining(all) });
  await expect(run(stage, 'load', { packs: ['gone'] })).rejects.toMatchObject({ code: 'pack/not-installed' });
});

test('`get` gives the detail of a pack', async () => {
  await using stage = await stageWith('hello');
  expect(await run(stage, 'get', { pack: 'hello' })).toMatchObject({ ref: 'hello', actions: [{ ref: 'hello.run' }] });
});

test.each([
  ['install', { packs: 'one' }, /`packs`/],
  ['install', { packs: [] }, /`packs`/],
  ['uninstall', {}, /`packs`/],
  ['get', { pack: 5 }, /`pack`/],
])('%s with wrong parameters says which', async (name, parameters, message) => {
  await using stage = await stageWith();
  const failing = run(stage, name, parameters as JsonObject);
  await expect(failing).rejects.toMatchObject({ code: 'action/parameter-invalid', kind: 'user' });
  await expect(failing).rejects.toThrow(message);
});
