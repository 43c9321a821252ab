import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { NewRule } from '../../main/contract/rules.ts';
import { removeFile, saveChecked, setEnabledInFile } from '../../main/kit/checked-file.ts';
import { loadRule } from '../../main/packs/metadata/load-rules.ts';
import { USER_RULES_PACK } from '../../main/packs/pack.ts';
import { writeNewRule } from '../../main/rules/rule-file.ts';
import { tempFolder } from '../support/temp-folder.ts';

const check = (file: string, text: string) => loadRule(USER_RULES_PACK, 'user', file, text);
const NEW_RULE = NewRule.parse({
  name: 'on_drop',
  trigger: 'examples.file_dropped',
  criteria: { 'trigger.size': { type: 'gt', pattern: 10 } },
  action: 'core.echo',
  parameters: { message: '{{ trigger.path }}: #1' },
});

test('a rule from the form is written as YAML that loads to the same rule', async () => {
  await using folder = await tempFolder();
  const file = await writeNewRule(folder.path, NEW_RULE, check);
  expect(path.basename(file)).toBe('on_drop.yaml');
  const { value, problems } = check(file, await readFile(file, 'utf8'));
  expect(problems).toEqual([]);
  expect(value?.rule.definition).toMatchObject({
    ref: 'default.on_drop',
    enabled: true,
    trigger: { type: 'examples.file_dropped', parameters: {} },
    criteria: { 'trigger.size': { type: 'gt', pattern: 10 } },
    action: { ref: 'core.echo', parameters: { message: '{{ trigger.path }}: #1' } },
  });
});

test('a rule of a name that is taken is refused, and the file stays', async () => {
  await using folder = await tempFolder();
  const file = await writeNewRule(folder.path, NEW_RULE, check);
  const before = await readFile(file, 'utf8');
  await expect(writeNewRule(folder.path, { ...NEW_RULE, description: 'x' }, check)).rejects.toMatchObject({
    code: 'rule/name-taken',
  });
  expect(await readFile(file, 'utf8')).toBe(before);
});

test('a rule that could not be loaded is refused with file and line, and nothing is written', async () => {
  await using folder = await tempFolder();
  const bad = { ...NEW_RULE, criteria: { 'trigger.size': { type: 'bigger', pattern: 1 } } };
  await expect(writeNewRule(folder.path, bad, check)).rejects.toMatchObject({
    code: 'rule/criterion-refused',
    message: expect.stringMatching(/on_drop\.yaml:\d+: unknown operator: `bigger`$/),
  });
  expect(await readdir(folder.path)).toEqual([]);
});

test('saving broken YAML keeps the file as it was', async () => {
  await using folder = await tempFolder();
  const file = await writeNewRule(folder.path, NEW_RULE, check);
  const before = await readFile(file, 'utf8');
  await expect(saveChecked(file, 'name: [\n', check)).rejects.toMatchObject({ code: 'file/not-yaml' });
  expect(await readFile(file, 'utf8')).toBe(before);
});

test('switching a rule keeps its comments and layout', async () => {
  await using folder = await tempFolder();
  const file = path.join(folder.path, 'r.yaml');
  const text = '# mine\nname: r\nenabled: false # for now\ntrigger: {type:   a.b}\naction:\n    ref: c.d\n';
  await writeFile(file, text);
  await setEnabledInFile(file, true);
  expect(await readFile(file, 'utf8')).toBe(text.replace('false', 'true'));
});

test('switching a rule whose file is broken says where', async () => {
  await using folder = await tempFolder();
  const file = path.join(folder.path, 'r.yaml');
  await writeFile(file, 'name: r\nfoo: "\n');
  await expect(setEnabledInFile(file, true)).rejects.toThrow(`${file}:`);
});

test('removing a rule file that is gone already is no fault', async () => {
  await using folder = await tempFolder();
  const file = await writeNewRule(folder.path, NEW_RULE, check);
  await removeFile(file);
  await removeFile(file);
  expect(await readdir(folder.path)).toEqual([]);
});
