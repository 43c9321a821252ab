import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { AxeResults } from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build, type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { fakeWindow } from './fake-window.ts';

const SCREENSHOTS = path.join(import.meta.dirname, '../.screenshots/window');
/** `shows`: what is there once the page is. */
const PAGES = [
  { name: 'home', path: '/', shows: { role: 'list', name: 'What happened last' } },
  { name: 'packs', path: '/packs', shows: { role: 'list', name: 'Packs' } },
  { name: 'pack', path: '/packs/examples', shows: { role: 'heading', name: 'examples' } },
  { name: 'pack-failed', path: '/packs/jira', shows: { role: 'heading', name: 'jira' } },
  { name: 'rules', path: '/rules', shows: { role: 'list', name: 'Rules' } },
  { name: 'rule-own', path: '/rules/default.warn_when_busy', shows: { role: 'textbox', name: 'YAML of the rule' } },
  { name: 'rule-of-pack', path: '/rules/examples.greet_new_file', shows: { role: 'heading', name: 'greet_new_file' } },
  {
    name: 'rule-new',
    path: '/rules/new?trigger=examples.file_created&action=core.http',
    shows: { role: 'form', name: 'New rule' },
  },
  { name: 'actions', path: '/actions', shows: { role: 'textbox', name: 'Find an action' } },
  { name: 'action', path: '/actions/core.http', shows: { role: 'form', name: 'Parameters' } },
  { name: 'executions', path: '/history/executions', shows: { role: 'table', name: 'Executions' } },
  { name: 'execution', path: '/history/executions/run-99993', shows: { role: 'region', name: 'Parameters value' } },
  { name: 'events', path: '/history/events', shows: { role: 'table', name: 'Events' } },
  { name: 'event', path: '/history/events/event-99990', shows: { role: 'region', name: 'Payload value' } },
  { name: 'settings', path: '/settings', shows: { role: 'list', name: 'Checks' } },
  { name: 'nowhere', path: '/no/such/page', shows: { role: 'heading', name: 'There is nothing at this address' } },
] as const;

const needed = needs('chromium');

describe.skipIf(needed.skip)(`the window in a real browser${needed.reason}`, () => {
  let server: PreviewServer;
  let browser: Browser;
  let axe: string;

  beforeAll(async () => {
    await mkdir(SCREENSHOTS, { recursive: true });
    await build(fakeWindow);
    server = await preview(fakeWindow);
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    browser = await chromium.launch({
      ...(needed.path !== undefined && { executablePath: needed.path }),
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  describe.each(['light', 'dark'] as const)('in %s colours', (scheme) => {
    let opened: Opened;
    beforeAll(async () => {
      opened = await open(browser, server, { scheme, scenario: 'full' });
    });
    afterAll(() => opened?.[Symbol.asyncDispose]());

    test.each(PAGES)('$name is accessible, fits a narrow window and breaks no policy', async (place) => {
      const { page, complaints } = opened;
      await page.setViewportSize({ width: 1280, height: 860 });
      await show(page, place);
      await page.screenshot({ path: path.join(SCREENSHOTS, `${place.name}-1280-${scheme}.png`) });
      expect(await violations(page, axe)).toEqual([]);
      await page.setViewportSize({ width: 800, height: 860 });
      await page.screenshot({ path: path.join(SCREENSHOTS, `${place.name}-800-${scheme}.png`) });
      expect(await overflow(page)).toBe(0);
      expect(complaints.splice(0)).toEqual([]);
    });
  });

  test('the guided minute leads from an empty machine to a notice', async () => {
    await using opened = await open(browser, server, { scheme: 'light', scenario: 'first-run' });
    const { page, complaints } = opened;
    await page.screenshot({ path: path.join(SCREENSHOTS, 'first-run-before-1280-light.png') });
    await page.getByRole('button', { name: 'Install the example pack and fire its event' }).click();
    await page.getByRole('link', { name: 'See what it did' }).waitFor();
    await page.screenshot({ path: path.join(SCREENSHOTS, 'first-run-after-1280-light.png') });
    expect(await violations(page, axe)).toEqual([]);
    await page.getByRole('link', { name: 'See what it did' }).click();
    await page.getByRole('complementary', { name: 'examples.greet_file' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('a window that lost the engine says so and comes back', async () => {
    await using opened = await open(browser, server, { scheme: 'light', scenario: 'full' });
    const { page } = opened;
    await page.evaluate('fakeConnection.disconnect()');
    await page.getByRole('alert').getByText("Stormlet can't be reached").waitFor();
    await page.screenshot({ path: path.join(SCREENSHOTS, 'offline-1280-light.png') });
    expect(await violations(page, axe)).toEqual([]);
    await page.getByRole('button', { name: 'Try now' }).click();
    await page.getByText("Stormlet can't be reached").waitFor({ state: 'hidden' });
  });
});

type Place = (typeof PAGES)[number];
type Asked = { scheme: 'light' | 'dark'; scenario: 'full' | 'first-run' };
type Opened = Awaited<ReturnType<typeof open>>;

async function open(browser: Browser, server: PreviewServer, { scheme, scenario }: Asked) {
  const viewport = { width: 1280, height: 860 };
  const context = await browser.newContext({ colorScheme: scheme, viewport, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (line) => ['error', 'warning'].includes(line.type()) && complaints.push(line.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  const [address = ''] = server.resolvedUrls?.local ?? [];
  await page.goto(`${address}?scenario=${scenario}&pace=5#/`);
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
  await page.getByRole('heading', { level: 1 }).waitFor();
  return { page, complaints, [Symbol.asyncDispose]: () => context.close() };
}

async function show(page: Page, { path: route, shows: { role, name } }: Pick<Place, 'path' | 'shows'>): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(route)}`);
  await page.getByRole(role, { name, exact: true }).waitFor();
  await page.locator('[aria-label="Loading"]').first().waitFor({ state: 'detached' });
}

async function violations(page: Page, axe: string): Promise<string[]> {
  await page.evaluate(axe);
  const results = await page.evaluate<AxeResults>('axe.run()');
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary ?? ''}`),
  );
}

/** Pixels by which the page is wider than its window. */
function overflow(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
}
