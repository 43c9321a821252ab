import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { goTo, type OpenWindow, picture, WindowStage } from './open-window.ts';

const needed = needs('chromium');

describe.skipIf(needed.skip)(`files that the window names${needed.reason}`, () => {
  let stage: WindowStage;
  beforeAll(async () => {
    stage = await WindowStage.start('open-file', needed.path);
  });
  afterAll(() => stage?.[Symbol.asyncDispose]());

  async function walk(steps: (page: Page) => Promise<void>, scheme: 'light' | 'dark' = 'light'): Promise<void> {
    await using opened: OpenWindow = await stage.open({ scheme, scenario: 'full' });
    await steps(opened.page);
    expect(opened.complaints).toEqual([]);
  }

  const opens = async (page: Page, name: RegExp, file: string) => {
    await page.getByRole('button', { name }).click();
    const toast = page.getByRole('alert').filter({ hasText: file });
    await toast.getByText('is open in Visual Studio Code').waitFor();
    await toast.getByRole('button', { name: 'Dismiss' }).click();
  };

  test('a broken file opens at its line, from where its problem is told', async () => {
    await walk(async (page) => {
      await goTo(page, '/packs/weather');
      await opens(page, /weather\/pack\.yaml:\d+: open in the editor/, 'pack.yaml');
      await picture(page, 'file-problem');
      expect(await stage.violations(page)).toEqual([]);
    });
  });

  test('an action leads to its metadata and its code, a rule to its file', async () => {
    await walk(async (page) => {
      await goTo(page, '/actions/examples.greet_file');
      await opens(page, /actions\/greet_file\.py: open in the editor/, 'greet_file.py');
      await picture(page, 'file-action');
      expect(await stage.violations(page)).toEqual([]);
      await goTo(page, '/rules/examples.greet_new_file');
      await opens(page, /rules\/greet_new_file\.yaml: open in the editor/, 'greet_new_file.yaml');
    }, 'dark');
  });

  test('a task of a workflow leads to its line', async () => {
    await walk(async (page) => {
      await goTo(page, '/actions/examples.tidy_folder');
      await page.getByRole('radiogroup', { name: 'Shape' }).getByText('List').click();
      await page.getByRole('list', { name: 'Tasks' }).getByRole('button', { name: 'measure' }).click();
      await opens(page, /workflows\/tidy_folder\.yaml:17: open in the editor/, 'tidy_folder.yaml');
      expect(await stage.violations(page)).toEqual([]);
    });
  });

  test('an editor is chosen among those found, or by its command, and tried', async () => {
    await walk(async (page) => {
      await goTo(page, '/settings?section=editor');
      await page.getByRole('group', { name: 'Editors found on this machine' }).getByText('Zed').click();
      const command = page.getByRole('textbox', { name: 'Command of your editor' });
      await page.waitForFunction("document.querySelector('input').value === 'zed {file}:{line}'");
      await command.fill('kate -l {line} {file}');
      await command.press('Enter');
      await page.getByRole('button', { name: 'Try it' }).click();
      await page.getByRole('status').getByText('asked to show line 3').waitFor();
      await picture(page, 'settings-editor');
      expect(await stage.violations(page)).toEqual([]);
    });
  });
});
