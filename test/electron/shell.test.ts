import { describe, expect, test } from 'vitest';
import { beforeReady } from '../../main/electron/before-ready.ts';
import { until } from '../support/until.ts';
import { fakeElectron, ipcEvent } from './fake-electron.ts';
import { notice, startFakeShell } from './start-fake-shell.ts';

describe('the window', () => {
  test('is shown when its page is drawn, and not at all when started hidden', () => {
    const shown = startFakeShell();
    expect(shown.window.visible).toBe(false);
    shown.window.emit('ready-to-show');
    expect(shown.window.visible).toBe(true);
    const hidden = startFakeShell({ hidden: true });
    hidden.window.emit('ready-to-show');
    expect(hidden.window.visible).toBe(false);
  });

  test('is hidden by its cross and shown again by a second launch', () => {
    const { window, app } = startFakeShell();
    window.emit('ready-to-show');
    expect(window.clickClose()).toBe(false);
    expect(window.visible).toBe(false);
    window.minimized = true;
    app.emit('second-instance', {}, []);
    expect(window).toMatchObject({ visible: true, minimized: false, focused: true });
    window.clickClose();
    app.emit('second-instance', {}, ['/opt/stormlet', '--hidden']);
    expect(window.visible).toBe(false);
    expect(app.exits).toEqual([]);
  });

  test('loads its page again after a crash, but not when it crashes at once', () => {
    const { window, clock } = startFakeShell();
    window.webContents.emit('render-process-gone', {}, { reason: 'crashed' });
    expect(window.webContents.reloads).toBe(0);
    clock.advance(60_000);
    window.webContents.emit('render-process-gone', {}, { reason: 'oom' });
    expect(window.webContents.reloads).toBe(1);
  });
});

test('a second instance leaves the app to the first one', () => {
  const { surface, app } = fakeElectron({ hasLock: false });
  expect(beforeReady(surface, '/data')).toBe(false);
  expect(app.exits).toEqual([0]);
});

describe('the page', () => {
  test('calls the engine and hears of its changes', async () => {
    const { window, ipcMain, emit } = startFakeShell();
    const send = (frame: unknown) => ipcMain.emit('stormlet:frame', ipcEvent(window.webContents), frame);
    const received = () => window.webContents.sentOn('stormlet:frame');
    send({ type: 'call', id: 7, method: 'engine.status' });
    await until('the answer came', () => received()[0]);
    expect(received()[0]).toMatchObject({ type: 'result', id: 7, output: { version: '1.2.3' } });
    send({ type: 'subscribe', event: 'notifications.posted' });
    emit('notifications.posted', notice('1'));
    const event = { event: 'notifications.posted', payload: { id: '1' } };
    await until('the event came', () => received()[1]);
    expect(received()[1]).toMatchObject({ type: 'events', events: [event] });
  });

  test('gets no answer to what the page before it asked', async () => {
    const { window, ipcMain } = startFakeShell();
    const send = (frame: unknown) => ipcMain.emit('stormlet:frame', ipcEvent(window.webContents), frame);
    send({ type: 'call', id: 1, method: 'engine.status' });
    window.webContents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: true });
    window.webContents.emit('did-start-navigation', { isMainFrame: false, isSameDocument: false });
    await until('links inside the page change nothing', () => window.webContents.sent.length === 1);
    send({ type: 'call', id: 2, method: 'engine.status' });
    window.webContents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false });
    send({ type: 'call', id: 3, method: 'engine.status' });
    await until('the new page is answered', () => window.webContents.sent.length === 2);
    expect(window.webContents.sentOn('stormlet:frame')).toMatchObject([{ id: 1 }, { id: 3 }]);
  });
});

test('a page that crashes again and again is asked about, and the rest goes on', async () => {
  const { window, clock, dialog, app } = startFakeShell();
  dialog.press = 'Load it again';
  window.webContents.emit('render-process-gone', {}, { reason: 'crashed' });
  await until('it is loaded again', () => window.webContents.reloads === 1);
  clock.advance(1_000);
  dialog.press = 'Leave it';
  window.webContents.emit('render-process-gone', {}, { reason: 'crashed' });
  await until('it was asked about', () => dialog.questions.length === 2);
  expect(window.webContents.reloads).toBe(1);
  expect(app.exits).toEqual([]);
});

describe('quitting', () => {
  test('ends the engine first, once, whoever asks', async () => {
    const stopped = Promise.withResolvers<void>();
    let stops = 0;
    const stop = () => {
      stops += 1;
      return stopped.promise;
    };
    const { app, tray, clock } = startFakeShell({ stop });
    clock.advance(1000);
    tray.click(tray.labels.at(-1) ?? '');
    app.quit();
    expect(app.exits).toEqual([]);
    stopped.resolve();
    await until('the app has ended', () => app.exits.length > 0);
    expect(app.exits).toEqual([0]);
    expect(stops).toBe(1);
  });

  test('waits ten seconds at most', () => {
    const { app, clock, logged } = startFakeShell({ stop: () => new Promise(() => {}) });
    app.quit();
    clock.advance(9_999);
    expect(app.exits).toEqual([]);
    clock.advance(1);
    expect(app.exits).toEqual([1]);
    expect(logged.at(-1)).toContain('before all of it had stopped');
  });

  test('goes on when the engine fails to stop', async () => {
    const { app } = startFakeShell({ stop: () => Promise.reject(new Error('the disk is gone')) });
    app.quit();
    await until('the app has ended', () => app.exits.length > 0);
    expect(app.exits).toEqual([1]);
  });
});
