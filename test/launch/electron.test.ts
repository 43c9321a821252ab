import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { desktopObstacle, downloadElectron, findElectron } from '../../main/launch/electron.mjs';
import { tempFolder } from '../support/temp-folder.ts';

const LINUX = {
  platform: 'linux',
  env: { DISPLAY: ':0' },
  isRoot: false,
  args: [] as string[],
  namespaces: 'allowed',
} as const;

describe('a window', () => {
  test('opens on a Linux desktop, under X11 as under Wayland', () => {
    expect(desktopObstacle(LINUX)).toBeUndefined();
    expect(desktopObstacle({ ...LINUX, env: { WAYLAND_DISPLAY: 'wayland-0' } })).toBeUndefined();
  });

  test('needs a display, as only Linux may lack one', () => {
    expect(desktopObstacle({ ...LINUX, env: {} })).toContain('there is no display');
    expect(desktopObstacle({ ...LINUX, env: {}, platform: 'win32' })).toBeUndefined();
  });

  test('is refused to root and where its sandbox cannot work, until the person does without', () => {
    expect(desktopObstacle({ ...LINUX, isRoot: true })).toContain('`npm start -- --no-sandbox`');
    expect(desktopObstacle({ ...LINUX, namespaces: 'forbidden' })).toContain('user namespaces');
    expect(desktopObstacle({ ...LINUX, isRoot: true, args: ['--no-sandbox'] })).toBeUndefined();
    expect(desktopObstacle({ ...LINUX, env: {}, args: ['--no-sandbox'] })).toContain('there is no display');
  });
});

const PROGRAM = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[process.platform as string];

test('Electron is taken from the folder that `ELECTRON_OVERRIDE_DIST_PATH` names, or from its package', async () => {
  await using folder = await tempFolder();
  const place = async (dist: string) => {
    const file = path.join(dist, PROGRAM ?? 'electron');
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, '');
    return file;
  };
  const elsewhere = path.join(folder.path, 'elsewhere');
  expect(findElectron(folder.path, {})).toBeUndefined();
  expect(findElectron(folder.path, { ELECTRON_OVERRIDE_DIST_PATH: elsewhere })).toBeUndefined();
  const installed = await place(path.join(folder.path, 'node_modules', 'electron', 'dist'));
  const named = await place(elsewhere);
  expect(findElectron(folder.path, {})).toBe(installed);
  expect(findElectron(folder.path, { ELECTRON_OVERRIDE_DIST_PATH: elsewhere })).toBe(named);
});

describe('the download of Electron', () => {
  const leftovers = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('stormlet-electron-'));
  const download = async (script: string, stallLimitMs: number) => {
    await using folder = await tempFolder();
    const installer = path.join(folder.path, 'install.cjs');
    await writeFile(installer, script);
    return await downloadElectron({ installer, stallLimitMs });
  };

  test('is given up when it makes no progress, and leaves nothing behind', async () => {
    const before = await leftovers();
    expect(await download('setInterval(() => {}, 1000);', 1000)).toBe('no progress for 1 s');
    expect(await leftovers()).toEqual(before);
  });

  test('may take as long as it wants while it makes progress', async () => {
    const script = `
      const file = require('path').join(require('os').tmpdir(), 'electron.zip');
      let left = 12;
      const timer = setInterval(() => {
        require('fs').appendFileSync(file, 'more');
        left -= 1;
        if (left === 0) clearInterval(timer);
      }, 250);`;
    expect(await download(script, 2000)).toBeUndefined();
  });

  test('says why it failed', async () => {
    expect(await download("throw new Error('no route to host');", 5000)).toContain('no route to host');
  });
});
