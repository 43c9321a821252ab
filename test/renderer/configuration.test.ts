import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { goTo, type OpenWindow, picture, WindowStage } from './open-window.ts';

const needed = needs('chromium');

describe.skipIf(needed.skip)(`a pack is configured in the window${needed.reason}`, () => {
  let stage: WindowStage;
  beforeAll(async () => {
    stage = await WindowStage.start('configuration', needed.path);
  });
  afterAll(() => stage?.[Symbol.asyncDispose]());

  async function walk(scheme: 'light' | 'dark', steps: (page: Page) => Promise<void>): Promise<void> {
    await using opened: OpenWindow = await stage.open({ scheme, scenario: 'full' });
    await steps(opened.page);
    expect(await stage.violations(opened.page)).toEqual([]);
    expect(opened.complaints).toEqual([]);
  }

  const form = (page: Page) => page.getByRole('form', { name: 'Configuration' });
  const group = (page: Page, name: string) => form(page).getByRole('group', { name, exact: true });
  const save = (page: Page) => form(page).getByRole('button', { name: 'Save' });

  test('what is missing is told on Home and in the list, and saved in the form', () =>
    walk('light', async (page) => {
      await page.getByRole('link', { name: 'Pack examples needs configuration' }).waitFor();
      await goTo(page, '/packs');
      await page.getByText('needs configuration').waitFor();
      await goTo(page, '/packs/examples');
      await picture(page, 'config-form');
      expect(await save(page).isDisabled()).toBe(true);
      expect(await form(page).getByRole('textbox', { name: 'retries' }).getAttribute('placeholder')).toBe('3');
      expect(await form(page).getByLabel('token', { exact: true }).inputValue()).toBe('');
      await form(page).getByRole('textbox', { name: 'url' }).fill('http://localhost');
      await form(page).getByRole('textbox', { name: 'retries' }).fill('20');
      await form(page).getByText('must be at most 10, got 20').waitFor();
      expect(await save(page).isDisabled()).toBe(true);
      await form(page).getByRole('textbox', { name: 'retries' }).fill('5');
      await group(page, 'connection').getByLabel('password', { exact: true }).fill('s3cret');
      await save(page).click();
      await page.getByText('needs configuration').waitFor({ state: 'detached' });
      const password = group(page, 'connection').getByLabel('password', { exact: true });
      expect([await password.inputValue(), await password.getAttribute('placeholder')]).toEqual([
        '',
        'set and encrypted; type to replace it',
      ]);
    }));

  test('lists and maps grow, shrink and change their order', () =>
    walk('dark', async (page) => {
      await goTo(page, '/packs/examples');
      await form(page).getByRole('button', { name: 'Add to servers' }).click();
      await group(page, 'servers 2').getByRole('textbox', { name: 'host' }).fill('two');
      await form(page).getByRole('button', { name: 'Move servers 2 up' }).click();
      await form(page).getByRole('textbox', { name: 'New key of profiles' }).fill('Red');
      await group(page, 'profiles').getByRole('button', { name: 'Add', exact: true }).click();
      await form(page).getByText('it must match ^[a-z]+$').waitFor();
      await form(page).getByRole('textbox', { name: 'New key of profiles' }).fill('red');
      await group(page, 'profiles').getByRole('button', { name: 'Add', exact: true }).click();
      await group(page, 'red').getByRole('textbox', { name: 'host' }).fill('r');
      await form(page).getByRole('textbox', { name: 'New key of labels' }).fill('team');
      await page.keyboard.press('Enter');
      await form(page).getByRole('textbox', { name: 'team' }).fill('blue');
      await picture(page, 'config-lists');
      await save(page).click();
      await page.getByText('In effect').click();
      const effective = page.getByRole('region', { name: 'In effect value' });
      const shown = JSON.parse(await effective.innerText());
      expect(shown).toMatchObject({
        servers: [{ host: 'two' }, { host: 'one', password: expect.stringMatching(/^\*{8}/) }],
        profiles: { red: { host: 'r' } },
        labels: { team: 'blue' },
      });
    }));

  test('an expression takes the place of a value, and readable secrets are encrypted at a click', () =>
    walk('light', async (page) => {
      await goTo(page, '/packs/examples');
      await page.getByText('Anyone who can read the file').waitFor();
      await page.getByRole('button', { name: 'Encrypt' }).click();
      await page.getByText('Anyone who can read the file').waitFor({ state: 'detached' });
      await form(page).getByRole('button', { name: 'Take level from the datastore' }).click();
      await page.getByRole('menuitem', { name: 'a key, by its name' }).click();
      await form(page).getByRole('textbox', { name: 'level' }).fill('{{ st2kv.system.level }}');
      await save(page).click();
      await page.getByText('YAML', { exact: true }).click();
      await page.getByText('{{ st2kv.system.level }}').waitFor();
      await picture(page, 'config-yaml');
    }));

  test('unsaved changes are not lost without a question', () =>
    walk('light', async (page) => {
      await goTo(page, '/packs/examples');
      await form(page).getByRole('textbox', { name: 'url' }).fill('http://unsaved');
      await page.getByRole('link', { name: 'Rules', exact: true }).first().click();
      const dialog = page.getByRole('dialog', { name: 'Leave without saving?' });
      await dialog.getByRole('button', { name: 'Stay here' }).click();
      expect(await form(page).getByRole('textbox', { name: 'url' }).inputValue()).toBe('http://unsaved');
      await page.getByRole('link', { name: 'Rules', exact: true }).first().click();
      await dialog.getByRole('button', { name: 'Leave' }).click();
      await page.getByRole('heading', { level: 1, name: 'Rules' }).waitFor();
    }));
});
