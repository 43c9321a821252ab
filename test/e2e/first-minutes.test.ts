import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HeadlessApp, startHeadlessApp } from '../support/headless-app.ts';
import { needs } from '../support/needs.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { FIXTURE_PACKS } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

const needed = needs('chromium');
const PICTURES = path.resolve('test/.screenshots/app');

/** The built window in a real Chromium, over the headless app, with real packs: one story, told in the order of a newcomer. */
describe.skipIf(needed.skip)(`the first minutes with the app${needed.reason}`, { timeout: 180_000 }, () => {
  let home: Awaited<ReturnType<typeof tempFolder>>;
  let app: HeadlessApp;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    await mkdir(PICTURES, { recursive: true });
    home = await tempFolder();
    app = await startHeadlessApp(home.path);
    // Tests ask no server of the world.
    await app.client.settings.update({ packs: { catalogues: [] } });
    browser = await chromium.launch({
      ...(needed.path !== undefined && { executablePath: needed.path }),
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
    page = await browser.newPage({ viewport: { width: 1280, height: 860 }, reducedMotion: 'reduce' });
    page.on('console', (line) => ['error', 'warning'].includes(line.type()) && complaints.push(line.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
  });
  afterAll(async () => {
    await browser?.close();
    await app?.[Symbol.asyncDispose]();
    await home?.[Symbol.asyncDispose]();
  });

  test('without the token the page tells where the address is, and shows nothing else', async () => {
    const stranger = await browser.newContext();
    const closed = await stranger.newPage();
    await closed.goto(new URL('/', app.address).href);
    await closed.getByText(/address that Stormlet printed/i).waitFor();
    expect(await closed.getByRole('link', { name: 'Packs' }).count()).toBe(0);
    await stranger.close();
  });

  test('one click installs the example pack, fires its event and shows the notice', async () => {
    await page.goto(app.address);
    await page.getByRole('button', { name: 'Install the example pack and fire its event' }).click();
    await page.getByRole('link', { name: 'See what it did' }).waitFor({ timeout: 120_000 });
    expect(page.url()).not.toContain('token');
    await picture('first-run');
    await page.getByRole('link', { name: 'See what it did' }).click();
    await page.getByRole('complementary', { name: 'examples.describe_file' }).getByText('hello.txt').first().waitFor();
    await picture('what-it-did');
    const { items } = await app.client.executions.page({});
    expect(items.find(({ action }) => action === 'examples.describe_file')).toMatchObject({
      status: 'succeeded',
      context: { rule: 'examples.describe_dropped_file' },
    });
  });

  test('a pack is installed from a folder, its steps and its output live, and a broken one says what is wrong', async () => {
    await go('/packs');
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
    await picture('install-failed');
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('list', { name: 'Packs' }).getByRole('link', { name: 'bad_requirements' }).click();
    await page.getByRole('button', { name: /Try again|Retry/ }).waitFor();
    await picture('pack-not-ready');
  });

  test('an action is run from its form and shows what it printed', async () => {
    await go('/actions/core.echo');
    await page.getByRole('textbox', { name: 'message' }).fill('hello from the window');
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByRole('log', { name: 'Output' }).getByText('hello from the window').waitFor();
    await page.getByRole('button', { name: 'Run again' }).waitFor();
    await picture('action');
  });

  test('a rule made in the form runs its action for the next event', async () => {
    await go('/rules/new');
    await choose('Trigger', 'examples.file_dropped');
    await page.getByRole('button', { name: 'Add a condition' }).click();
    await page.getByRole('combobox', { name: 'Field of condition 1' }).fill('trigger.name');
    await page.getByRole('textbox', { name: 'Value of condition 1' }).fill('rule.txt');
    await choose('Action', 'core.echo');
    await page.getByRole('textbox', { name: 'message' }).fill('saw {{ trigger.name }}');
    await page.getByRole('textbox', { name: /^Name/ }).fill('see_files');
    await picture('new-rule');
    await page.getByRole('button', { name: 'Create rule' }).click();
    await page.getByRole('heading', { level: 1, name: 'see_files' }).waitFor();
    await picture('rule');
    await app.client.executions.run({
      action: 'examples.drop_file' as never,
      parameters: { name: 'rule.txt', content: 'x' },
    });
    await until('the rule ran', async () => {
      const { items } = await app.client.executions.page({});
      return items.some(
        ({ context, parameters }) => context.rule === 'default.see_files' && parameters.message === 'saw rule.txt',
      );
    });
  });

  test.each(['light', 'dark'] as const)('every page stands up in the %s scheme', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    const pages = { home: '/', packs: '/packs', pack: '/packs/examples', rules: '/rules', actions: '/actions' };
    const more = { executions: '/history/executions', events: '/history/events', settings: '/settings' };
    for (const [name, route] of Object.entries({ ...pages, ...more })) {
      await go(route);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.waitForLoadState('networkidle');
      await picture(`${name}-${colorScheme}`);
    }
  });

  test('the browser had nothing to complain about, its security policy included', () => {
    expect(complaints).toEqual([]);
  });

  async function go(route: string): Promise<void> {
    await page.evaluate(`location.hash = ${JSON.stringify(route)}`);
  }

  async function choose(field: string, option: string): Promise<void> {
    await page.getByRole('combobox', { name: field, exact: true }).click();
    await page.getByRole('option', { name: option, exact: true }).click();
  }

  async function picture(name: string): Promise<void> {
    await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' });
    await page.screenshot({ path: path.join(PICTURES, `${name}.png`) });
  }
});
