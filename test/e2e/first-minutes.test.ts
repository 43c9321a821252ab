import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HeadlessApp, startHeadlessApp } from '../support/headless-app.ts';
import { needs } from '../support/needs.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { FIXTURE_PACKS } from '../support/test-engine.ts';
import {
  installTheExamples,
  lookIntoTheHistory,
  makeARule,
  readTheNotice,
  runActions,
  seeItMatch,
  switchARuleOff,
  useTheCommandBar,
} from './first-five-minutes.ts';
import { RealWindow } from './real-window.ts';

const needed = needs('chromium');

/** The built window in a real Chromium, over the headless app of a person whose home folder is empty. */
describe.skipIf(needed.skip)(`the first minutes with the app${needed.reason}`, { timeout: 240_000 }, () => {
  let home: Awaited<ReturnType<typeof tempFolder>>;
  let app: HeadlessApp;
  let window: RealWindow;
  let page: Page;
  let site: Server;

  beforeAll(async () => {
    home = await tempFolder();
    app = await startHeadlessApp(home.path, { asUser: true });
    // Tests ask no server of the world.
    await app.client.settings.update({ packs: { catalogues: [] } });
    window = await RealWindow.open(needed.path);
    page = window.page;
    site = createServer((_, response) => response.end('hello from a server'));
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    site?.close();
    await window?.[Symbol.asyncDispose]();
    await app?.[Symbol.asyncDispose]();
    await home?.[Symbol.asyncDispose]();
  });

  test('without the token the page tells where the address is, and shows nothing else', async () => {
    const stranger = await window.browser.newContext();
    const closed = await stranger.newPage();
    await closed.goto(new URL('/', app.address).href);
    await closed.getByText(/address that Stormlet printed/i).waitFor();
    expect(await closed.getByRole('link', { name: 'Packs' }).count()).toBe(0);
    await stranger.close();
  });

  test('what README tells of the first five minutes comes true, step by step and by nothing but the window', async () => {
    expect(await stepsOfReadme()).toHaveLength(5);
    await page.goto(app.address);
    await installTheExamples(window);
    await readTheNotice(window);
    await lookIntoTheHistory(window);
    await switchARuleOff(window);
    await makeARule(window);
    const { folders } = await app.client.engine.status();
    expect(await readFile(path.join(folders.rules, 'see_mine.yaml'), 'utf8')).toContain('pattern: mine.txt');
    await seeItMatch(window);
    await runActions(window, `http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
    await useTheCommandBar(window);
  });

  test('a pack is installed from a folder, its steps and its output live, and a broken one says what is wrong', async () => {
    await window.goTo('/packs');
    await page.getByRole('button', { name: 'Install a pack' }).click();
    const dialog = page.getByRole('dialog', { name: 'Install a pack' });
    await dialog.getByRole('textbox', { name: 'Pack to install' }).fill(path.join(FIXTURE_PACKS, 'bad_requirements'));
    await dialog.getByRole('button', { name: 'Install', exact: true }).click();
    await dialog
      .getByRole('status', { name: 'State of the execution' })
      .getByText('failed')
      .waitFor({ timeout: 60_000 });
    await dialog
      .getByText(/no-such-package-stormlet-xyz/)
      .first()
      .waitFor();
    await window.picture('install-failed');
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('list', { name: 'Packs' }).getByRole('link', { name: 'bad_requirements' }).click();
    await page.getByRole('button', { name: /Try again|Retry/ }).waitFor();
    await window.picture('pack-not-ready');
  });

  test.each(['light', 'dark'] as const)('every page stands up in the %s scheme', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    const pages = { home: '/', packs: '/packs', pack: '/packs/examples', rules: '/rules', actions: '/actions' };
    const more = { executions: '/history/executions', events: '/history/events', settings: '/settings' };
    for (const [name, route] of Object.entries({ ...pages, ...more })) {
      await window.goTo(route);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.waitForLoadState('networkidle');
      await window.picture(`${name}-${colorScheme}`);
    }
  });

  test('the browser had nothing to complain about, its security policy included', () => {
    expect(window.complaints).toEqual([]);
  });
});

/** Each numbered step of the section; the story above has a function for each, in that order. */
async function stepsOfReadme(): Promise<string[]> {
  const text = await readFile('README.md', 'utf8');
  const [, section = ''] = /## The first five minutes\n([\s\S]*?)\nThe same from a terminal/.exec(text) ?? [];
  return section.split(/^\d\. /m).slice(1);
}
