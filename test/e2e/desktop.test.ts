import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { readRunFile } from '../../main/rpc/run-file.ts';
import { needs } from '../support/needs.ts';
import { isAlive, processTree } from '../support/processes.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { FIXTURE_PACKS } from '../support/test-engine.ts';
import { until } from '../support/until.ts';
import { DesktopWatcher, watcherObstacle } from './desktop-watcher.ts';
import { type Desktop, launchDesktop } from './launch-desktop.ts';
import { ScriptPack } from './script-pack.ts';

const needed = needs('electron');
const PICTURES = path.resolve('test/.screenshots/desktop');
const unwatched = watcherObstacle();
const linux = unwatched === '' ? '' : ` (skipped: ${unwatched})`;

/** The built app in a real Electron: one story, told in the order of a day. `npm run smoke:electron` brings a display. */
describe.skipIf(needed.skip)(`the desktop app in a real Electron${needed.reason}`, { timeout: 180_000 }, () => {
  let home: Awaited<ReturnType<typeof tempFolder>>;
  let watcher: DesktopWatcher | undefined;
  let desktop: Desktop;
  let scripts: ScriptPack;
  const complaints: string[] = [];
  const isVisible = () => desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible());
  const close = () => desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  const picture = (name: string) => desktop.page.screenshot({ path: path.join(PICTURES, `${name}.png`) });

  beforeAll(async () => {
    await mkdir(PICTURES, { recursive: true });
    home = await tempFolder();
    if (unwatched === '') watcher = await new DesktopWatcher().start();
    desktop = await launchDesktop(needed.path ?? '', home.path);
    await desktop.client.settings.update({ packs: { catalogues: [] } });
    scripts = await ScriptPack.write(path.join(home.path, 'scripts'));
    desktop.page.on('console', (line) => ['error', 'warning'].includes(line.type()) && complaints.push(line.text()));
    desktop.page.on('pageerror', (error) => complaints.push(String(error)));
  });
  afterAll(async () => {
    await desktop?.[Symbol.asyncDispose]();
    await watcher?.[Symbol.asyncDispose]();
    await home?.[Symbol.asyncDispose]();
  });

  test('its window opens on its own address, and shows the engine', async () => {
    await desktop.page.getByTitle('Packs', { exact: true }).waitFor();
    await desktop.page.getByText('Ready').first().waitFor();
    expect(desktop.page.url()).toMatch(/^app:\/\/stormlet\//);
    expect(await isVisible()).toBe(true);
    await picture('first-start');
  });

  test('its page has one bridge, and nothing of Node or Electron', async () => {
    const bridge = await desktop.page.evaluate('Object.keys(window.stormlet).sort()');
    expect(bridge).toEqual(['drop', 'onFrame', 'onOpen', 'platform', 'send']);
    const foreign = ['require', 'process', 'module', 'Buffer', 'ipcRenderer', 'electron'];
    const found = await desktop.page.evaluate((names) => names.filter((name) => name in globalThis), foreign);
    expect(found).toEqual([]);
  });

  test('its page reaches no network, opens no window and gets no permission', async () => {
    const info = await readRunFile(path.join(home.path, 'data'));
    const port = new URL(info?.endpoint?.url ?? '').port;
    expect(await desktop.page.evaluate(TRY_TO_LEAVE.replaceAll('PORT', port))).toEqual({
      fetch: 'refused',
      socket: 'refused',
      window: 'refused',
      code: 'refused',
      permission: 'denied',
    });
    // Chromium says in the page's console what it refused.
    expect(complaints.splice(0).filter((text) => !/refused|blocked|violat|Failed to load|ERR_/i.test(text))).toEqual(
      [],
    );
  });

  test('its page goes nowhere else, and asks the engine anew when it is loaded again', async () => {
    await desktop.page.evaluate("location.href = 'https://example.invalid/'");
    await desktop.page.reload();
    await desktop.page.getByText('Ready').first().waitFor();
    expect(desktop.page.url()).toMatch(/^app:\/\/stormlet\//);
  });

  test('a pack is installed in its window, and its event leads to a result', async () => {
    await desktop.page.getByRole('button', { name: 'Install the example pack and fire its event' }).click();
    await desktop.page.getByRole('link', { name: 'See what it did' }).waitFor({ timeout: 120_000 });
    await picture('pack-installed');
    await desktop.page.getByRole('link', { name: 'See what it did' }).click();
    await desktop.page.getByRole('complementary', { name: 'examples.describe_file' }).waitFor();
    await picture('what-it-did');
  });

  test('what is exported is saved where the person says', async () => {
    const file = path.join(home.path, 'exported.json');
    await desktop.app.evaluate(({ session }, to) => {
      // In the place of the dialog, which nobody could press.
      session.defaultSession.once('will-download', (_event, item) => item.setSavePath(to));
    }, file);
    await desktop.page.getByRole('complementary').getByRole('button', { name: 'Export JSON' }).click();
    const saved = await until('it is saved', () => readFile(file, 'utf8').then(JSON.parse, () => undefined));
    expect(saved).toMatchObject({ action: 'examples.describe_file', status: 'succeeded' });
  });

  test('a pack that is dropped on the window is asked about, and installed', async () => {
    await desktop.app.evaluate(({ dialog }) => {
      const asked: string[] = [];
      Object.assign(globalThis, { asked });
      Object.assign(dialog, {
        async showMessageBox({ message, detail }: { message: string; detail: string }) {
          asked.push(`${message} ${detail}`);
          return { response: 1 };
        },
      });
    });
    const folder = path.join(FIXTURE_PACKS, 'storm');
    const devtools = await desktop.page.context().newCDPSession(desktop.page);
    const data = { items: [], files: [folder], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await devtools.send('Input.dispatchDragEvent', { type, x: 500, y: 300, data });
    }
    await until('it is installed', async () => (await desktop.client.packs.list()).some(({ ref }) => ref === 'storm'));
    const asked = await desktop.app.evaluate(() => (globalThis as unknown as { asked: string[] }).asked);
    expect(asked).toEqual([expect.stringMatching(/^Install this pack\? .*storm/)]);
  });

  test('an action in JavaScript runs on the app’s own Node, in a process of its own', async () => {
    expect(await scripts.run(desktop, 'tell', { n: 20 })).toMatchObject({
      status: 'succeeded',
      isolation: 'app-node',
      output: {
        result: { n: 20, folder: 'scripts', hidden: '', electron: expect.any(String) },
        stdout: expect.stringMatching(/^x{300000}the end$/),
        stderr: 'INFO    told\n',
        exit_code: 0,
      },
    });
    expect(await scripts.run(desktop, 'fail')).toMatchObject({
      status: 'failed',
      output: { exit_code: 1, stderr: expect.stringMatching(/RangeError: too far[\s\S]*fail\.js/) },
    });
  });

  test('one that takes too long is ended with all that it started', async () => {
    const outcome = await scripts.run(desktop, 'hang', {}, 2);
    expect(outcome).toMatchObject({ status: 'timeout' });
    const pids =
      JSON.stringify(outcome.output)
        .match(/\d{2,}/g)
        ?.map(Number) ?? [];
    expect(pids.length).toBeGreaterThan(1);
    await until('its processes are gone', () => !pids.some(isAlive));
  });

  test('closing its window hides it', async () => {
    await close();
    await until('the window is hidden', async () => (await isVisible()) === false);
  });

  test.skipIf(unwatched !== '')(`the first time, the person is told that it goes on${linux}`, async () => {
    await until('the hint is there', () =>
      watcher?.notices.some(({ title }) => title === 'Stormlet goes on in the tray'),
    );
  });

  test.skipIf(unwatched !== '')(
    `a result is a notice of the desktop, whose click shows the execution${linux}`,
    async () => {
      const action = 'notify.show' as ResourceRef;
      const { id } = await desktop.client.executions.run({ action, parameters: { title: 'Tea', text: 'is ready' } });
      const tea = await until('the notice is there', () => watcher?.notices.find(({ title }) => title === 'Tea'));
      expect(tea?.body).toContain('is ready');
      if (tea) watcher?.click(tea);
      await until('its execution is shown', () => desktop.page.url().endsWith(`/history/executions/${id}`));
      await until('the window is there', isVisible);
      await close();
    },
  );

  test.skipIf(unwatched !== '')(`its tray says the state in words, and pauses automation${linux}`, async () => {
    await until('the menu is there', () => watcher?.menu[0] === 'Ready: waiting for events');
    expect(watcher?.menu).toContain('Open Stormlet');
    await until('the last result is in it', () => watcher?.menu.some((label) => label.endsWith('Tea')));
    watcher?.press('Until I resume');
    await until('it is paused', async () => (await desktop.client.engine.status()).paused);
    await until('the tray says so', () => watcher?.menu[0]?.startsWith('Paused: events are kept until you resume'));
    watcher?.press('Resume automation');
    await until('it goes on', async () => !(await desktop.client.engine.status()).paused);
  });

  test('a second start shows the window of the first', async () => {
    await until('the window is hidden', async () => (await isVisible()) === false);
    await desktop.launchAgain();
    await until('the window is there', isVisible);
    await picture('after-second-start');
  });

  test('the page complained of nothing', () => {
    expect(complaints).toEqual([]);
  });

  test('a quit ends all of it within ten seconds', async () => {
    // What comes of that the next start shows.
    if (watcher) watcher.press('For an hour');
    else await desktop.client.engine.setPaused({ paused: true, until: new Date(Date.now() + 3_600_000).toISOString() });
    await until('it is paused', async () => (await desktop.client.engine.status()).paused);
    const ours = processTree(desktop.app.process().pid ?? 0);
    const child = desktop.app.process();
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const last = watcher?.menu.at(-1);
    if (watcher && last?.startsWith('Quit')) watcher.press(last);
    else await desktop.app.evaluate(({ app }) => app.quit()).catch(() => undefined);
    expect(await ended).toBe(0);
    if (process.platform === 'linux') expect(ours.length).toBeGreaterThan(2);
    await until('no process is left', () => !ours.some(isAlive));
    if (desktop.kind === 'whole') expect(await readRunFile(path.join(home.path, 'data'))).toBeUndefined();
  });

  test('a pause goes on after a restart, and tray and window say until when', async () => {
    await desktop[Symbol.asyncDispose]();
    desktop = await launchDesktop(needed.path ?? '', home.path);
    expect(await desktop.client.engine.status()).toMatchObject({ paused: true, pausedUntil: expect.any(String) });
    await desktop.page.getByText(/^Paused until/).waitFor();
    if (watcher)
      await until('the tray says so', () => /^Paused: events are kept until .*\d\d:\d\d/.test(watcher?.menu[0] ?? ''));
    await picture('paused-after-restart');
  });
});

/** Runs in the page. */
const TRY_TO_LEAVE = `(async () => {
  const outcome = (work) => Promise.resolve().then(work).then(() => 'worked', () => 'refused');
  const opened = () => new Promise((resolve, reject) => {
    const socket = new WebSocket('ws://127.0.0.1:PORT/rpc');
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  return {
    fetch: await outcome(() => fetch('http://127.0.0.1:PORT/', { mode: 'no-cors' })),
    socket: await outcome(opened),
    window: window.open('https://example.invalid/') === null ? 'refused' : 'worked',
    code: await outcome(() => new Function('return 1')()),
    permission: (await navigator.permissions.query({ name: 'geolocation' })).state,
  };
})()`;
