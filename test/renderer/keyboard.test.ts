import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { goTo, type OpenWindow, startAnew, WindowStage } from './open-window.ts';

const needed = needs('chromium');

describe.skipIf(needed.skip)(`who works by keyboard, or by ear${needed.reason}`, () => {
  let stage: WindowStage;
  let opened: OpenWindow;
  let page: Page;
  beforeAll(async () => {
    stage = await WindowStage.start('keyboard', needed.path);
    opened = await stage.open({ scheme: 'light', scenario: 'full' });
    page = opened.page;
  });
  afterAll(async () => {
    await opened?.[Symbol.asyncDispose]();
    await stage?.[Symbol.asyncDispose]();
  });

  test('comes to the page first, past all that is on every page', async () => {
    await startAnew(page, '/', 'all');
    await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
    await page.keyboard.press('Tab');
    await expect.poll(focused).toBe('button Skip to the page');
    expect(await stage.violations(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await expect.poll(focused).toBe('main');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('a 5 packs');
  });

  test('is told by the title which page it is, and has the focus there', async () => {
    await goTo(page, '/');
    await page.getByRole('link', { name: 'Pack jira is not ready' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'jira' }).waitFor();
    await expect.poll(() => page.title()).toBe('jira · Stormlet');
    await expect.poll(focused).toBe('main');
  });

  test.each([
    { path: '/packs', list: 'Packs' },
    { path: '/rules', list: 'Rules' },
    { path: '/actions', list: 'Actions' },
  ])('goes through $path with the arrows', async ({ path, list }) => {
    await goTo(page, path);
    const links = page.getByRole('list', { name: list, exact: true }).locator('a.row-title');
    await links.first().focus();
    const names = await links.allInnerTexts();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe(`a ${names[2]}`);
    await page.keyboard.press('ArrowUp');
    expect(await focused()).toBe(`a ${names[1]}`);
  });

  test.each([
    { path: '/packs', button: 'Install a pack', dialog: 'Install a pack' },
    { path: '/packs/examples', button: 'Remove', dialog: 'Remove examples?' },
    { path: '/datastore', button: 'Add a key', dialog: 'Add a key' },
    { path: '/datastore', button: 'Delete github.token', dialog: 'Delete github.token?' },
    { path: '/rules/default.warn_when_busy', button: 'Delete', dialog: 'Delete warn_when_busy?' },
  ])('is back at “$button” when its dialog is closed', async ({ path, button, dialog }) => {
    await goTo(page, path);
    const opener = page.getByRole('button', { name: button, exact: true });
    await opener.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: dialog }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => opener.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
  });

  test('is back where it was when the command bar is closed', async () => {
    await goTo(page, '/logs');
    const box = page.getByRole('textbox', { name: 'Text in it' });
    await box.focus();
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByRole('textbox', { name: 'Search and commands' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('textbox', { name: 'Search and commands' }).waitFor({ state: 'detached' });
    await expect.poll(() => box.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
  });

  test('sees nothing move who asked for less motion', async () => {
    await startAnew(page, '/rules', 'none');
    await page.getByRole('status', { name: 'Loading' }).first().waitFor();
    expect(await page.evaluate(`document.getAnimations().filter((each) => each.playState === 'running').length`)).toBe(
      0,
    );
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    expect(
      await page.evaluate(`document.getAnimations().filter((each) => each.playState === 'running').length`),
    ).toBeGreaterThan(0);
    expect(opened.complaints).toEqual([]);
  });

  /** Its tag, and what it says. */
  function focused(): Promise<string> {
    return page.evaluate<string>(`(() => {
      const { tagName, innerText } = document.activeElement;
      return tagName === 'MAIN' ? 'main' : tagName.toLowerCase() + ' ' + innerText.replaceAll(/\\s+/g, ' ').trim();
    })()`);
  }
});
