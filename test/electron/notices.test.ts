import { describe, expect, test } from 'vitest';
import type { Notice } from '../../main/contract/notices.ts';
import { Notices } from '../../main/electron/notices.ts';
import { silentLog } from '../../main/kit/log.ts';
import { ref } from '../support/fake-nouns.ts';
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

test('a button answers the question, or runs the action again; what is refused is shown in the window', async () => {
  const shell = startFakeShell({ hidden: true });
  const press = async (given: Partial<Notice>) => {
    shell.emit('notifications.posted', notice(String(shell.notifications.length + 1), given));
    const before = shell.notifications.length;
    const shown = await until('the notice is shown', () => shell.notifications[before]);
    shown?.emit('action', { actionIndex: 0 });
  };
  const { id } = await shell.client.executions.run({ action: ref('hello.greet') });
  await press({ execution: id, level: 'failure', buttons: [{ does: 'rerun', label: 'Run again' }] });
  await until('it runs again', () => shell.world.executions.size > 1);
  await press({ execution: 'q-1', buttons: [{ does: 'answer', label: 'Yes', response: { go: true, times: 1 } }] });
  await until('no question is open', async () => (await shell.client.inquiries.list()).length === 0);
  expect(shell.window.visible).toBe(false);
  await press({ execution: 'gone', buttons: [{ does: 'answer', label: 'Yes', response: {} }] });
  await until('the window is there', () => shell.window.visible);
});

test('on Windows a notice of an earlier run leads to its execution, and one of this run is pressed once', async () => {
  const shell = startFakeShell({ platform: 'win32', hidden: true });
  Object.assign(shell.world.handlers.notifications, { recent: () => [notice('3')] });
  only(shell.activations)({ arguments: 'type=click&tag=3' });
  await until('the window is there', () => shell.window.visible);
  const frame = { type: 'subscribe', event: 'engine.changed' };
  shell.ipcMain.emit('stormlet:frame', ipcEvent(shell.window.webContents), frame);
  expect(shell.window.webContents.sentOn('stormlet:open')).toEqual(['/history/executions/ex-3']);
  shell.window.hide();
  shell.emit('notifications.posted', notice('7'));
  await until('it is shown', () => shell.notifications.length > 0);
  expect(only(shell.notifications).options.id).toBe('7');
  only(shell.activations)({ arguments: 'type=action&action=0&tag=7' });
  only(shell.activations)({ arguments: 'nonsense' });
  expect(shell.window.visible).toBe(false);
});

test('elsewhere nobody asks for such notices', () => {
  expect(startFakeShell({ platform: 'linux' }).activations).toEqual([]);
});

describe('notices', () => {
  function start(given: { readonly isWatched?: boolean } = {}) {
    const electron = fakeElectron();
    const opened: (string | undefined)[] = [];
    const pressed: string[] = [];
    const refused: string[] = [];
    const notices = new Notices({
      electron: electron.surface,
      open: (id) => opened.push(id),
      openKept: (id) => opened.push(`kept ${id}`),
      press: (button, execution) => pressed.push(`${button.label} of ${execution}`),
      isWatched: () => given.isWatched ?? false,
      onRefused: ({ id }) => refused.push(id),
      log: silentLog,
    });
    return { ...electron, notices, opened, pressed, refused };
  }

  test('that the engine holds back are not shown', () => {
    const { notices, notifications } = start();
    notices.show(notice('1', { quiet: true }));
    expect(notifications).toEqual([]);
  });

  test('are left to the window while the person looks at it', () => {
    const { notices, notifications } = start({ isWatched: true });
    notices.show(notice('1'));
    expect(notifications).toEqual([]);
  });

  test('that tell of many open the whole history', () => {
    const { notices, notifications, opened } = start();
    const { execution: _, ...many } = notice('1', { collected: 35 });
    notices.show(many);
    only(notifications).emit('click');
    expect(opened).toEqual([undefined]);
  });

  test('have the buttons that the engine gave them', () => {
    const { notices, notifications, pressed } = start();
    notices.show(notice('1', { buttons: [{ does: 'rerun', label: 'Run again' }] }));
    expect(only(notifications).options.actions).toEqual([{ type: 'button', text: 'Run again' }]);
    only(notifications).emit('action', { actionIndex: 0 });
    only(notifications).emit('action', { actionIndex: 7 });
    expect(pressed).toEqual(['Run again of ex-1']);
  });

  test('that cannot wait stay until somebody has seen them', () => {
    const { notices, notifications } = start();
    notices.show(notice('1', { urgent: true }));
    notices.show(notice('2'));
    expect(notifications.map(({ options }) => [options.urgency, options.timeoutType])).toEqual([
      ['critical', 'never'],
      [undefined, undefined],
    ]);
  });

  test('that the desktop refuses harm nothing, and are told of otherwise', () => {
    const { notices, notifications, refused } = start();
    notices.show(notice('1'));
    only(notifications).emit('failed', {}, 'not signed');
    notices.show(notice('2'));
    expect(notifications).toHaveLength(2);
    expect(refused).toEqual(['1']);
  });
});
