import { createHash } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { canUpdate, type UpdaterSurface, Updates } from '../../main/electron/updates.ts';
import { silentLog } from '../../main/kit/log.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { realUpdater } from './real-updater.ts';

const DAY_MS = 24 * 3_600_000;

function start(given: { newest?: string; fails?: boolean } = {}) {
  const clock = new FakeClock();
  const told: string[] = [];
  let looks = 0;
  const updater = Object.assign(new EventEmitter(), {
    autoDownload: true,
    autoInstallOnAppQuit: true,
    async checkForUpdates() {
      looks += 1;
      if (given.fails) throw new Error('no network');
      return { isUpdateAvailable: given.newest !== undefined, updateInfo: { version: given.newest ?? '1.0.0' } };
    },
  }) satisfies UpdaterSurface;
  const updates = new Updates({ updater, tell: (title) => told.push(title), clock, log: silentLog });
  return { clock, told, updater, updates, looks: () => looks };
}

describe('newer versions', () => {
  test('are looked for after the start and each day, and told of once', async () => {
    const { clock, told, updates, looks } = start({ newest: '2.0.0' });
    updates.become('tell');
    expect(looks()).toBe(0);
    clock.advance(60_000);
    await until('it is told', () => told.length > 0);
    clock.advance(3 * DAY_MS);
    await until('it was looked again', () => looks() === 4);
    expect(told).toEqual(['Stormlet 2.0.0 is there']);
  });

  test('are fetched and put in place only where the settings say so', () => {
    const { updater, updates, told } = start();
    for (const [choice, isOn] of [
      ['tell', false],
      ['automatic', true],
      ['off', false],
    ] as const) {
      updates.become(choice);
      expect([updater.autoDownload, updater.autoInstallOnAppQuit], choice).toEqual([isOn, isOn]);
    }
    updater.emit('update-downloaded', { version: '2.0.0' });
    expect(told).toEqual(['Stormlet 2.0.0 is ready']);
  });

  test('are not looked for when that is off', () => {
    const { clock, updates, looks } = start();
    updates.become('tell');
    updates.become('off');
    clock.advance(3 * DAY_MS);
    expect(looks()).toBe(0);
  });

  test('that cannot be looked for harm nothing, and a person who asks is answered', async () => {
    const failing = start({ fails: true });
    failing.updates.become('tell');
    failing.updater.emit('error', new Error('no network'));
    failing.clock.advance(60_000);
    expect(failing.told).toEqual([]);
    await failing.updates.lookNow();
    expect(failing.told).toEqual(['Stormlet could not look for a newer version']);
    const newest = start();
    await newest.updates.lookNow();
    expect(newest.told).toEqual(['There is no newer version']);
  });
});

test('only a package that says where from, and an AppImage of the Linux ones, is updated from within', async () => {
  await using folder = await tempFolder();
  const given = { isPackaged: true, resources: folder.path, platform: 'win32', environment: {} } as const;
  // An unsigned build has no such file.
  expect(canUpdate(given)).toBe(false);
  await writeFile(path.join(folder.path, 'app-update.yml'), 'provider: generic\n');
  expect(canUpdate(given)).toBe(true);
  expect(canUpdate({ ...given, isPackaged: false })).toBe(false);
  expect(canUpdate({ ...given, platform: 'linux' })).toBe(false);
  expect(canUpdate({ ...given, platform: 'linux', environment: { APPIMAGE: '/home/me/S.AppImage' } })).toBe(true);
});

describe('the real updater, on a server of this machine', () => {
  async function serve(version: string, body: Buffer, sha512: string) {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      const name = `Stormlet-${version}.AppImage`;
      if (request.url?.startsWith('/latest-linux')) {
        const file = `  - url: ${name}\n    sha512: ${sha512}\n    size: ${body.length}\n`;
        response.end(`version: ${version}\nfiles:\n${file}path: ${name}\nsha512: ${sha512}\n`);
      } else if (request.url === `/${name}`) response.end(body);
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return {
      asked,
      url: `http://127.0.0.1:${port}`,
      [Symbol.asyncDispose]: () => new Promise<void>((resolve) => void server.close(() => resolve())),
    };
  }

  afterEach(() => {
    vi.unstubAllEnvs();
  });

  const body = Buffer.from('the new version');
  const digest = createHash('sha512').update(body).digest('base64');

  test('finds a newer version, fetches it and says that it is ready', async () => {
    await using folder = await tempFolder();
    await using server = await serve('2.0.0', body, digest);
    const updater = await realUpdater({ folder: folder.path, url: server.url, version: '1.0.0' });
    const told: string[] = [];
    const updates = new Updates({ updater, tell: (title) => told.push(title), clock: new FakeClock(), log: silentLog });
    updates.become('automatic');
    await updates.lookNow();
    await until('it is ready', () => told.includes('Stormlet 2.0.0 is ready'));
    expect(server.asked.some((url) => url.endsWith('.AppImage'))).toBe(true);
  });

  test('leaves an older version and a tampered one alone', async () => {
    await using folder = await tempFolder();
    await using older = await serve('0.9.0', body, digest);
    const told: string[] = [];
    const tell = (title: string) => told.push(title);
    const same = await realUpdater({ folder: folder.path, url: older.url, version: '1.0.0' });
    await new Updates({ updater: same, tell, clock: new FakeClock(), log: silentLog }).lookNow();
    expect(told).toEqual(['There is no newer version']);

    await using tampered = await serve('2.0.0', Buffer.from('something else!'), digest);
    const failures: string[] = [];
    const updater = await realUpdater({ folder: folder.path, url: tampered.url, version: '1.0.0' });
    updater.on('error', (error) => failures.push(String(error)));
    const updates = new Updates({ updater, tell, clock: new FakeClock(), log: silentLog });
    updates.become('automatic');
    await updates.lookNow();
    await until('it is refused', () => failures.some((text) => text.includes('checksum')));
    expect(told).not.toContain('Stormlet 2.0.0 is ready');
  });
});
