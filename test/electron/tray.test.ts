import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, test } from 'vitest';
import { drawIcons, LOOKS } from '../../main/electron/icons/draw-icons.ts';
import type { TrayState } from '../../main/electron/tray-facts.ts';
import { type TrayLook, trayIcon, trayLook } from '../../main/electron/tray-icon.ts';
import { statusLine, type TrayActions, trayMenu } from '../../main/electron/tray-menu.ts';
import { ACTIONS, ref } from '../support/fake-nouns.ts';
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
    await settled(shell, 'Quit, and stop 1 rule');
    await settled(shell, '1 question waits');
    await settled(shell, 'Ready: waiting for events');
    expect(shell.tray.labels).toEqual([
      'Ready: waiting for events',
      '1 question waits for your answer',
      '—',
      'Open Stormlet',
      'Pause automation',
      '—',
      'Quit, and stop 1 rule',
    ]);
    expect(shell.tray.toolTip).toBe('Stormlet: Ready: waiting for events');
    expect(shell.tray.items[0]).toMatchObject({ enabled: false });
  });

  test('leads to the questions that wait', async () => {
    const shell = startFakeShell();
    await settled(shell, '1 question waits');
    shell.tray.click('1 question waits for your answer');
    expect(openedRoutes(shell)).toEqual(['/inquiries']);
  });

  test('lists the last five results, newest first, and opens the one that is clicked', async () => {
    const shell = startFakeShell();
    for (const id of ['1', '2', '3', '4', '5', '6']) shell.emit('notifications.posted', notice(id));
    const { execution: _, ...many } = notice('7', { title: 'many', collected: 6 });
    shell.emit('notifications.posted', many);
    await settled(shell, 'hello.greet 6');
    const results = shell.tray.labels.filter((label) => /^[✓✗•]/.test(label));
    expect(results.map((label) => label.slice(-1))).toEqual(['6', '5', '4', '3', '2']);
    shell.tray.click(results[1] ?? '');
    expect(shell.window.visible).toBe(true);
    expect(openedRoutes(shell)).toEqual(['/history/executions/ex-5']);
  });

  test('pauses for a time or until told, and resumes', async () => {
    const shell = startFakeShell();
    await settled(shell, 'Ready');
    const pause = shell.tray.items.find(({ label }) => label === 'Pause automation');
    const choices = pause?.submenu as MenuItemConstructorOptions[];
    expect(choices.map(({ label }) => label)).toEqual(['For an hour', 'Until tomorrow, 06:00', 'Until I resume']);
    (choices[0]?.click as (() => void) | undefined)?.();
    const inAnHour = new Date(shell.clock.now() + 3_600_000).toTimeString().slice(0, 5);
    await settled(shell, `Paused: events are kept until ${inAnHour}`);
    shell.tray.click('Resume automation');
    await settled(shell, 'Pause automation');
    (choices[2]?.click as (() => void) | undefined)?.();
    await settled(shell, 'Paused: events are kept until you resume');
  });

  test('runs a pinned action, and opens the page of one that has to be told something', async () => {
    const shell = startFakeShell();
    await shell.client.settings.update({ tray: { pinnedActions: [ref('hello.greet'), ref('hello.gone')] } });
    shell.emit('settings.changed', await shell.client.settings.get());
    await settled(shell, 'Run hello.gone');
    shell.tray.click('Run hello.gone');
    await until('its page is open', () => shell.window.visible);
    expect(openedRoutes(shell)).toEqual(['/actions/hello.gone']);
    shell.tray.click('Run hello.greet');
    await until('it was asked for', () => shell.runs.length > 0);
    expect(shell.runs).toMatchObject([{ action: 'hello.greet', parameters: {} }]);
  });

  test('asks for what a pinned action has to be told, on its page', async () => {
    const shell = startFakeShell({ settings: { tray: { pinnedActions: [ref('hello.greet')] } } });
    const [action] = ACTIONS;
    const parameters = { name: { type: 'string', required: true } };
    Object.assign(shell.world.handlers.actions, { get: () => ({ ...action, parameters }) });
    await settled(shell, 'Run hello.greet');
    shell.tray.click('Run hello.greet');
    await until('its page is open', () => shell.window.visible);
    expect(openedRoutes(shell)).toEqual(['/actions/hello.greet']);
    expect(shell.runs).toEqual([]);
  });

  test('asks for attention after a failure, until the window is looked at', async () => {
    const shell = startFakeShell();
    await settled(shell, 'Ready');
    shell.emit('inquiries.changed', { id: 'none' });
    shell.emit('notifications.posted', notice('1', { level: 'failure' }));
    await settled(shell, '1 result to look at');
    expect(shell.tray.image).toContain('tray-attention-');
    shell.tray.emit('click');
    await until('that was seen', () => {
      shell.clock.advance(200);
      return !shell.tray.labels.some((label) => label.includes('to look at'));
    });
  });

  test('counts the sensors that a quit stops by their own changes, however many', async () => {
    const shell = startFakeShell();
    await settled(shell, 'Quit, and stop 1 rule');
    const [sensor] = await shell.client.sensors.list();
    if (!sensor) throw new Error('the fake world has no sensor');
    for (let times = 0; times < 50; times += 1) shell.emit('sensors.changed', { ...sensor, state: 'running' });
    await settled(shell, 'Quit, and stop 1 sensor and 1 rule');
    shell.emit('sensors.changed', { ...sensor, state: 'stopped' });
    await settled(shell, 'Quit, and stop 1 rule');
  });

  test('is drawn once for a burst of changes', async () => {
    const shell = startFakeShell();
    await settled(shell, 'Quit, and stop 1 rule');
    await settled(shell, '1 question waits');
    const before = shell.tray.draws;
    for (let running = 1; running <= 100; running += 1) shell.emit('engine.changed', engineStatus({ running }));
    await settled(shell, 'Running 100 actions');
    expect(shell.tray.draws - before).toBe(1);
  });

  test('follows the darkness of the desktop', async () => {
    const shell = startFakeShell();
    expect(shell.tray.image).toBe(path.join('/app/icons', 'tray-idle-light.png'));
    shell.nativeTheme.shouldUseDarkColors = true;
    shell.nativeTheme.emit('updated');
    await until('the icon is another', () => {
      shell.clock.advance(200);
      return shell.tray.image.endsWith('-dark.png');
    });
  });

  test('opens the window by a click, but on macOS, where that opens its menu', () => {
    const linux = startFakeShell();
    linux.tray.emit('click');
    expect(linux.window.visible).toBe(true);
    const mac = startFakeShell({ platform: 'darwin' });
    mac.tray.emit('click');
    expect(mac.window.visible).toBe(false);
    expect(mac.tray.image).toBe(path.join('/app/icons', 'tray-idle-Template.png'));
  });
});

function openedRoutes(shell: ReturnType<typeof startFakeShell>): unknown[] {
  shell.ipcMain.emit('stormlet:frame', { sender: shell.window.webContents, senderFrame: PAGE }, SUBSCRIBE);
  return shell.window.webContents.sentOn('stormlet:open');
}

const PAGE = { url: 'app://stormlet/', parent: null };
const SUBSCRIBE = { type: 'subscribe', event: 'engine.changed' };

test.each([
  [undefined, 'Starting …'],
  [engineStatus(), 'Ready: waiting for events'],
  [engineStatus({ running: 1 }), 'Running 1 action'],
  [engineStatus({ running: 2, waiting: 3 }), 'Running 2 actions, 3 waiting'],
  [engineStatus({ paused: true, waiting: 4 }), 'Paused: events are kept until you resume, 4 waiting'],
])('the state %o is said as `%s`', (status, words) => {
  expect(statusLine(status, 0)).toBe(words);
});

test.each([
  [new Date(2026, 0, 1, 14, 30), '14:30'],
  [new Date(2026, 0, 2, 6, 0), 'Fri 06:00'],
  [new Date(2026, 1, 2, 6, 0), 'Mon Feb 02 2026 06:00'],
])('a pause that has an end says when: %s', (end, words) => {
  const status = engineStatus({ paused: true, pausedUntil: end.toISOString() });
  const now = new Date(2026, 0, 1, 12, 0).getTime();
  expect(statusLine(status, now)).toBe(`Paused: events are kept until ${words}`);
});

const nothing: TrayState = {
  status: engineStatus(),
  recent: [],
  questions: 0,
  unseen: 0,
  pinned: [],
  sensors: 0,
  rules: 0,
};

test.each<[Partial<TrayState>, TrayLook]>([
  [{ status: undefined }, 'idle'],
  [{}, 'idle'],
  [{ status: engineStatus({ running: 1 }) }, 'running'],
  [{ status: engineStatus({ running: 1, paused: true }) }, 'paused'],
  [{ status: engineStatus({ paused: true }), questions: 1 }, 'attention'],
  [{ unseen: 1 }, 'attention'],
])('the icon of %o is `%s`', (state, look) => {
  expect(trayLook({ ...nothing, ...state })).toBe(look);
});

test.each<[Partial<TrayState>, string]>([
  [{}, 'Quit'],
  [{ sensors: 2 }, 'Quit, and stop 2 sensors'],
  [
    { sensors: 1, rules: 3, status: engineStatus({ running: 1 }) },
    'Quit, and stop 1 sensor, 3 rules and 1 running action',
  ],
])('a quit says what stops: %o', (state, label) => {
  expect(trayMenu({ ...nothing, ...state }, {} as TrayActions, 0).at(-1)?.label).toBe(label);
});

test('a result’s title keeps its `&` and a menu’s width', () => {
  const recent = [notice('1', { title: `a & b ${'x'.repeat(100)}`, level: 'failure' })];
  const label = trayMenu({ ...nothing, recent }, {} as TrayActions, 0)[2]?.label ?? '';
  expect(label).toContain('✗');
  expect(label).toContain('a && b');
  expect(label.length).toBeLessThan(75);
});

test('every icon that the shell may ask for is there, as it is drawn, also for fine screens', () => {
  const folder = path.resolve('main/electron/icons');
  const drawn = drawIcons();
  expect(drawn.size).toBe(4 * 3 * 2);
  for (const [name, png] of drawn) expect(readFileSync(path.join(folder, name)).equals(png), name).toBe(true);
  for (const look of LOOKS) {
    for (const isDark of [false, true]) {
      for (const platform of ['linux', 'darwin', 'win32'] as const) {
        expect(existsSync(trayIcon(folder, look, platform, isDark))).toBe(true);
      }
    }
  }
  expect(existsSync(path.join(folder, 'app.png'))).toBe(true);
});

test('no two looks are the same picture', () => {
  const pictures = [...drawIcons()].map(([, png]) => png.toString('base64'));
  expect(new Set(pictures).size).toBe(pictures.length);
});
