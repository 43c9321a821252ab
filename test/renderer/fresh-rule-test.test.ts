import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { goTo, picture, WindowStage } from './open-window.ts';

const needed = needs('chromium');

describe.skipIf(needed.skip)(`a rule that is tested while events come${needed.reason}`, () => {
  let stage: WindowStage;
  beforeAll(async () => {
    stage = await WindowStage.start('fresh-rule-test', needed.path);
  });
  afterAll(() => stage?.[Symbol.asyncDispose]());

  async function openRule(page: Page): Promise<void> {
    await goTo(page, '/rules/examples.greet_new_file');
    await page.getByRole('list', { name: 'Tested events' }).waitFor();
    expect(await dropped(page).count()).toBe(0);
  }

  const drop = (page: Page) =>
    page.evaluate(
      "void fakeConnection.client.triggers.emit({ trigger: 'examples.file_created', payload: { path: '/x', size: 5 } })",
    );
  const dropped = (page: Page) => page.getByRole('list', { name: 'Tested events' }).getByText('"size":5}');

  test('an event that comes is taken in by itself', async () => {
    await using opened = await stage.open({ scheme: 'light', scenario: 'full' });
    const { page } = opened;
    await openRule(page);
    await drop(page);
    await dropped(page).waitFor();
    expect(opened.complaints).toEqual([]);
  });

  test('while somebody reads, it waits behind a button', async () => {
    await using opened = await stage.open({ scheme: 'dark', scenario: 'full' });
    const { page } = opened;
    await openRule(page);
    const list = page.getByRole('list', { name: 'Tested events' });
    await list.locator('summary').first().click();
    await page.mouse.move(0, 0);
    const top = async () => (await list.boundingBox())?.y;
    const before = await top();
    await drop(page);
    const show = page.getByRole('button', { name: 'Show 1 new event' });
    await show.waitFor();
    expect(await top()).toBe(before);
    expect(await dropped(page).count()).toBe(0);
    await picture(page, 'rule-new-event');
    expect(await stage.violations(page)).toEqual([]);
    await show.click();
    await dropped(page).waitFor();
    await list.locator('details[open]').waitFor();
    expect(opened.complaints).toEqual([]);
  });
});
