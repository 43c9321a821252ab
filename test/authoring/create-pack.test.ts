import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { checkPacks } from '../../main/authoring/check-pack.ts';
import { createPack } from '../../main/authoring/create-pack.ts';
import { findPack } from '../../main/authoring/find-pack.ts';
import { testPack } from '../../main/authoring/test-pack.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { heard, testWorkbench } from '../support/test-workbench.ts';

const TEMPLATE = path.resolve('main/authoring/template');

test('a created pack passes its own checks and its own tests', async () => {
  await using home = await tempFolder();
  const bench = await testWorkbench(home.path);
  const created = await createPack(TEMPLATE, 'demo_one', home.path);
  const [report] = await checkPacks(bench, [created.path], new AbortController().signal);
  expect(report).toMatchObject({
    ref: 'demo_one',
    problems: [],
    missing: [],
    counts: { actions: 1, sensors: 1, rules: 1 },
  });
  const pack = await findPack(bench, 'demo_one');
  const tests = await testPack(bench, pack, [], heard(), new AbortController().signal);
  expect(tests).toMatchObject({ succeeded: true, runner: 'unittest', passed: 5, failed: 0, broken: 0 });
}, 120_000);

test('a created pack has its own name in every file, and a README and a configuration', async () => {
  await using folder = await tempFolder();
  const { path: made, files } = await createPack(TEMPLATE, 'demo_two', folder.path);
  const texts = await Promise.all(files.map((file) => readFile(path.join(made, file), 'utf8')));
  expect(texts.join('\n')).not.toContain('my_pack');
  expect(texts.join('\n')).toContain('demo_two.new_file');
  expect(files).toEqual(
    expect.arrayContaining([
      'pack.yaml',
      'README.md',
      'requirements.txt',
      'config.schema.yaml',
      'tests/test_describe.py',
    ]),
  );
});

test('what is there already is not touched', async () => {
  await using folder = await tempFolder();
  await mkdir(path.join(folder.path, 'mine'));
  await writeFile(path.join(folder.path, 'mine', 'work.txt'), 'years of it');
  await expect(createPack(TEMPLATE, 'mine', folder.path)).rejects.toMatchObject({ code: 'pack/folder-exists' });
  expect(await readFile(path.join(folder.path, 'mine', 'work.txt'), 'utf8')).toBe('years of it');
});

test.each(['Demo', 'a-b', '../up', '', 'core', 'default'])('`%s` is no name for a pack', async (name) => {
  await using folder = await tempFolder();
  await expect(createPack(TEMPLATE, name, folder.path)).rejects.toMatchObject({ code: 'pack/name-invalid' });
});
