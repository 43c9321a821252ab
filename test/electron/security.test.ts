import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { serveAppFiles } from '../../main/electron/app-protocol.ts';
import { beforeReady } from '../../main/electron/before-ready.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { fakeElectron, ipcEvent, navigationTo } from './fake-electron.ts';
import { preventable } from './fake-parts.ts';
import { startFakeShell } from './start-fake-shell.ts';

test('the window has no Node, is isolated and sandboxed', () => {
  const { window } = startFakeShell();
  expect(window.options.webPreferences).toMatchObject({
    preload: '/app/preload/index.cjs',
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    nodeIntegrationInWorker: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    webviewTag: false,
  });
  expect(window.urls).toEqual(['app://stormlet/']);
});

test('before Electron is ready, every renderer is sandboxed and the app has a scheme of its own', () => {
  const { surface, app, protocol } = fakeElectron();
  expect(beforeReady(surface, '/data')).toBe(true);
  expect(app.calls).toContain('enableSandbox');
  expect(app.calls).toContain('setPath userData /data/window');
  expect(protocol.schemes).toMatchObject([{ scheme: 'app', privileges: { standard: true, secure: true } }]);
  expect(protocol.schemes[0]?.privileges).not.toHaveProperty('bypassCSP');
});

test('Windows is told by which class it finds the app whose notice was pressed, and no other system is', () => {
  const toldOn = (platform: NodeJS.Platform) => {
    const { surface, app } = fakeElectron();
    beforeReady(surface, '/data', platform);
    return app.calls.filter((call) => call.startsWith('setToastActivatorCLSID'));
  };
  expect(toldOn('win32')).toEqual([expect.stringMatching(/ \{[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\}$/)]);
  expect([...toldOn('linux'), ...toldOn('darwin')]).toEqual([]);
});

test('only `--no-sandbox` on the command line does without the sandbox', () => {
  const { surface, app } = fakeElectron({ switches: ['no-sandbox'] });
  expect(beforeReady(surface, '/data')).toBe(true);
  expect(app.calls).not.toContain('enableSandbox');
});

test('the page gets no permission', () => {
  const { session } = startFakeShell();
  for (const permission of ['media', 'geolocation', 'notifications', 'clipboard-read', 'openExternal', 'usb']) {
    expect(session.requestPermission(permission), permission).toBe(false);
  }
  expect(session.checkPermission?.()).toBe(false);
  expect(session.checkDevice?.()).toBe(false);
});

test('the page reaches no network', () => {
  const { session } = startFakeShell();
  const refused = [
    'https://example.org/',
    'http://127.0.0.1:8080/',
    'ws://127.0.0.1:8080/rpc',
    'file:///etc/passwd',
    'app://elsewhere/',
    'app://stormlet.example.org/',
  ];
  for (const url of refused) expect(session.isCancelled(url), url).toBe(true);
  expect(session.isCancelled('app://stormlet/assets/index.js')).toBe(false);
});

test.each(['will-navigate', 'will-frame-navigate', 'will-redirect'])('%s away from the app is refused', (event) => {
  const { window } = startFakeShell();
  for (const url of ['https://example.org/', 'file:///etc/passwd', 'javascript:alert(1)', 'app://evil/', 'no url']) {
    const away = navigationTo(url);
    window.webContents.emit(event, away);
    expect(away.isPrevented, url).toBe(true);
  }
  const inside = navigationTo('app://stormlet/#/packs');
  window.webContents.emit(event, inside);
  expect(inside.isPrevented).toBe(false);
});

test('the page opens no window and embeds no other page', () => {
  const { window } = startFakeShell();
  expect(window.webContents.openHandler?.()).toEqual({ action: 'deny' });
  const attach = preventable();
  window.webContents.emit('will-attach-webview', attach);
  expect(attach.isPrevented).toBe(true);
});

test('a frame is taken from the top frame of the window’s own page only', () => {
  const { window, ipcMain, logged } = startFakeShell();
  const page = { url: 'app://stormlet/', parent: null };
  const strangers = [
    ipcEvent({}),
    ipcEvent(window.webContents, null),
    ipcEvent(window.webContents, { url: 'https://example.org/' }),
    ipcEvent(window.webContents, { url: 'app://stormlet.example.org/' }),
    ipcEvent(window.webContents, { url: 'about:blank' }),
    ipcEvent(window.webContents, { parent: page }),
  ];
  const refusals = () => logged.filter((line) => line.includes('was refused')).length;
  for (const [index, event] of strangers.entries()) {
    ipcMain.emit('stormlet:frame', event, { type: 'call', id: 1, method: 'engine.status' });
    expect(refusals()).toBe(index + 1);
  }
  ipcMain.emit('stormlet:frame', ipcEvent(window.webContents), { type: 'call', id: 1, method: 'engine.status' });
  expect(refusals()).toBe(strangers.length);
});

async function appFolder() {
  const folder = await tempFolder();
  const renderer = path.join(folder.path, 'renderer');
  await mkdir(path.join(renderer, 'assets'), { recursive: true });
  await writeFile(path.join(renderer, 'index.html'), '<!doctype html>');
  await writeFile(path.join(renderer, 'assets', 'index.js'), 'export {};');
  await writeFile(path.join(renderer, 'program.sh'), 'echo');
  await writeFile(path.join(folder.path, 'secret.json'), '{}');
  const { protocol } = fakeElectron();
  serveAppFiles(protocol, renderer);
  const handler = protocol.handlers.get('app');
  if (!handler) throw new Error('`app:` is not handled');
  const get = (url: string, method = 'GET') => handler(new Request(url, { method }));
  return { ...folder, get, [Symbol.asyncDispose]: folder[Symbol.asyncDispose] };
}

test('the app’s files come with a policy against everything that is not theirs', async () => {
  await using app = await appFolder();
  const page = await app.get('app://stormlet/');
  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const policy = page.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).not.toContain('unsafe-eval');
  expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  const script = await app.get('app://stormlet/assets/index.js');
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(await script.text()).toBe('export {};');
});

test('no address leads out of the app’s folder', async () => {
  await using app = await appFolder();
  const ways = [
    '../secret.json',
    '..%2fsecret.json',
    '%2e%2e%2fsecret.json',
    'assets/..%5c..%5csecret.json',
    '%00',
    '%',
  ];
  for (const way of ways) {
    const response = await app.get(`app://stormlet/${way}`);
    expect(await response.text(), way).not.toContain('{}');
  }
  for (const way of ['..%2fsecret.json', 'assets/missing.js']) {
    expect((await app.get(`app://stormlet/${way}`)).status, way).toBe(404);
  }
});

test('another host, another method or a type that the window has no use for gets nothing', async () => {
  await using app = await appFolder();
  expect((await app.get('app://elsewhere/')).status).toBe(404);
  expect((await app.get('app://stormlet/', 'POST')).status).toBe(405);
  expect(await (await app.get('app://stormlet/program.sh')).text()).not.toContain('echo');
});
