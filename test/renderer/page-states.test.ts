import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { goTo, type OpenWindow, picture, startAnew, WindowStage } from './open-window.ts';
import { PAGES } from './window-pages.ts';

const needed = needs('chromium');
const TOO_WIDE = 'document.documentElement.scrollWidth - innerWidth';
/** They read nothing, or what another one of the list reads in the same way. */
const ALIKE =
  /^(nowhere|pack-failed|rule-of-pack|action-policies|execution-.*|workflow|settings-(?!bus|api|backup).*)$/;
const READING = PAGES.filter(({ name }) => !ALIKE.test(name));

/** What each list says where there is nothing yet. What is never empty is not here. */
const EMPTY = [
  { path: '/', says: 'Nothing has happened yet' },
  { path: '/rules', says: 'No rules yet' },
  { path: '/inquiries', says: 'Nothing waits for an answer' },
  { path: '/history/executions', says: 'Nothing has run yet' },
  { path: '/history/executions?status=failed', says: 'Nothing matches' },
  { path: '/history/events', says: 'No event has come yet' },
  { path: '/datastore', says: 'No keys yet' },
  { path: '/actions/no.such', says: 'there is no action' },
  { path: '/packs/nosuch', says: 'there is no pack' },
  { path: '/rules/no.such', says: 'there is no rule' },
  { path: '/history/executions/none', says: 'there is no execution' },
] as const;

/** `full` is the state of pages.test.ts; these are the other ones. */
describe.skipIf(needed.skip)(`every page when not all is well${needed.reason}`, () => {
  let stage: WindowStage;
  let used: OpenWindow;
  let unused: OpenWindow;
  beforeAll(async () => {
    stage = await WindowStage.start('page-states', needed.path);
    used = await stage.open({ scheme: 'light', scenario: 'full' });
    unused = await stage.open({ scheme: 'light', scenario: 'first-run' });
  });
  afterAll(async () => {
    await used?.[Symbol.asyncDispose]();
    await unused?.[Symbol.asyncDispose]();
    await stage?.[Symbol.asyncDispose]();
  });

  test.each(READING)(
    '$name claims nothing before it is read, and stays in sight while the engine is gone',
    async (each) => {
      const { name, path, shows } = each;
      const { page, complaints } = used;
      const content = page.getByRole(shows.role, { name: shows.name, exact: true });
      const offline = page.getByText("Stormlet can't be reached");
      await startAnew(page, path, 'none');
      await page.getByRole('status', { name: 'Loading' }).first().waitFor();
      expect(await page.locator('.empty').count()).toBe(0);
      await picture(page, `${name}-loading`);
      await page.evaluate('fakeConnection.answer()');
      await content.waitFor();
      await page.evaluate('fakeConnection.disconnect()');
      await page.getByRole('alert').filter({ has: offline }).waitFor();
      await content.waitFor();
      await picture(page, `${name}-offline`);
      expect(await page.evaluate(TOO_WIDE)).toBe(0);
      await page.getByRole('button', { name: 'Try now' }).click();
      await offline.waitFor({ state: 'detached' });
      await content.waitFor();
      expect(complaints.splice(0)).toEqual([]);
    },
  );

  test.each(READING)('$name says why it cannot be read, and can be read again', async ({ name, path, shows }) => {
    const { page, complaints } = used;
    await startAnew(page, path, 'faults');
    await page.getByRole('alert').getByText('stormlet.db').first().waitFor();
    await page.getByRole('status', { name: 'Loading' }).waitFor({ state: 'detached' });
    await look(page, `${name}-broken`);
    await page.evaluate('fakeConnection.answer()');
    // Each part that could not be read has its own.
    for (const again of (await page.getByRole('button', { name: 'Try again' }).all()).reverse()) await again.click();
    await page.getByRole(shows.role, { name: shows.name, exact: true }).waitFor();
    expect(complaints.splice(0)).toEqual([]);
  });

  test.each(EMPTY)('$path says $says', async ({ path, says }) => {
    const { page, complaints } = unused;
    await goTo(page, path);
    await page.getByText(says).first().waitFor();
    await look(page, `empty${path.replaceAll(/\W+/g, '-')}`);
    expect(complaints.splice(0)).toEqual([]);
  });

  async function look(page: Page, name: string): Promise<void> {
    await picture(page, name);
    expect(await page.evaluate(TOO_WIDE)).toBe(0);
    expect(await stage.violations(page)).toEqual([]);
  }
});
