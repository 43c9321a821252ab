import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Bounds } from '../../main/electron/electron-surface.ts';
import { windowPlace } from '../../main/electron/window-place.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { only, startFakeShell } from './start-fake-shell.ts';

const LEFT: Bounds = { x: 0, y: 0, width: 1920, height: 1080 };
const RIGHT: Bounds = { x: 1920, y: 0, width: 2560, height: 1440 };
const saved: Bounds = { x: 2000, y: 100, width: 1300, height: 900 };

describe('the window opens', () => {
  test('as large as it likes the first time', () => {
    expect(windowPlace(undefined, [LEFT])).toEqual({ width: 1200, height: 800 });
  });

  test('where it was', () => {
    expect(windowPlace(saved, [LEFT, RIGHT])).toEqual(saved);
  });

  test('on a screen that is there, when its own is gone', () => {
    expect(windowPlace(saved, [LEFT])).toEqual({ width: 1300, height: 900 });
  });

  test('no larger than its screen, and wholly on it', () => {
    expect(windowPlace({ x: -200, y: 900, width: 4000, height: 3000 }, [LEFT])).toEqual(LEFT);
    expect(windowPlace({ x: 1500, y: 500, width: 1000, height: 900 }, [LEFT])).toEqual({
      ...{ x: 920, y: 180 },
      ...{ width: 1000, height: 900 },
    });
  });

  test.each<[string, Bounds]>([
    ['above every screen', { x: 100, y: -500, width: 1000, height: 700 }],
    ['below every screen', { x: 100, y: 1075, width: 1000, height: 700 }],
    ['with a sliver of it visible', { x: 1900, y: 10, width: 1000, height: 700 }],
  ])('at a new place, not %s', (_, bounds) => {
    expect(windowPlace(bounds, [LEFT])).toEqual({ width: 1000, height: 700 });
  });

  test('where it was when the system tells of no screen', () => {
    expect(windowPlace(saved, [])).toEqual({ width: 1300, height: 900 });
  });
});

test('the place is kept from one start to the next, and so is whether it filled its screen', async () => {
  await using folder = await tempFolder();
  const first = startFakeShell({ dataFolder: folder.path });
  first.window.bounds = { x: 50, y: 60, width: 900, height: 700 };
  first.window.emit('move');
  first.window.maximize();
  first.app.quit();
  await until('it has ended', () => first.app.exits.length > 0);
  const second = startFakeShell({ dataFolder: folder.path });
  expect(second.window.options).toMatchObject({ x: 50, y: 60, width: 900, height: 700 });
  second.window.emit('ready-to-show');
  expect(second.window.maximized).toBe(true);
});

test.each(['no JSON', '{"bounds":{"x":"far","y":0,"width":900,"height":700}}', '[]'])(
  'a damaged file of places is as good as none: %s',
  async (text) => {
    await using folder = await tempFolder();
    await writeFile(path.join(folder.path, 'window-state.json'), text);
    expect(startFakeShell({ dataFolder: folder.path }).window.options).toMatchObject({ width: 1200, height: 800 });
  },
);

test('the first time that it is closed, the person is told that the app goes on, and never again', async () => {
  await using folder = await tempFolder();
  const shell = startFakeShell({ dataFolder: folder.path });
  shell.window.clickClose();
  await until('it is told', () => shell.notifications.length > 0);
  expect(only(shell.notifications).options.title).toBe('Stormlet goes on in the tray');
  shell.window.clickClose();
  shell.clock.advance(1_000);
  const file = path.join(folder.path, 'window-state.json');
  await until('that is kept', async () => (await readFile(file, 'utf8').catch(() => '')).includes('toldOfTray'));
  const next = startFakeShell({ dataFolder: folder.path });
  next.window.clickClose();
  await next.client.engine.doctor();
  expect([next.notifications.length, shell.notifications.length]).toEqual([0, 1]);
});

test('where the desktop shows no tray, the person is told how else the window comes back', async () => {
  await using folder = await tempFolder();
  const shell = startFakeShell({ dataFolder: folder.path });
  const tray = { name: 'tray', state: 'warning', detail: 'this desktop shows no tray icons' };
  Object.assign(shell.world.handlers.engine, { doctor: () => [tray] });
  shell.window.clickClose();
  await until('it is told', () => shell.notifications.length > 0);
  expect(only(shell.notifications).options.title).toBe('Stormlet goes on without its window');
  expect(only(shell.notifications).options.body).toContain('Starting Stormlet once more shows the window again');
});
