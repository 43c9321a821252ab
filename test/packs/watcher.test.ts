import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ResourceRef } from '../../main/contract/refs.ts';
import { until } from '../support/until.ts';
import { type PackStage, packStage, packYaml, writeFiles } from './pack-stage.ts';

const FILES = {
  'pack.yaml': packYaml('hello'),
  'actions/act.yaml': 'name: act\nrunner_type: noop\n',
  'sensors/s.yaml': 'class_name: S\nentry_point: s.py\n',
  'sensors/s.py': 'x = 1\n',
  'rules/r.yaml': 'name: r\ntrigger: {type: hello.t}\naction: {ref: core.noop}\n',
  'triggers/t.yaml': 'name: t\n',
};

async function watchedStage() {
  const stage = await packStage();
  await writeFiles(stage.installed('hello'), FILES);
  await stage.registry.start();
  stage.changes.length = 0;
  return stage;
}

const kinds = (stage: PackStage) => stage.changes.map(({ ref, kind }) => `${ref} ${kind}`);
const ruleOf = (stage: PackStage, ref: string) => stage.registry.rules().find((rule) => rule.definition.ref === ref);
const action = (stage: PackStage) => stage.registry.action(ResourceRef.parse('hello.act'));

test("an action's metadata, a rule and a sensor's code take effect when they are saved", async () => {
  await using stage = await watchedStage();
  const code = () => stage.registry.get('hello')?.code.get('sensors/s.py');
  const before = code();
  await writeFiles(stage.installed('hello'), { 'actions/act.yaml': `${FILES['actions/act.yaml']}description: new\n` });
  await until('the action is new', () => action(stage)?.description === 'new');
  await writeFiles(stage.installed('hello'), { 'rules/r.yaml': `${FILES['rules/r.yaml']}enabled: true\n` });
  await until('the rule is on', () => ruleOf(stage, 'hello.r')?.definition.enabled);
  expect(code()).toBe(before);
  await writeFiles(stage.installed('hello'), { 'sensors/s.py': 'x = 2\n' });
  await until('the code is new', () => code() !== before);
  expect(kinds(stage)).toEqual(['hello changed', 'hello changed', 'hello changed']);
});

test('a broken file leaves the pack listed with file, line and reason, and mending it clears them', async () => {
  await using stage = await watchedStage();
  await writeFiles(stage.installed('hello'), { 'actions/act.yaml': 'name: act\nrunner_type: "\n' });
  const problem = await until('there is a problem', () => stage.registry.get('hello')?.problems[0]);
  expect(problem).toMatchObject({ code: 'file/not-yaml', file: stage.installed('hello', 'actions/act.yaml'), line: 3 });
  expect(stage.registry.get('hello')?.sensors).toHaveLength(1);
  await writeFiles(stage.installed('hello'), { 'actions/act.yaml': FILES['actions/act.yaml'] });
  await until('the action is back', () => action(stage));
  expect(stage.registry.get('hello')?.problems).toEqual([]);
});

test('a pack folder that comes, goes and comes back is followed', async () => {
  await using stage = await watchedStage();
  const away = path.join(stage.home, 'away');
  await rename(stage.installed('hello'), away);
  await until('it is gone', () => !stage.registry.get('hello'));
  await rename(away, stage.installed('hello'));
  await until('it is back', () => action(stage));
  await writeFiles(stage.installed('other'), { 'pack.yaml': packYaml('other') });
  await until('the other is there', () => stage.registry.get('other')?.manifest);
  await writeFiles(stage.installed('hello'), { 'actions/act.yaml': `${FILES['actions/act.yaml']}description: new\n` });
  await until('the returned one is still watched', () => action(stage)?.description === 'new');
});

test('hundreds of files are one change', async () => {
  await using stage = await watchedStage();
  const many = Array.from({ length: 300 }, (_, i) => [`actions/a${i}.yaml`, `name: a${i}\nrunner_type: noop\n`]);
  await writeFiles(stage.installed('hello'), Object.fromEntries(many));
  await until('all are there', () => stage.registry.get('hello')?.actions.length === 301);
  // A slow machine may fall quiet once in the middle; what must not be is a change for each file.
  expect(stage.changes.length).toBeLessThanOrEqual(5);
});

test('git, caches and what a sensor writes are no change', async () => {
  await using stage = await watchedStage();
  await writeFiles(stage.installed('hello'), {
    '.git/index': 'x',
    'sensors/__pycache__/s.cpython-311.pyc': 'x',
    'sensors/clones/one/.git/HEAD': 'x',
    'sensors/clones/one/setup.py': 'x',
    'sensors/state.json': '{}',
    'data/big.bin': 'x',
    'actions/act.yaml~': 'x',
  });
  // A change that is one comes after them, so theirs would have been seen by now.
  await writeFiles(stage.installed('other'), { 'pack.yaml': packYaml('other') });
  await until('the other is there', () => stage.registry.get('other'));
  expect(kinds(stage)).toEqual(['other added']);
});

test("the user's rules and a pack's configuration are followed", async () => {
  await using stage = await watchedStage();
  await writeFiles(stage.folders.rules, { 'mine.yaml': FILES['rules/r.yaml'].replace('name: r', 'name: mine') });
  await until('the rule is there', () => ruleOf(stage, 'default.mine'));
  await writeFiles(stage.folders.configs, { 'hello.yaml': 'url: http://x\n' });
  await until('the configuration is there', () => stage.registry.get('hello')?.config.url === 'http://x');
  await rm(path.join(stage.folders.rules, 'mine.yaml'));
  await until('the rule is gone', () => ruleOf(stage, 'default.mine') === undefined);
  expect(kinds(stage)).toEqual(['default changed', 'hello changed', 'default changed']);
});

test('a folder that is being staged is not seen', async () => {
  await using stage = await watchedStage();
  await mkdir(stage.installed('.staging-1'), { recursive: true });
  await writeFiles(stage.installed('.staging-1'), { 'pack.yaml': packYaml('half') });
  await rename(stage.installed('.staging-1'), stage.installed('whole'));
  await writeFiles(stage.installed('whole'), { 'pack.yaml': packYaml('whole') });
  await until('the whole one is there', () => stage.registry.get('whole')?.manifest);
  expect(new Set(stage.changes.map(({ ref }) => ref))).toEqual(new Set(['whole']));
});
