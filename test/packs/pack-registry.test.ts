import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { PackRef, ResourceRef } from '../../main/contract/refs.ts';
import { BUILT_IN_PACKS } from '../../main/packs/pack.ts';
import { packStage, packYaml, writeFiles } from './pack-stage.ts';

const NOOP = 'name: act\nrunner_type: noop\n';
const RULE = 'name: mine\nenabled: true\ntrigger: {type: hello.seen}\naction: {ref: hello.act}\n';
const ref = (text: string) => ResourceRef.parse(text);

test('the built-in packs are there by themselves, and the others that ship with the app can be installed', async () => {
  await using stage = await packStage();
  await stage.registry.start();
  expect(stage.registry.list().map((pack) => [pack.ref, pack.origin])).toEqual(
    [...BUILT_IN_PACKS].sort().map((name) => [name, 'built-in']),
  );
  expect(stage.registry.available()).toContainEqual(expect.objectContaining({ ref: 'examples', installed: false }));
  expect(stage.registry.action(ref('packs.install'))?.runner).toBe('stormlet');
});

test('an installed pack is found by its refs, and a disabled one brings nothing but stays listed', async () => {
  const disabled = new Set<string>();
  await using stage = await packStage({ disabled });
  await writeFiles(stage.installed('hello'), {
    'pack.yaml': packYaml('hello'),
    'actions/act.yaml': NOOP,
    'triggers/seen.yaml': 'name: seen\n',
    'rules/r.yaml': RULE,
  });
  await stage.registry.start();
  const { registry } = stage;
  expect(registry.action(ref('hello.act'))?.ref).toBe('hello.act');
  expect(registry.triggerType(ref('hello.seen'))?.ref).toBe('hello.seen');
  const rulesOfHello = () => registry.rules().filter(({ definition }) => definition.pack === 'hello');
  expect(rulesOfHello().map(({ definition }) => definition.ref)).toEqual(['hello.mine']);
  disabled.add('hello');
  expect(registry.action(ref('hello.act'))).toBeUndefined();
  expect(registry.triggerType(ref('hello.seen'))).toBeUndefined();
  expect(rulesOfHello()).toEqual([]);
  const pack = registry.get('hello');
  expect(pack && registry.summary(pack)).toMatchObject({ state: 'disabled', enabled: false, counts: { actions: 1 } });
});

test('of two folders with one ref the one of that name stands; the other is listed as broken and names both', async () => {
  await using stage = await packStage();
  await writeFiles(stage.installed('a copy'), { 'pack.yaml': packYaml('hello', '2.0.0'), 'actions/act.yaml': NOOP });
  await writeFiles(stage.installed('hello'), { 'pack.yaml': packYaml('hello') });
  await stage.registry.start();
  const { registry } = stage;
  expect(registry.get('hello')?.path).toBe(stage.installed('hello'));
  const second = registry.get('a_copy');
  expect(second && registry.summary(second)).toMatchObject({ state: 'broken', counts: { actions: 0 } });
  const [problem] = second?.problems ?? [];
  expect(problem).toMatchObject({ code: 'pack/ref-taken', file: stage.installed('a copy', 'pack.yaml') });
  expect(problem?.message).toContain(`both \`${stage.installed('hello')}\` and \`${stage.installed('a copy')}\``);

  await rm(stage.installed('hello'), { recursive: true });
  await registry.reload(PackRef.parse('hello'));
  expect(registry.get('hello')?.path).toBe(stage.installed('a copy'));
  expect(registry.get('a_copy')).toBeUndefined();
});

test.each(['core', 'packs', 'default'])('an installed pack cannot take the ref `%s`', async (name) => {
  await using stage = await packStage();
  await writeFiles(stage.installed('sly'), { 'pack.yaml': packYaml(name), 'actions/act.yaml': NOOP });
  await stage.registry.start();
  expect(stage.registry.get(name)?.origin).toBe(name === 'default' ? undefined : 'built-in');
  expect(stage.registry.get('sly')?.problems[0]?.code).toBe('pack/ref-taken');
  expect(stage.registry.action(ref(`${name}.act`))).toBeUndefined();
});

test('reading again announces what came, changed and went, and nothing else', async () => {
  await using stage = await packStage();
  await stage.registry.start();
  stage.changes.length = 0;
  const pack = () => stage.registry.get('hello');
  await writeFiles(stage.installed('hello'), { 'pack.yaml': packYaml('hello'), 'actions/act.yaml': NOOP });
  // In one step, since the watcher is a second reader and may not see the file empty.
  const save = async (name: string, text: string) => {
    await writeFiles(stage.home, { saved: text });
    await rename(path.join(stage.home, 'saved'), stage.installed('hello', name));
  };
  const reload = () => stage.registry.reload(PackRef.parse('hello'));
  await reload();
  await reload();
  await save('actions/act.yaml', `${NOOP}description: new\n`);
  await reload();
  await save('pack.yaml', 'name: "\n');
  await reload();
  expect(pack()?.problems[0]).toMatchObject({ code: 'file/not-yaml', line: 2 });
  await save('pack.yaml', packYaml('hello'));
  await reload();
  expect(pack()?.problems).toEqual([]);
  await rename(stage.installed('hello'), path.join(stage.home, 'away'));
  await reload();
  // The watcher sees the same files, and finds nothing left to announce.
  expect(stage.changes.map(({ ref: pack, kind }) => `${pack} ${kind}`)).toEqual([
    'hello added',
    'hello changed',
    'hello changed',
    'hello changed',
    'hello removed',
  ]);
});

test("the user's own rules load beside those of packs, and a file that is no rule is a problem", async () => {
  await using stage = await packStage();
  await writeFiles(stage.folders.rules, {
    'mine.yaml': RULE,
    'refused.yaml': `${RULE.replace('mine', 'refused')}criteria: {a: {type: bigger, pattern: 1}}\n`,
    'broken.yaml': 'name: "\n',
  });
  await stage.registry.start();
  const rules = stage.registry
    .rules()
    .filter(({ definition }) => definition.origin === 'user')
    .map(({ definition, problems }) => [definition.ref, definition.origin, problems.length]);
  expect(rules).toEqual([
    ['default.mine', 'user', 0],
    ['default.refused', 'user', 1],
  ]);
  expect(stage.registry.ruleProblems()).toMatchObject([
    { code: 'file/not-yaml', file: path.join(stage.folders.rules, 'broken.yaml'), line: 2 },
  ]);
});

test('a detail holds the readme and everything that the pack brings', async () => {
  await using stage = await packStage();
  await stage.registry.start();
  const pack = stage.registry.get('core');
  const detail = pack && (await stage.registry.detail(pack));
  expect(detail?.readme).toContain('core');
  expect(detail?.actions.map(({ ref }) => ref)).toContain('core.local');
  expect(detail?.origin).toBe('built-in');
});
