import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import Conf from 'conf';
import { expect, test } from 'vitest';
import { Settings } from '../../main/contract/settings.ts';
import { createLog, silentLog } from '../../main/kit/log.ts';
import { createSettingsStore, mergeSettings } from '../../main/settings-store.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const DEFAULTS = Settings.parse({});

async function store(log = silentLog) {
  const folder = await tempFolder();
  const file = new Conf({ cwd: folder.path, configName: 'settings', watch: true });
  const settings = createSettingsStore(file, log);
  const read = async () => JSON.parse(await readFile(path.join(folder.path, 'settings.json'), 'utf8'));
  return { folder, settings, read, file: path.join(folder.path, 'settings.json') };
}

test('without a file the settings are the defaults', async () => {
  const { folder, settings } = await store();
  await using _folder = folder;
  expect(settings.get()).toEqual(DEFAULTS);
});

test('a patch changes the given fields only, is written, and is announced once', async () => {
  const { folder, settings, read } = await store();
  await using _folder = folder;
  const seen: number[] = [];
  settings.onChange((changed) => seen.push(changed.executions.concurrency));
  settings.update({ executions: { concurrency: 3 }, notifications: { onSuccess: false } });
  settings.update({ executions: { concurrency: 3 } });
  expect(settings.get().notifications).toMatchObject({ onSuccess: false, onFailure: true, onRequest: true });
  expect((await read()).executions).toMatchObject({ concurrency: 3 });
  expect(seen).toEqual([3]);
});

test('switches are replaced as a whole, so that one can be taken back', () => {
  const current = { ...DEFAULTS, ruleSwitches: { 'a.b': true } };
  expect(mergeSettings(current, { ruleSwitches: {} })).toMatchObject({ ruleSwitches: {} });
});

test('a value outside its range is refused and changes nothing', async () => {
  const { folder, settings } = await store();
  await using _folder = folder;
  expect(() => settings.update({ executions: { concurrency: 0 } })).toThrow('`executions.concurrency`');
  expect(settings.get()).toEqual(DEFAULTS);
});

test('an edit of the file takes effect; one that breaks it is reported and the last good settings stay', async () => {
  const warnings: string[] = [];
  const { folder, settings, file } = await store(createLog((line) => warnings.push(line), 'warn'));
  await using _folder = folder;
  await writeFile(file, JSON.stringify({ executions: { concurrency: 5 } }));
  await until('the edit is seen', () => settings.get().executions.concurrency === 5);
  await writeFile(file, JSON.stringify({ executions: { concurrency: 'many' } }));
  await until('the broken edit is reported', () => warnings.some((line) => line.includes('executions.concurrency')));
  expect(settings.get().executions.concurrency).toBe(5);
});
