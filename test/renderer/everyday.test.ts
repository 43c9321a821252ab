import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { goTo, type OpenWindow, picture, WindowStage } from './open-window.ts';

const needed = needs('chromium');

describe.skipIf(needed.skip)(`what a person does every day${needed.reason}`, () => {
  let stage: WindowStage;
  beforeAll(async () => {
    stage = await WindowStage.start('everyday', needed.path);
  });
  afterAll(() => stage?.[Symbol.asyncDispose]());

  async function walk(steps: (page: Page) => Promise<void>): Promise<void> {
    await using opened: OpenWindow = await stage.open({ scheme: 'light', scenario: 'full' });
    await steps(opened.page);
    expect(opened.complaints).toEqual([]);
  }

  test('a sentence that a pack understands is said in the command bar, and its run is shown', async () => {
    await walk(async (page) => {
      await page.keyboard.press('ControlOrMeta+k');
      await page.getByRole('textbox', { name: 'Search and commands' }).fill('echo hello');
      await page.getByText('core.echo {"message":"hello"}').waitFor();
      await picture(page, 'bar-sentence');
      await page.keyboard.press('Enter');
      await page.getByText('On it.').waitFor();
      await page.getByRole('complementary', { name: 'core.echo' }).getByText('"hello"').first().waitFor();
    });
  });

  test('the places of a sentence are asked for in a form', async () => {
    await walk(async (page) => {
      await page.keyboard.press('ControlOrMeta+k');
      await page.getByRole('textbox', { name: 'Search and commands' }).fill('run cmd');
      await page.getByText('run {{ cmd }}').click();
      const form = page.getByRole('form', { name: 'Runs core.local.' });
      await form.getByRole('button', { name: 'Run' }).click();
      await form.getByText('a value is needed').waitFor();
      await form.getByRole('textbox', { name: 'cmd' }).fill('uptime');
      await picture(page, 'bar-form');
      expect(await stage.violations(page)).toEqual([]);
      await form.getByRole('button', { name: 'Run' }).click();
      await page.getByRole('complementary', { name: 'core.local' }).waitFor();
    });
  });

  test('a key is added, changed and deleted, and a secret is never shown', async () => {
    await walk(async (page) => {
      await goTo(page, '/datastore');
      const table = page.getByRole('table', { name: 'Keys' });
      await page.getByRole('button', { name: 'Add a key' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('textbox', { name: 'Name' }).fill('mine.pin');
      await dialog.getByRole('switch', { name: 'Secret: encrypted, and never shown again' }).click();
      await dialog.getByLabel('Value', { exact: true }).fill('1234');
      await picture(page, 'key-add');
      expect(await stage.violations(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Save' }).click();
      await table
        .getByRole('row', { name: /mine\.pin/ })
        .getByText('********')
        .waitFor();
      await page.getByRole('button', { name: 'Change examples.folder' }).click();
      await dialog.getByRole('textbox', { name: 'Value' }).fill('/tmp');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await table.getByText('/tmp').waitFor();
      await page.getByRole('button', { name: 'Delete mine.pin' }).click();
      await page.getByRole('button', { name: 'Delete the key' }).click();
      await table.getByText('mine.pin').waitFor({ state: 'detached' });
      await page.getByRole('textbox', { name: 'Find a key' }).fill('nothing');
      await page.getByRole('heading', { name: 'No key fits' }).waitFor();
    });
  });

  test('the log narrows by weight and stage, and a sensor’s output is beside it', async () => {
    await walk(async (page) => {
      await goTo(page, '/logs');
      const log = page.getByRole('log', { name: 'Log of Stormlet' });
      await log.getByText('packs are read').waitFor();
      await page.getByRole('radiogroup', { name: 'Level' }).getByText('Errors').click();
      await log.getByText('packs are read').waitFor({ state: 'detached' });
      await log.getByText('virtualenv failed').waitFor();
      await page.getByRole('combobox', { name: 'Whose log' }).click();
      await page.getByRole('option', { name: 'examples.FolderSensor' }).click();
      await page.getByRole('log', { name: 'Output of examples.FolderSensor' }).getByText('watching').waitFor();
    });
  });

  test('an action is pinned, and run from the first page', async () => {
    await walk(async (page) => {
      await goTo(page, '/actions/examples.drop_file');
      await page.getByRole('button', { name: 'Pin examples.drop_file' }).click();
      await goTo(page, '/');
      await picture(page, 'home-pinned');
      expect(await stage.violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'drop_file' }).click();
      await page.getByRole('complementary', { name: 'examples.drop_file' }).waitFor();
    });
  });
});
