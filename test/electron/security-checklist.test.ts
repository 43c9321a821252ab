import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { CONTENT_SECURITY_POLICY } from '../../main/rpc/static-files.ts';
import { fakeElectron, ipcEvent, navigationTo } from './fake-electron.ts';
import { preventable } from './fake-parts.ts';
import { startFakeShell } from './start-fake-shell.ts';

/*
 * The points of Electron's own checklist (docs/tutorial/security.md), one test each, in its order and with its numbers. Where
 * another file looks more closely, this one only says that the point is kept.
 */
const preferences = () => startFakeShell().window.options.webPreferences;

async function hostSources(): Promise<string> {
  const folder = 'main/electron';
  const files = (await readdir(folder)).filter((name) => name.endsWith('.ts'));
  const texts = await Promise.all(files.map((name) => readFile(path.join(folder, name), 'utf8')));
  expect(texts.length).toBeGreaterThan(20);
  return texts.join('\n');
}

describe('Electron’s security checklist', () => {
  test('1: only secure content is loaded: the app’s own', () => {
    const { window, session } = startFakeShell();
    expect(window.urls).toEqual(['app://stormlet/']);
    for (const url of ['http://example.org/', 'https://example.org/']) expect(session.isCancelled(url)).toBe(true);
  });

  test('2: no page has Node', () => {
    expect(preferences()).toMatchObject({
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
    });
  });

  test('3: contexts are isolated', () => {
    expect(preferences()?.contextIsolation).toBe(true);
  });

  test('4: every process of a page is sandboxed', () => {
    expect(preferences()?.sandbox).toBe(true);
  });

  test('5: permissions are refused, asked and unasked', () => {
    const { session } = startFakeShell();
    expect(session.requestPermission('media')).toBe(false);
    expect([session.checkPermission?.(), session.checkDevice?.()]).toEqual([false, false]);
  });

  test('6: web security stays on', () => {
    expect(preferences()?.webSecurity).toBe(true);
  });

  test('7: a policy allows the page its own files alone', () => {
    expect(CONTENT_SECURITY_POLICY).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(CONTENT_SECURITY_POLICY).toContain("frame-ancestors 'none'");
    expect(CONTENT_SECURITY_POLICY).not.toMatch(/unsafe-eval|https?:|\*/);
  });

  test('8: nothing insecure runs within it', () => {
    expect(preferences()?.allowRunningInsecureContent).toBe(false);
  });

  test('9: no experimental feature is on', () => {
    expect(preferences()?.experimentalFeatures).toBe(false);
  });

  test('10: no feature of Blink is switched on, nor a switch of Chromium appended', async () => {
    expect(preferences()).not.toHaveProperty('enableBlinkFeatures');
    expect(await hostSources()).not.toMatch(/enableBlinkFeatures|appendSwitch/);
  });

  test('11 and 12: there are no webviews', () => {
    const { window } = startFakeShell();
    expect(window.options.webPreferences?.webviewTag).toBe(false);
    const attach = preventable();
    window.webContents.emit('will-attach-webview', attach);
    expect(attach.isPrevented).toBe(true);
  });

  test('13: a page goes nowhere', () => {
    const { window } = startFakeShell();
    const away = navigationTo('https://example.org/');
    window.webContents.emit('will-navigate', away);
    expect(away.isPrevented).toBe(true);
  });

  test('14: a page opens no window', () => {
    expect(startFakeShell().window.webContents.openHandler?.()).toEqual({ action: 'deny' });
  });

  test('15: no address is handed to the system, and a path only of the app’s own folders', async () => {
    const { surface } = fakeElectron();
    expect(Object.keys(surface.shell)).toEqual(['openPath']);
    const sources = await hostSources();
    expect(sources).not.toContain('openExternal');
    expect(
      sources.match(/\bshow\((?!\))[^)]*\)/g)?.filter((call) => call.includes('path.join') || call.includes('files')),
    ).toEqual(["show(path.join(options.dataFolder, 'logs')", 'show(options.files.notices)']);
  });

  test('16: one exact Electron is named', async () => {
    const { devDependencies } = JSON.parse(await readFile('package.json', 'utf8'));
    expect(devDependencies.electron).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test('17: messages are taken from the top frame of the window alone', () => {
    const { ipcMain, window, logged } = startFakeShell();
    const strangers = [
      ipcEvent(window.webContents, { url: 'https://example.org/' }),
      ipcEvent(window.webContents, { parent: { url: 'app://stormlet/', parent: null } }),
      ipcEvent(window.webContents, null),
      ipcEvent({}),
    ];
    for (const channel of ['stormlet:frame', 'stormlet:dropped']) {
      for (const event of strangers) ipcMain.emit(channel, event, {});
    }
    expect(logged.filter((line) => line.includes('refused'))).toHaveLength(2 * strangers.length);
    expect(ipcMain.eventNames().sort()).toEqual(['stormlet:dropped', 'stormlet:frame']);
  });

  test('18: the page comes by a scheme of its own, and no file does', async () => {
    expect(startFakeShell().protocol.handlers.has('app')).toBe(true);
    expect(await hostSources()).not.toMatch(/loadFile\(|['"]file:/);
  });

  test('19: the fuses are set: the packaged program is steered by nobody, and runs the app’s own archive alone', async () => {
    const { electronFuses } = parse(await readFile('electron-builder.yml', 'utf8'));
    expect(electronFuses).toEqual({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableCookieEncryption: true,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
      // No fuse, but what setting them takes on a Mac.
      resetAdHocDarwinSignature: true,
    });
  });

  test('20: a page gets no part of Electron', async () => {
    const bridge = await readFile('preload/index.ts', 'utf8');
    expect(bridge.match(/exposeInMainWorld/g)).toHaveLength(1);
    expect(bridge).not.toMatch(/exposeInMainWorld\([^)]*ipcRenderer\s*[,)]/);
  });
});
