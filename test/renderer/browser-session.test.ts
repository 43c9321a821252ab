import path from 'node:path';
import react from '@vitejs/plugin-react';
import { type Browser, chromium } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../main/kit/clock.ts';
import { silentLog } from '../../main/kit/log.ts';
import { serveClients } from '../../main/rpc/local-server.ts';
import { RpcServer } from '../../main/rpc/rpc-server.ts';
import { needs } from '../support/needs.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { FakeEngine } from './fake-engine.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const needed = needs('chromium');

/** The window as it ships, over the real endpoint; only the engine behind it is a fake. */
describe.skipIf(needed.skip)(`the window in a browser of its own${needed.reason}`, () => {
  const rendererFolder = path.join(ROOT, 'out/fake-windows/shipped');
  let browser: Browser;

  beforeAll(async () => {
    await build({
      configFile: false,
      root: path.join(ROOT, 'renderer'),
      logLevel: 'warn',
      plugins: [react()],
      build: { outDir: rendererFolder, emptyOutDir: true, chunkSizeWarningLimit: 2_000 },
    });
    browser = await chromium.launch({
      ...(needed.path !== undefined && { executablePath: needed.path }),
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
  });
  afterAll(() => browser?.close());

  async function serve(data: string, port = 0) {
    const engine: FakeEngine = new FakeEngine({
      scenario: 'full',
      paceMs: 20,
      emit: (event, payload) => rpc.emit(event, payload),
    });
    const rpc = new RpcServer({ handlers: engine.handlers, log: silentLog, clock: systemClock });
    return serveClients({ rpc, folders: { data }, port, rendererFolder, log: silentLog });
  }

  test('the printed address opens a session, and its token leaves the address bar', async () => {
    await using folder = await tempFolder();
    await using server = await serve(folder.path);
    const page = await browser.newPage();
    await page.goto(server.uiAddress);
    await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
    await page.getByText('Ready', { exact: true }).waitFor();
    expect(page.url()).toBe(`${server.url}/#/`);
    await page.goto(`${server.url}/#/history/executions/run-99993`);
    await page.reload();
    await page.getByRole('complementary', { name: 'examples.greet_file' }).getByText('Traceback').waitFor();
    await page.context().close();
  });

  test('a browser without a session is told which address to open', async () => {
    await using folder = await tempFolder();
    await using server = await serve(folder.path);
    for (const address of [server.url, `${server.url}/#token=wrong`]) {
      const page = await browser.newPage();
      await page.goto(address);
      await page.getByRole('heading', { name: 'Open the address that Stormlet printed' }).waitFor();
      await page.close();
    }
  });

  test('a server that went away is told at once, and one that came back with a new token asks for its address', async () => {
    await using folder = await tempFolder();
    const page = await browser.newPage();
    let port = 0;
    {
      await using server = await serve(folder.path);
      port = Number(new URL(server.url).port);
      await page.goto(server.uiAddress);
      await page.getByText('Ready', { exact: true }).waitFor();
    }
    await page.getByText("Stormlet can't be reached").waitFor();
    await using again = await serve(folder.path, port);
    await page.getByRole('heading', { name: 'Open the address that Stormlet printed' }).waitFor();
    await page.goto(again.uiAddress);
    await page.getByText('Ready', { exact: true }).waitFor();
    await page.close();
  });
});
