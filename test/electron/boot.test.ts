import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { StormletError } from '../../main/contract/errors.ts';
import { Settings } from '../../main/contract/settings.ts';
import { type BootOptions, boot } from '../../main/electron/boot.ts';
import { desktopFiles } from '../../main/electron/resource-folders.ts';
import type { Host } from '../../main/host.ts';
import { readRunFile } from '../../main/rpc/run-file.ts';
import { fakeRpc } from '../support/fake-server.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { fakeElectron } from './fake-electron.ts';

/** Boots on a fake Electron and a fake engine, but with real folders, log file and endpoint. */
async function startBoot(given: Partial<BootOptions> = {}) {
  const folder = await tempFolder();
  const electron = fakeElectron();
  electron.dialog.press = 'Copy a report';
  const data = path.join(folder.path, 'data');
  const events: string[] = [];
  const uncaught: ((error: unknown) => void)[] = [];
  const host: { current?: Host } = {};
  await boot(electron.surface, {
    folders: { config: path.join(folder.path, 'config'), data },
    environment: { HOME: '/home/someone', STORMLET_LOG: 'rules' },
    args: [],
    platform: 'linux',
    resources: '/resources',
    executable: '/opt/Stormlet/stormlet',
    versions: { electron: '45.4.1' },
    createHost: async ({ files, folders, log }) => ({
      kind: 'desktop',
      version: files.version,
      folders: { ...folders, builtInPacks: files.builtInPacks, python: files.python, node: files.node },
      environment: {},
      node: { command: process.execPath },
      settings: { get: () => Settings.parse({}), update: () => Settings.parse({}), onChange: () => () => {} },
      log,
      notify: () => {},
    }),
    createUpdater: () => Promise.reject(new Error('a fake has none')),
    async startEngine(started) {
      host.current = started;
      const { rpc } = fakeRpc();
      return { rpc, [Symbol.asyncDispose]: async () => void events.push('engine stopped') };
    },
    onUncaught: (listener) => uncaught.push(listener),
    ...given,
  });
  return { ...folder, electron, data, events, uncaught, host, [Symbol.asyncDispose]: folder[Symbol.asyncDispose] };
}

test('the desktop app opens its window and its tray, and the endpoint for the command line', async () => {
  await using app = await startBoot();
  expect(app.electron.dialog.errors).toEqual([]);
  expect(app.electron.windows).toHaveLength(1);
  expect(app.electron.trays).toHaveLength(1);
  expect(app.host.current?.folders.python).toBe(path.resolve('main/python'));
  const endpoint = (await readRunFile(app.data))?.endpoint;
  const headers = { authorization: `Bearer ${endpoint?.token}` };
  expect((await fetch(`${endpoint?.url}/rpc`, { headers })).status).toBe(204);

  app.electron.app.quit();
  await until('the app has ended', () => app.electron.app.exits.length > 0);
  expect(app.electron.app.exits).toEqual([0]);
  expect(app.events).toEqual(['engine stopped']);
  expect(await readRunFile(app.data)).toBeUndefined();
});

test('an engine that cannot start is told in a dialog with its hint, and ends the app', async () => {
  const fault = {
    code: 'bus/port-taken',
    kind: 'environment',
    message: 'port 1883 is taken',
    hint: 'choose 0',
  } as const;
  await using app = await startBoot({ startEngine: () => Promise.reject(new StormletError(fault)) });
  expect(app.electron.dialog.questions).toMatchObject([
    { message: 'Stormlet could not start', detail: 'port 1883 is taken\n\nHint: choose 0' },
  ]);
  expect(app.electron.clipboard.text).toMatch(/^Stormlet .+ on linux\nelectron 45.4.1\n.*port 1883 is taken/s);
  expect(app.electron.app.exits).toEqual([1]);
  expect(app.electron.windows).toEqual([]);
  expect(await readRunFile(app.data)).toBeUndefined();
});

test('a person who wants no file in the place of a keychain does not start the app', async () => {
  await using app = await startBoot({ createHost: async () => undefined });
  expect(app.electron.app.exits).toEqual([0]);
  expect(app.electron.windows).toEqual([]);
  expect(await readRunFile(app.data)).toBeUndefined();
});

test('an error that nothing caught is logged and told once, and everything stops in order', async () => {
  await using app = await startBoot();
  const [listener] = app.uncaught;
  listener?.(new Error('a bug of ours'));
  listener?.(new Error('a bug of ours, again'));
  await until('the app has ended', () => app.electron.app.exits.length > 0);
  expect(app.events).toEqual(['engine stopped']);
  expect(app.electron.dialog.questions).toMatchObject([{ message: 'Stormlet had to stop', detail: 'a bug of ours' }]);
  expect(app.electron.clipboard.text).toContain('a bug of ours');
  expect(app.electron.app.exits).toEqual([1]);
  const log = await readFile(path.join(app.data, 'logs', 'stormlet.log'), 'utf8');
  expect(log).toContain('a bug of ours');
});

test('what other programs read lies beside the archive once the app is packaged', () => {
  const sources = desktopFiles({ isPackaged: false, getAppPath: () => path.resolve('.') }, '/opt/Stormlet/resources');
  expect(sources).toMatchObject({ python: path.resolve('main/python'), builtInPacks: path.resolve('packs') });
  const packaged = desktopFiles({ isPackaged: true, getAppPath: () => path.resolve('.') }, '/opt/Stormlet/resources');
  expect(packaged).toMatchObject({
    python: path.join('/opt/Stormlet/resources', 'python'),
    builtInPacks: path.join('/opt/Stormlet/resources', 'packs'),
    icons: path.join('/opt/Stormlet/resources', 'icons'),
    preload: path.resolve('out/preload/index.cjs'),
    renderer: path.resolve('out/renderer'),
  });
});
