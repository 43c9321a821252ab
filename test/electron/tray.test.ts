import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { statusLine, type TrayActions, trayMenu } from '../../main/electron/tray-menu.ts';
import { until } from '../support/until.ts';
import { engineStatus, notice, startFakeShell } from './start-fake-shell.ts';

/** Lets what the engine batches arrive, and what the tray holds back be drawn. */
async function settled(shell: ReturnType<typeof startFakeShell>, label: string) {
  await until(`the tray says \`${label}\``, () => {
    shell.clock.advance(200);
    return shell.tray.labels.some((line) => line.includes(label));
  });
}

describe('the tray', () => {
  test('says the state in words first, and offers to open, pause and quit', async () => {
    const shell = startFakeShell();
    expect(shell.tray.labels[0]).toBe('Starting …');
    await settled(shell, 'Ready: waiting for events');
    expect(shell.tray.labels).toEqual([
      'Ready: waiting for events',
      '—',
      'Open Stormlet',
      'Pause automation',
      '—',
      'Quit, and stop all sensors and rules',
    ]);
    expect(shell.tray.toolTip).toBe('Stormlet: Ready: waiting for events');
    expect(shell.tray.items[0]).toMatchObject({ enabled: false });
  });

  test('lists the last five results, newest first, and opens the one that is clicked', async () => {
    const shell = startFakeShell();
    for (const id of ['1', '2', '3', '4', '5', '6']) shell.emit('notifications.posted', notice(id));
    await settled(shell, 'hello.greet 6');
    const results = shell.tray.labels.filter((label) => label.includes('hello.greet'));
    expect(results.map((label) => label.slice(-1))).toEqual(['6', '5', '4', '3', '2']);
    shell.tray.click(results[1] ?? '');
    expect(shell.window.visible).toBe(true);
    shell.ipcMain.emit('stormlet:frame', { sender: shell.window.webContents, senderFrame: PAGE }, SUBSCRIBE);
    expect(shell.window.webContents.sentOn('stormlet:open')).toEqual(['/history/executions/ex-5']);
  });

  test('pauses and resumes, and its icon shows which', async () => {
    const shell = startFakeShell();
    await settled(shell, 'Pause automation');
    expect(shell.tray.image).toBe(path.join('/app/icons', 'tray.png'));
    shell.tray.click('Pause automation');
    await settled(shell, 'Resume automation');
    expect(shell.tray.labels[0]).toBe('Paused: events are kept until you resume');
    expect(shell.tray.image).toBe(path.join('/app/icons', 'tray-paused.png'));
    shell.tray.click('Resume automation');
    await settled(shell, 'Pause automation');
  });

  test('is drawn once for a burst of changes', async () => {
    const shell = startFakeShell();
    await settled(shell, 'Ready');
    const before = shell.tray.draws;
    for (let running = 1; running <= 100; running += 1) shell.emit('engine.changed', engineStatus({ running }));
    await settled(shell, 'Running 100 actions');
    expect(shell.tray.draws - before).toBe(1);
  });

  test('opens the window by a click, but on macOS, where that opens its menu', () => {
    const linux = startFakeShell();
    linux.tray.emit('click');
    expect(linux.window.visible).toBe(true);
    const mac = startFakeShell({ platform: 'darwin' });
    mac.tray.emit('click');
    expect(mac.window.visible).toBe(false);
    expect(mac.tray.image).toBe(path.join('/app/icons', 'tray-Template.png'));
  });
});

const PAGE = { url: 'app://stormlet/', parent: null };
const SUBSCRIBE = { type: 'subscribe', event: 'engine.changed' };

test.each([
  [undefined, 'Starting …'],
  [engineStatus(), 'Ready: waiting for events'],
  [engineStatus({ running: 1 }), 'Running 1 action'],
  [engineStatus({ running: 2, waiting: 3 }), 'Running 2 actions, 3 waiting'],
  [engineStatus({ paused: true, waiting: 4 }), 'Paused: events are kept until you resume, 4 waiting'],
])('the state %o is said as `%s`', (status, words) => {
  expect(statusLine(status)).toBe(words);
});

test('a result’s title keeps its `&` and a menu’s width', () => {
  const actions = {} as TrayActions;
  const recent = [notice('1', { title: `a & b ${'x'.repeat(100)}`, level: 'failure' })];
  const label = trayMenu({ status: engineStatus(), recent }, actions)[2]?.label ?? '';
  expect(label).toContain('✗');
  expect(label).toContain('a && b');
  expect(label.length).toBeLessThan(75);
});

test('every icon that the shell may ask for is there, also for fine screens', () => {
  const folder = path.resolve('main/electron/icons');
  for (const name of ['tray', 'tray-paused', 'tray-Template', 'tray-paused-Template']) {
    expect(existsSync(path.join(folder, `${name}.png`)), name).toBe(true);
    expect(existsSync(path.join(folder, `${name}@2x.png`)), name).toBe(true);
  }
  expect(existsSync(path.join(folder, 'app.png'))).toBe(true);
});
