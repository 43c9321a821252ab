import { execFile } from 'node:child_process';
import { mkdir, readdir, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ResourceRef } from '../../main/contract/refs.ts';
import { until } from '../support/until.ts';
import { type PackStage, packStage, packYaml, writeFiles } from './pack-stage.ts';

const rule = (description: string) =>
  `name: r\ndescription: ${description}\nenabled: true\ntrigger: {type: hello.t}\naction: {ref: core.noop}\n`;
const FILES = { 'pack.yaml': packYaml('hello'), 'rules/r.yaml': rule('first'), 'triggers/t.yaml': 'name: t\n' };

/** The stage with what its rule said after each change: undefined where it was missing or broken. */
async function startedStage(prepare?: (stage: PackStage) => Promise<unknown>) {
  const stage = await packStage();
  if (prepare) await prepare(stage);
  else await writeFiles(stage.installed('hello'), FILES);
  await stage.registry.start();
  stage.changes.length = 0;
  const said: (string | undefined)[] = [];
  stage.registry.onChange(() => said.push(description(stage)));
  return { stage, said, [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose]() };
}

function description(stage: PackStage): string | undefined {
  const found = stage.registry.rules().find(({ definition }) => definition.name === 'r');
  return found?.problems.some(({ severity }) => severity === 'error') ? undefined : found?.definition.description;
}

async function saved(stage: PackStage, wanted: string): Promise<void> {
  await until(`the rule says ${wanted}`, () => description(stage) === wanted);
}

test('a file that is replaced by a rename, as VS Code saves, is one change', async () => {
  await using started = await startedStage();
  const { stage, said } = started;
  await writeFiles(stage.installed('hello'), { 'rules/r.yaml.vsctmp': rule('second') });
  await rename(stage.installed('hello', 'rules/r.yaml.vsctmp'), stage.installed('hello', 'rules/r.yaml'));
  await saved(stage, 'second');
  expect(said).toEqual(['second']);
});

test('a file that is moved away and written anew, as vim saves, is never missing', async () => {
  await using started = await startedStage();
  const { stage, said } = started;
  for (const text of ['second', 'third']) {
    const file = stage.installed('hello', 'rules/r.yaml');
    await writeFile(stage.installed('hello', 'rules/4913'), '');
    await unlink(stage.installed('hello', 'rules/4913'));
    await rename(file, `${file}~`);
    await writeFile(file, rule(text));
    await unlink(`${file}~`);
    await saved(stage, text);
  }
  expect(said).toEqual(['second', 'third']);
});

test('a file that is emptied and then written to bit by bit is never seen as it was in between', async () => {
  await using started = await startedStage();
  const { stage, said } = started;
  const file = stage.installed('hello', 'rules/r.yaml');
  await writeFile(file, '');
  await writeFile(file, 'name: r\ntrigger: {typ');
  await writeFile(file, rule('second'));
  await saved(stage, 'second');
  expect(said).toEqual(['second']);
});

test('a rule that is broken for good, or gone for good, is taken in as such', async () => {
  await using started = await startedStage();
  const { stage } = started;
  const file = stage.installed('hello', 'rules/r.yaml');
  await writeFile(file, 'name: "r\n');
  await until('it is broken', () => stage.registry.get('hello')?.problems.length === 1);
  await unlink(file);
  await until('it is gone', () => stage.registry.get('hello')?.problems.length === 0);
  expect(description(stage)).toBeUndefined();
  await writeFile(file, rule('back'));
  await saved(stage, 'back');
});

test('a pack that is a link to a folder elsewhere is followed there', async () => {
  await using started = await startedStage(async ({ home, installed }) => {
    await writeFiles(path.join(home, 'work/hello'), FILES);
    await mkdir(installed(), { recursive: true });
    await symlink(path.join(home, 'work/hello'), installed('hello'), 'junction');
  });
  const { stage } = started;
  const work = path.join(stage.home, 'work/hello');
  await writeFiles(work, { 'rules/r.yaml': rule('second') });
  await saved(stage, 'second');
  await writeFiles(work, { 'actions/new.yaml': 'name: new\nrunner_type: noop\n' });
  await until('the new folder is seen', () => stage.registry.action(ResourceRef.parse('hello.new')));
  await unlink(stage.installed('hello'));
  await until('the link is gone', () => !stage.registry.get('hello'));
  await symlink(work, stage.installed('hello'), 'junction');
  await saved(stage, 'second');
  await writeFiles(work, { 'rules/r.yaml': rule('third') });
  await saved(stage, 'third');
});

test('a pack folder that is renamed, deleted or made anew is followed', async () => {
  await using started = await startedStage();
  const { stage } = started;
  await rename(stage.installed('hello'), stage.installed('renamed'));
  await until('it is found there', () => stage.registry.get('hello')?.path === stage.installed('renamed'));
  await writeFiles(stage.installed('renamed'), { 'rules/r.yaml': rule('second') });
  await saved(stage, 'second');
  await rm(stage.installed('renamed'), { recursive: true });
  await until('it is gone', () => !stage.registry.get('hello'));
  await writeFiles(stage.installed('renamed'), { ...FILES, 'rules/r.yaml': rule('third') });
  await saved(stage, 'third');
  await writeFiles(stage.installed('renamed'), { 'rules/r.yaml': rule('fourth') });
  await saved(stage, 'fourth');
});

test('a checkout of hundreds of files in a pack that is a git clone is one change, forth and back', async () => {
  const actions = (text: string, count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, n) => [
        `actions/a${n}.yaml`,
        `name: a${n}\nrunner_type: noop\ndescription: ${text}\n`,
      ]),
    );
  await using started = await startedStage(async ({ home, installed }) => {
    const source = path.join(home, 'source');
    await writeFiles(source, { ...FILES, ...actions('one', 400) });
    const commit = [
      ['add', '-A'],
      ['commit', '-qm', 'x'],
    ];
    for (const args of [['init', '-qb', 'main'], ...commit]) await git(source, ...args);
    await writeFiles(source, { 'rules/r.yaml': rule('second'), ...actions('two', 300) });
    for (const name of (await readdir(path.join(source, 'actions'))).filter((name) => /^a3\d\d/.test(name))) {
      await unlink(path.join(source, 'actions', name));
    }
    for (const args of commit) await git(source, ...args);
    await mkdir(installed(), { recursive: true });
    await git(home, 'clone', '-q', source, installed('hello'));
  });
  const { stage, said } = started;
  const first = ResourceRef.parse('hello.a0');
  for (const [commit, text] of [
    ['HEAD~1', 'one'],
    ['main', 'two'],
  ] as const) {
    said.length = 0;
    await git(stage.installed('hello'), 'checkout', '-q', commit);
    await until('it is taken in', () => stage.registry.action(first)?.description === text);
    expect(stage.registry.get('hello')?.actions).toHaveLength(text === 'one' ? 400 : 300);
    expect(said).toEqual([text === 'one' ? 'first' : 'second']);
  }
});

async function git(cwd: string, ...args: string[]): Promise<void> {
  const settings = ['-c', 'user.name=Test', '-c', 'user.email=test@localhost', '-c', 'advice.detachedHead=false'];
  await promisify(execFile)('git', [...settings, ...args], { cwd });
}
