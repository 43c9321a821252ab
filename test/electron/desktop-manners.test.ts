import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, test } from 'vitest';
import { launchCommand } from '../../main/electron/launch-command.ts';
import { setLoginItem } from '../../main/electron/login-item.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { ipcEvent } from './fake-electron.ts';
import { FakeApp } from './fake-parts.ts';
import { only, startFakeShell } from './start-fake-shell.ts';

type Shell = ReturnType<typeof startFakeShell>;

async function change(shell: Shell, desktop: object): Promise<void> {
  await shell.client.settings.update({ desktop });
  shell.emit('settings.changed', await shell.client.settings.get());
}

function openedRoutes(shell: Shell): unknown[] {
  const frame = { type: 'subscribe', event: 'engine.changed' };
  shell.ipcMain.emit('stormlet:frame', ipcEvent(shell.window.webContents), frame);
  return shell.window.webContents.sentOn('stormlet:open');
}

describe('the shortcut of the command bar', () => {
  test('opens the window with it, whatever program is in front, until it is another one', async () => {
    const shell = startFakeShell({ hidden: true });
    await change(shell, { commandBarShortcut: 'Control+Alt+S' });
    await until('it is registered', () => shell.globalShortcut.pressed.has('Control+Alt+S'));
    shell.globalShortcut.pressed.get('Control+Alt+S')?.();
    expect(shell.window.visible).toBe(true);
    expect(openedRoutes(shell)).toEqual(['command-bar:']);
    await change(shell, { commandBarShortcut: 'Alt+F9' });
    await until('it is another', () => shell.globalShortcut.pressed.has('Alt+F9'));
    expect([...shell.globalShortcut.pressed.keys()]).toEqual(['Alt+F9']);
    await change(shell, { commandBarShortcut: '' });
    await until('it is none', () => shell.globalShortcut.pressed.size === 0);
  });

  test.each([
    ['Control+Alt+T', 'Another program or the desktop has these keys'],
    ['no keys', 'They name no keys'],
  ])('that cannot be had is told: `%s`', async (keys, why) => {
    const shell = startFakeShell();
    shell.globalShortcut.taken.add('Control+Alt+T');
    await change(shell, { commandBarShortcut: keys });
    await until('it is told', () => shell.notifications.length > 0);
    expect(only(shell.notifications).options.body).toContain(why);
  });
});

describe('starting with the session', () => {
  test('on Linux is a file of the desktop, which goes again', async () => {
    await using folder = await tempFolder();
    const shell = startFakeShell({ configHome: folder.path });
    const file = path.join(folder.path, 'autostart', 'stormlet.desktop');
    const read = () => readFile(file, 'utf8').catch(() => '');
    // What is so already is left as it is, so the shell has to know how it was.
    await until('the shell knows the settings', async () => (await shell.client.settings.get()) !== undefined);
    await change(shell, { deepLinks: true });
    await change(shell, { startAtLogin: true });
    await until('the file is there', async () => (await read()) !== '');
    expect(await read()).toContain('Exec="/opt/Stormlet/stormlet" "--hidden"\n');
    await change(shell, { startAtLogin: false });
    await until('the file is gone', async () => (await read()) === '');
  });

  test('is left at a start as the person has it in the system', async () => {
    await using folder = await tempFolder();
    const desktop = { startAtLogin: true, commandBarShortcut: 'Alt+F9' };
    const shell = startFakeShell({ configHome: folder.path, settings: { desktop } });
    await until('the settings were followed', () => shell.globalShortcut.pressed.has('Alt+F9'));
    expect(await readdir(folder.path)).toEqual([]);
  });

  test('on macOS and Windows is the system’s business', async () => {
    const launch = { command: 'C:\\Stormlet.exe', args: [] };
    for (const platform of ['darwin', 'win32'] as const) {
      const app = new FakeApp({});
      await setLoginItem({ app, platform, launch, configHome: '' }, true);
      await setLoginItem({ app, platform, launch, configHome: '' }, false);
      expect(app.calls).toEqual(['setLoginItemSettings true --hidden', 'setLoginItemSettings false --hidden']);
    }
  });

  test('quotes a path as the desktop reads it', async () => {
    await using folder = await tempFolder();
    const launch = { command: '/opt/My "Apps"/100% $x', args: [] };
    await setLoginItem({ app: new FakeApp({}), platform: 'linux', launch, configHome: folder.path }, true);
    const text = await readFile(path.join(folder.path, 'autostart', 'stormlet.desktop'), 'utf8');
    expect(text).toContain(String.raw`Exec="/opt/My \\"Apps\\"/100%% \\$x" "--hidden"`);
  });
});

test('the app is started from outside by its package, its AppImage, or its sources', () => {
  const given = { isPackaged: true, executable: '/opt/Stormlet/stormlet', appPath: '/src', environment: {} };
  expect(launchCommand(given)).toEqual({ command: '/opt/Stormlet/stormlet', args: [] });
  expect(launchCommand({ ...given, environment: { APPIMAGE: '/home/me/Stormlet.AppImage' } })).toEqual({
    command: '/home/me/Stormlet.AppImage',
    args: [],
  });
  expect(launchCommand({ ...given, isPackaged: false, executable: '/electron' })).toEqual({
    command: '/electron',
    args: ['/src'],
  });
});

describe('what is dropped on the window', () => {
  async function dropOn(shell: Shell, paths: unknown, frame?: Parameters<typeof ipcEvent>[1]) {
    shell.ipcMain.emit('stormlet:dropped', ipcEvent(shell.window.webContents, frame), paths);
  }

  test('is installed after a yes, when it is a folder or an archive', async () => {
    await using folder = await tempFolder();
    const at = (name: string) => path.join(folder.path, name);
    await mkdir(at('pack'));
    for (const name of ['pack.zip', 'pack.tar.gz', 'photo.png']) await writeFile(at(name), '');
    const shell = startFakeShell();
    shell.dialog.press = 'Install';
    await dropOn(shell, [at('pack'), at('pack.zip'), at('pack.tar.gz'), at('photo.png'), at('gone.zip'), 'pack', 7]);
    await until('they are installed', () => shell.runs.length > 0);
    const packs = [at('pack'), at('pack.zip'), at('pack.tar.gz')];
    expect(shell.dialog.questions[0]?.message).toBe('Install these 3 packs?');
    expect(shell.runs).toMatchObject([{ action: 'packs.install', parameters: { packs } }]);
  });

  test('is refused from any other frame, and when it is no pack', async () => {
    await using folder = await tempFolder();
    const shell = startFakeShell();
    await dropOn(shell, [folder.path], { url: 'https://example.org/' });
    await dropOn(shell, [folder.path], null);
    shell.ipcMain.emit('stormlet:dropped', ipcEvent({}), [folder.path]);
    await dropOn(shell, { length: 3 });
    await until('all are in the log', () => shell.logged.filter((line) => line.includes('drop')).length === 4);
    expect(shell.dialog.questions).toEqual([]);
  });
});

describe('the menu', () => {
  const itemOf = (shell: Shell, label: string) => {
    const menus = (shell.menus.at(-1) ?? []) as MenuItemConstructorOptions[];
    const items = menus.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));
    return items.find((item) => item.label?.startsWith(label));
  };

  test('has copying, zoom and windows on each platform, and leads to pages', () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      const shell = startFakeShell({ platform });
      const roles = ((shell.menus.at(-1) ?? []) as MenuItemConstructorOptions[]).map(({ role }) => role);
      expect(roles).toEqual(expect.arrayContaining(['editMenu', 'viewMenu', 'windowMenu', 'help']));
      expect(roles.includes('appMenu')).toBe(platform === 'darwin');
      (itemOf(shell, 'Settings')?.click as (() => void) | undefined)?.();
      expect(openedRoutes(shell)).toEqual(['/settings']);
    }
  });

  test('opens the folder of logs', () => {
    const shell = startFakeShell({ dataFolder: '/home/me/data' });
    (itemOf(shell, 'Open the folder of logs')?.click as (() => void) | undefined)?.();
    expect(shell.openedPaths).toEqual([path.join('/home/me/data', 'logs')]);
  });
});

test('a shutdown of the machine ends the app in order', async () => {
  const shell = startFakeShell();
  shell.powerMonitor.emit('shutdown');
  await until('the app has ended', () => shell.app.exits.length > 0);
  expect(shell.app.exits).toEqual([0]);
});
