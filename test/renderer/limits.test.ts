import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { goTo, type OpenWindow, picture, WindowStage } from './open-window.ts';

const needed = needs('chromium');

describe.skipIf(needed.skip)(`policies and limits${needed.reason}`, () => {
  let stage: WindowStage;
  beforeAll(async () => {
    stage = await WindowStage.start('limits', needed.path);
  });
  afterAll(() => stage?.[Symbol.asyncDispose]());

  async function walk(steps: (page: Page) => Promise<void>, scheme: 'light' | 'dark' = 'light'): Promise<void> {
    await using opened: OpenWindow = await stage.open({ scheme, scenario: 'full' });
    await steps(opened.page);
    expect(opened.complaints).toEqual([]);
  }

  test('an action shows its policies in words, and a new one is added and switched', async () => {
    await walk(async (page) => {
      await goTo(page, '/actions/examples.greet_file');
      const list = page.getByRole('list', { name: 'Policies' });
      await list.getByText('What fails is tried up to 3 times more, each 10 s later.').waitFor();
      await page.getByRole('button', { name: 'Add a policy' }).click();
      const dialog = page.getByRole('dialog', { name: 'A policy for greet_file' });
      await dialog.getByRole('textbox', { name: 'At one time' }).fill('4');
      await dialog.getByText('4 run at one time; further ones wait.').waitFor();
      await picture(page, 'policy-new');
      expect(await stage.violations(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Add the policy' }).click();
      await list.getByText('limit_greet_file', { exact: true }).waitFor();
      await page.getByRole('switch', { name: 'Policy limit_greet_file is on' }).press('Space');
      await list.getByRole('listitem').filter({ hasText: 'limit_greet_file' }).getByText('disabled').waitFor();
      await page.getByRole('button', { name: 'Delete limit_greet_file' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete the policy' }).click();
      await list.getByText('limit_greet_file', { exact: true }).waitFor({ state: 'detached' });
    });
  });

  test('a pack shows the policies that came with it', async () => {
    await walk(async (page) => {
      await goTo(page, '/packs/examples');
      const list = page.getByRole('list', { name: 'Policies' });
      await list.getByText('greet_again').waitFor();
      expect(await list.getByRole('listitem').count()).toBe(1);
      await list.getByRole('link', { name: 'examples.greet_file' }).click();
      await page.getByRole('form', { name: 'Parameters' }).waitFor();
    });
  });

  test('what an execution waited for, and the limit that ended it, are said and lead to where they are set', async () => {
    await walk(async (page) => {
      await goTo(page, '/history/executions/run-held');
      await page.getByText('until 12.0 s after it was requested').waitFor();
      await page.getByText('the rest was thrown away').waitFor();
      await goTo(page, '/history/executions/run-waits');
      await page.getByText('allows 1 at one time with the same').waitFor();
      await goTo(page, '/history/executions/run-over-limit');
      await page.getByText('needed more than its 4096 MB of memory').waitFor();
      await page.getByText('number 2, by').waitFor();
      await picture(page, 'execution-over-limit');
      await page.getByRole('link', { name: 'Change its limits' }).click();
      const row = page.getByTestId('limits-examples.greet_file');
      await row.getByText('What holds for all holds for it.').waitFor();
      const memory = row.getByRole('textbox', { name: 'Memory of each process, in megabytes' });
      await memory.fill('512');
      await memory.press('Enter');
      await row.getByText('512 MB of memory').waitFor();
      await picture(page, 'limits-of-action');
      expect(await stage.violations(page)).toEqual([]);
      await row.getByRole('button', { name: 'None of its own for examples.greet_file' }).click();
      await row.getByText('What holds for all holds for it.').waitFor();
    }, 'dark');
  });

  test('a pack gets its own number at one time, and all get theirs when a field is left', async () => {
    await walk(async (page) => {
      await goTo(page, '/packs/core');
      await page.getByRole('link', { name: 'Its limits' }).click();
      await page.getByTestId('limits-core').waitFor();
      await page.getByRole('combobox', { name: 'Limits for another pack or action' }).click();
      await page.getByRole('option', { name: 'examples', exact: true }).click();
      const row = page.getByTestId('limits-examples');
      const atOneTime = row.getByRole('textbox', { name: 'Its actions running at one time' });
      await atOneTime.fill('2');
      await atOneTime.press('Tab');
      await row.getByText('2 at one time', { exact: true }).waitFor();
      const all = page.getByRole('textbox', { name: 'Actions running at one time', exact: true });
      await all.fill('');
      await all.press('Tab');
      expect(await all.inputValue()).toBe('8');
      await all.fill('16');
      await all.press('Tab');
      await picture(page, 'limits-settings');
      await page.getByRole('tab', { name: 'Python' }).click();
      await page.getByRole('tab', { name: 'Limits' }).click();
      expect(await all.inputValue()).toBe('16');
      await row.getByText('2 at one time', { exact: true }).waitFor();
    });
  });
});
