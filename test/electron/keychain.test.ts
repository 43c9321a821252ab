import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { desktopKeychain } from '../../main/electron/keychain.ts';
import { openSecretKey } from '../../main/store/secret-key.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { fakeElectron } from './fake-electron.ts';

function start(given: { platform?: NodeJS.Platform; choice?: 'keychain' | 'file'; press?: string } = {}) {
  const electron = fakeElectron();
  electron.dialog.press = given.press;
  const kept: string[] = [];
  const open = () =>
    desktopKeychain({
      electron: electron.surface,
      platform: given.platform ?? 'linux',
      choice: given.choice ?? 'keychain',
      keepFile: () => kept.push('file'),
    });
  return { ...electron, kept, open };
}

test('a keychain that keeps secrets is used without a question', async () => {
  for (const platform of ['linux', 'darwin', 'win32'] as const) {
    const desk = start({ platform });
    if (platform !== 'linux') desk.safeStorage.backend = 'unknown';
    expect((await desk.open())?.isWanted, platform).toBe(true);
    expect(desk.dialog.questions).toEqual([]);
  }
});

test.each(['basic_text', 'unknown'])(
  'a Linux desktop whose keychain is `%s` is told of, and asked about',
  async (backend) => {
    const desk = start({ press: 'Use a file' });
    desk.safeStorage.backend = backend;
    expect((await desk.open())?.isWanted).toBe(false);
    expect(desk.kept).toEqual(['file']);
    expect(desk.dialog.questions[0]?.detail).toContain('programs that you run could read it');
  },
);

test('a person who wants no file is asked again at the next start, and the app does not run', async () => {
  const desk = start({ platform: 'darwin', press: 'Quit' });
  desk.safeStorage.isAvailable = false;
  expect(await desk.open()).toBeUndefined();
  expect(desk.kept).toEqual([]);
});

test('who has chosen a file is not asked, and gets a key back out of the keychain', async () => {
  await using folder = await tempFolder();
  const file = path.join(folder.path, 'secret.key');
  const key = await openSecretKey(file, await start().open());
  const desk = start({ choice: 'file' });
  desk.safeStorage.isAsyncEncryptionAvailable = () => Promise.reject(new Error('the system would ask the person'));
  expect(await openSecretKey(file, await desk.open())).toEqual(key);
  expect(await readFile(file, 'utf8')).toBe(key.toString('base64'));
  expect(desk.dialog.questions).toEqual([]);
});
