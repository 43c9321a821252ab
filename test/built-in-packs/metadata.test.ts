import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { checkValue } from '../../main/contract/parameter-spec.ts';
import { loadPack, PackCaches } from '../../main/packs/metadata/load-pack.ts';
import { HTTP_PARAMETERS } from '../../main/runners/http-parameters.ts';
import { SHELL_PARAMETERS } from '../../main/runners/shell-program.ts';

const PACKS = path.resolve(import.meta.dirname, '../../packs');
const names = (await readdir(PACKS)).sort();
const packs = await Promise.all(
  names.map((name) => loadPack(path.join(PACKS, name), 'built-in', '/nowhere', new PackCaches())),
);
const actions = packs.flatMap((pack) => pack.actions);

test('the app brings these packs', () => {
  expect(names).toEqual(['core', 'examples', 'packs']);
});

test.each(packs)('the pack $ref loads without a problem', (pack) => {
  expect(pack.problems).toEqual([]);
  expect(pack.rules.flatMap((rule) => rule.problems)).toEqual([]);
});

test('the packs hold these actions and sensors', () => {
  expect(actions.map((action) => action.ref).sort()).toEqual([
    ...['core.echo', 'core.http', 'core.local', 'core.local_sudo', 'core.noop', 'core.pause', 'core.uuid'],
    ...['examples.describe_file', 'examples.drop_file'],
    ...['packs.get', 'packs.install', 'packs.load', 'packs.setup_virtualenv', 'packs.uninstall'],
  ]);
  expect(packs.flatMap((pack) => pack.sensors.map((sensor) => [sensor.ref, sensor.pollInterval]))).toEqual([
    ['examples.DiskSpaceSensor', 30],
    ['examples.DropFolderSensor', undefined],
  ]);
});

test.each(actions)('$ref says what it does and what each parameter is for', (action) => {
  expect(action.description).toMatch(/^[A-Z].*\.$/);
  const known = { ...HTTP_PARAMETERS, ...SHELL_PARAMETERS };
  for (const [name, spec] of Object.entries(action.parameters)) {
    expect(spec.description ?? known[name]?.description, name).toMatch(/\.$/);
    if (spec.default !== undefined && spec.default !== null) expect(checkValue(spec.default, spec, name)).toEqual([]);
  }
});

test('only `packs` asks for the app itself, and names an operation of its own', () => {
  const asking = actions.filter((action) => action.runner === 'stormlet');
  expect(asking.map((action) => action.entryPoint)).toEqual(asking.map((action) => `packs.${action.name}`));
  expect(new Set(asking.map((action) => action.pack))).toEqual(new Set(['packs']));
});

test('each rule names a trigger type and an action that are there, with parameters that the action knows', () => {
  const rules = packs.flatMap((pack) => pack.rules.map((rule) => rule.definition));
  const types = packs.flatMap((pack) => pack.triggerTypes.map((type) => type.ref));
  expect(rules.map((rule) => rule.name)).toEqual(['describe_dropped_file', 'warn_disk_almost_full']);
  for (const rule of rules) {
    const action = actions.find((each) => each.ref === rule.action.ref);
    expect(types).toContain(rule.trigger.type);
    expect(Object.keys(action?.parameters ?? {})).toEqual(expect.arrayContaining(Object.keys(rule.action.parameters)));
  }
});
