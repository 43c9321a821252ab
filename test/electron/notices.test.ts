import { describe, expect, test } from 'vitest';
import { Notices } from '../../main/electron/notices.ts';
import { silentLog } from '../../main/kit/log.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { until } from '../support/until.ts';
import { fakeElectron, ipcEvent } from './fake-electron.ts';
import { notice, only, startFakeShell } from './start-fake-shell.ts';

describe('a notice of the engine', () => {
  test('is shown by the desktop, and its click opens the execution in the window', async () => {
    const { emit, notifications, window, ipcMain } = startFakeShell({ hidden: true });
    emit('notifications.posted', notice('1', { title: 'hello.greet failed', body: 'no such host' }));
    await until('the notice is shown', () => notifications[0]?.isShown);
    expect(only(notifications).options).toMatchObject({ title: 'hello.greet failed', body: 'no such host' });
    only(notifications).emit('click');
    expect(window.visible).toBe(true);
    const opened = () => window.webContents.sentOn('stormlet:open');
    // The page of a window that was never shown may still be loading.
    expect(opened()).toEqual([]);
    ipcMain.emit('stormlet:frame', ipcEvent(window.webContents), { type: 'subscribe', event: 'engine.changed' });
    expect(opened()).toEqual(['/history/executions/ex-1']);
    only(notifications).emit('click');
    expect(opened()).toHaveLength(2);
  });
});

describe('notices', () => {
  function start() {
    const electron = fakeElectron();
    const clock = new FakeClock();
    const opened: (string | undefined)[] = [];
    const open = (id: string | undefined) => opened.push(id);
    const notices = new Notices({ electron: electron.surface, open, clock, log: silentLog });
    return { ...electron, clock, notices, opened };
  }

  test('that come in a storm become one after the first few', () => {
    const { notices, notifications, clock, opened } = start();
    for (let id = 1; id <= 40; id += 1) notices.show(notice(String(id)));
    expect(notifications).toHaveLength(5);
    clock.advance(10_000);
    expect(notifications).toHaveLength(6);
    expect(notifications[5]?.options.title).toBe('35 more results');
    notifications[5]?.emit('click');
    expect(opened).toEqual([undefined]);
  });

  test('that come one at a time are each shown', () => {
    const { notices, notifications, clock } = start();
    for (let id = 1; id <= 20; id += 1) {
      notices.show(notice(String(id)));
      clock.advance(3_000);
    }
    expect(notifications).toHaveLength(20);
  });

  test('that the desktop refuses harm nothing', () => {
    const { notices, notifications } = start();
    notices.show(notice('1'));
    only(notifications).emit('failed', {}, 'not signed');
    notices.show(notice('2'));
    expect(notifications).toHaveLength(2);
  });
});
