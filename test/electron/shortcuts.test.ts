import { expect, test } from 'vitest';
import { desktopShortcuts } from '../../main/electron/shortcuts.ts';
import { fakeElectron } from './fake-electron.ts';

test('a shortcut is registered, refused when another program has it, and refused when it names no keys', () => {
  const electron = fakeElectron();
  electron.globalShortcut.taken.add('Alt+T');
  const shortcuts = desktopShortcuts(electron.surface.globalShortcut);
  let presses = 0;
  const onPressed = () => {
    presses += 1;
  };
  expect(shortcuts.register('Alt+K', onPressed)).toBe('registered');
  expect(shortcuts.register('Alt+T', onPressed)).toBe('taken');
  expect(shortcuts.register('no keys!', onPressed)).toBe('invalid');
  electron.globalShortcut.pressed.get('Alt+K')?.();
  expect(presses).toBe(1);
  shortcuts.unregister('Alt+K');
  expect(electron.globalShortcut.pressed.size).toBe(0);
});
