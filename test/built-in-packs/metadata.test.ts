import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { checkValue } from '../../main/contract/check-parameters.ts';
import { isJsonObject } from '../../main/contract/json.ts';
import { ParameterSpec } from '../../main/contract/parameter-spec.ts';
import { loadPack, PackCaches } from '../../main/packs/metadata/load-pack.ts';
import { BUILT_IN_PACKS } from '../../main/packs/pack.ts';
import { KNOWN_RUNNERS } from '../../main/runners/known-runners.ts';

const PACKS = path.resolve(import.meta.dirname, '../../packs');
const names = (await readdir(PACKS)).sort();
const packs = await Promise.all(
  names.map((name) => loadPack(path.join(PACKS, name), 'built-in', '/nowhere', new PackCaches())),
);
const actions = packs.flatMap((pack) => pack.actions);
const triggerTypes = packs.flatMap((pack) => pack.triggerTypes);
const rules = packs.flatMap((pack) => pack.rules.map((rule) => rule.definition));

test('the app brings these packs, and each is always there or installs by its name', () => {
  expect(names).toEqual([
    'calendar',
    'clipboard',
    'core',
    'examples',
    'filewatch',
    'git',
    'http',
    'notify',
    'packs',
    'shortcut',
    'system',
  ]);
  expect(names).toEqual(expect.arrayContaining([...BUILT_IN_PACKS]));
});

test.each(packs)('the pack $ref loads without a problem', (pack) => {
  expect(pack.problems).toEqual([]);
  expect(pack.rules.flatMap((rule) => rule.problems)).toEqual([]);
  expect(pack.manifest?.description).toMatch(/^[A-Z].*\.$/);
});

test.each(packs)('the README of $ref tells of every action, trigger, rule and setting', async (pack) => {
  const readme = await readFile(path.join(pack.path, 'README.md'), 'utf8');
  const told = [
    ...[...pack.actions, ...pack.triggerTypes].map(({ ref }) => ref),
    ...pack.rules.map(({ definition }) => definition.name),
    ...Object.keys(pack.configSchema),
  ];
  for (const name of told) expect(readme).toMatch(new RegExp(`\\b${name.replaceAll('.', '\\.')}\\b`));
});

test.each(packs)('$ref says what each setting and each value of an event is', (pack) => {
  for (const [name, spec] of Object.entries(pack.configSchema)) expect(spec.description, name).toMatch(/\.$/);
  for (const type of pack.triggerTypes) {
    expect(type.description, type.ref).toMatch(/^[A-Z].*\.$/);
    for (const schema of [type.payloadSchema, type.parametersSchema]) {
      const properties = isJsonObject(schema?.properties) ? schema.properties : {};
      for (const [name, spec] of Object.entries(properties)) {
        expect(ParameterSpec.parse(spec).description, `${type.ref}: ${name}`).toMatch(/\.$/);
      }
    }
  }
});

test.each(actions)('$ref says what it does and what each parameter is for', (action) => {
  expect(action.description).toMatch(/^[A-Z].*\.$/);
  const known = KNOWN_RUNNERS[action.runner] ?? {};
  for (const [name, spec] of Object.entries(action.parameters)) {
    expect(spec.description ?? known[name]?.description, name).toMatch(/\.$/);
    if (spec.default !== undefined && spec.default !== null) expect(checkValue(spec.default, spec, name)).toEqual([]);
  }
});

test('only packs that are always there ask for the app itself, each for operations of its own', () => {
  const asking = actions.filter((action) => action.runner === 'stormlet');
  expect(asking.map((action) => action.entryPoint)).toEqual(asking.map((action) => action.ref));
  for (const { pack } of asking) expect(BUILT_IN_PACKS).toContain(pack);
});

test.each(rules)('the rule $ref names a trigger type and an action that are there, with what each knows', (rule) => {
  const action = actions.find((each) => each.ref === rule.action.ref);
  const type = triggerTypes.find((each) => each.ref === rule.trigger.type);
  expect(type, 'its trigger type').toBeDefined();
  expect(Object.keys(action?.parameters ?? {})).toEqual(expect.arrayContaining(Object.keys(rule.action.parameters)));
  const schema = ParameterSpec.parse(type?.parametersSchema ?? {});
  expect(checkValue(rule.trigger.parameters, schema, 'trigger.parameters')).toEqual([]);
  expect([rule.pack, 'core', 'notify'], 'packs that are sure to be there').toContain(rule.action.ref.split('.')[0]);
});

test('a rule that is switched on at once does nothing but tell', () => {
  const telling = ['core.echo', 'examples.describe_file', 'examples.report_file', 'notify.show'];
  for (const rule of rules.filter(({ enabled }) => enabled)) expect(telling).toContain(rule.action.ref);
});
