import { expect, test } from 'vitest';
import { desktopClipboard } from '../../main/electron/clipboard.ts';
import { fakeElectron } from './fake-electron.ts';

test('the text of the clipboard is read and written', async () => {
  const electron = fakeElectron();
  const clipboard = desktopClipboard(electron.surface.clipboard);
  expect(await clipboard.readText()).toBeUndefined();
  await clipboard.writeText('hello');
  expect(await clipboard.readText()).toBe('hello');
});

test.each([
  'org.nspasteboard.ConcealedType',
  'ExcludeClipboardContentFromMonitorProcessing',
  'x-kde-passwordManagerHint',
])('what a password manager marks with %s is not read', async (mark) => {
  const electron = fakeElectron();
  electron.clipboard.text = 'secret';
  electron.clipboard.formats = [mark];
  expect(await desktopClipboard(electron.surface.clipboard).readText()).toBeUndefined();
});
