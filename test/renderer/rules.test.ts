import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { goTo, type OpenWindow, picture, WindowStage } from './open-window.ts';

const needed = needs('chromium');

describe.skipIf(needed.skip)(`what a person does with rules${needed.reason}`, () => {
  let stage: WindowStage;
  beforeAll(async () => {
    stage = await WindowStage.start('rules', needed.path);
  });
  afterAll(() => stage?.[Symbol.asyncDispose]());

  async function walk(steps: (page: Page) => Promise<void>): Promise<void> {
    await using opened: OpenWindow = await stage.open({ scheme: 'light', scenario: 'full' });
    await steps(opened.page);
    expect(opened.complaints).toEqual([]);
  }

  test('a rule is made from a trigger, a condition and an action', async () => {
    await walk(async (page) => {
      await goTo(page, '/rules');
      await page.getByRole('link', { name: 'New rule' }).click();
      await choose(page, 'Trigger', 'examples.file_created');
      await page.getByRole('button', { name: 'Add a condition' }).click();
      await page.getByRole('combobox', { name: 'Field of condition 1' }).click();
      await page.getByRole('option', { name: 'trigger.size' }).click();
      await choose(page, 'Operator of condition 1', 'is less than');
      await page.getByRole('textbox', { name: 'Value of condition 1' }).fill('30000');
      await choose(page, 'Action', 'core.echo');
      await page.getByRole('button', { name: 'Take message from the event' }).click();
      await page.getByRole('menuitem', { name: 'trigger.path' }).click();
      await page.getByText(/Would have matched \d+ of \d+ events/).waitFor();
      await picture(page, 'rule-form');
      expect(await stage.violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Create rule' }).click();
      await page.getByRole('heading', { level: 1, name: 'file_created_echo' }).waitFor();
      await page.getByRole('button', { name: '{{ trigger.path }}' }).waitFor();
    });
  });

  test('a rule that says nothing yet tells what it needs', async () => {
    await walk(async (page) => {
      await goTo(page, '/rules/new?trigger=examples.file_created');
      await page.getByRole('textbox', { name: 'Description' }).fill('x');
      await page.getByRole('button', { name: 'Create rule' }).click();
      await page.getByText('choose what the rule does').waitFor();
    });
  });

  test('form and YAML stay in step, and a comment outlives both', async () => {
    await walk(async (page) => {
      await goTo(page, '/rules/default.warn_when_busy');
      await page.getByRole('tab', { name: 'YAML' }).click();
      await page.getByRole('textbox', { name: 'YAML of the rule' }).click();
      await page.keyboard.press('Control+Home');
      await page.keyboard.insertText('# mine\n');
      await page.getByRole('tab', { name: 'Form' }).click();
      await page.getByRole('textbox', { name: 'Value of condition 1' }).fill('7');
      await page.getByRole('button', { name: '7', exact: true }).waitFor();
      await page.getByRole('tab', { name: 'YAML' }).click();
      const editor = page.getByRole('textbox', { name: 'YAML of the rule' });
      await editor.getByText('# mine').waitFor();
      await editor.getByText('pattern: 7').waitFor();
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('not saved yet').waitFor({ state: 'detached' });
    });
  });

  test('a chip of the sentence leads to its field', async () => {
    await walk(async (page) => {
      await goTo(page, '/rules/default.warn_when_busy');
      await page.getByRole('tab', { name: 'YAML' }).click();
      await page.getByRole('button', { name: 'one_minute', exact: true }).click();
      const field = page.getByRole('combobox', { name: 'Field of condition 1' });
      await field.waitFor();
      expect(await field.evaluate((input) => input === input.ownerDocument.activeElement)).toBe(true);
    });
  });

  test('a changed rule is set against what it did, criterion by criterion', async () => {
    await walk(async (page) => {
      await goTo(page, '/rules/default.warn_when_busy');
      await page.getByText('Would have matched 0 of 12 events.').waitFor();
      await page.getByRole('textbox', { name: 'Value of condition 1' }).fill('0.1');
      await page.getByText('Would have matched 12 of 12 events.').waitFor();
      await page.getByText('12 more, 0 less').waitFor();
      await page.getByRole('list', { name: 'Tested events' }).locator('summary').first().click();
      await page.getByRole('region', { name: 'Rendered parameters value' }).getByText('busy: 0.42').first().waitFor();
      await picture(page, 'rule-tested');
      expect(await stage.violations(page)).toEqual([]);
      await choose(page, 'Which events', 'Last 24 hours');
      await page.getByText(/Would have matched/).waitFor();
      await page.getByText('Try an event of your own').click();
      await page.getByRole('textbox', { name: 'Payload' }).fill('{"one_minute": 0.05}');
      await page.getByRole('button', { name: 'Try it' }).click();
      await page.getByRole('status', { name: 'What the rule makes of it' }).getByText('not matched').waitFor();
    });
  });

  test('a rule that cannot be saved shows its fault at its line', async () => {
    await walk(async (page) => {
      await goTo(page, '/rules/default.warn_when_busy');
      await page.getByRole('tab', { name: 'YAML' }).click();
      const editor = page.getByRole('textbox', { name: 'YAML of the rule' });
      await editor.click();
      await page.keyboard.press('Control+End');
      await page.keyboard.insertText('\tbroken');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('warn_when_busy.yaml:16').waitFor();
      await page.locator('.cm-lint-marker-error').waitFor();
      await picture(page, 'rule-fault');
    });
  });

  test('the YAML editor offers triggers as they are typed', async () => {
    await walk(async (page) => {
      await goTo(page, '/rules/new');
      await page.getByRole('tab', { name: 'YAML' }).click();
      await page.getByRole('textbox', { name: 'YAML of the rule' }).click();
      await page.keyboard.press('Control+a');
      await page.keyboard.insertText('trigger:\n  type: ');
      await page.keyboard.type('file');
      await page.getByRole('option', { name: /examples.file_created/ }).waitFor();
      await picture(page, 'rule-completion');
    });
  });

  test('a rule of a pack is duplicated into one of one’s own, and found by its label', async () => {
    await walk(async (page) => {
      await goTo(page, '/rules/examples.greet_new_file');
      await page.getByRole('link', { name: 'Duplicate' }).click();
      const labels = page.getByRole('combobox', { name: 'Labels' });
      await labels.fill('home');
      await labels.press('Enter');
      await page.getByRole('button', { name: 'Create rule' }).click();
      await page.getByRole('heading', { level: 1, name: 'greet_new_file_copy' }).waitFor();
      await goTo(page, '/rules?label=home');
      await page.getByRole('link', { name: 'greet_new_file_copy' }).waitFor();
      await picture(page, 'rules-labelled');
      expect(await stage.violations(page)).toEqual([]);
      expect(await page.getByRole('list', { name: 'Rules' }).getByRole('listitem').count()).toBe(1);
    });
  });
});

async function choose(page: Page, field: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: field, exact: true }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}
