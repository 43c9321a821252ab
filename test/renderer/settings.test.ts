import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { diagnosticsText } from '../../renderer/pages/settings/diagnostics-text.ts';
import { needs } from '../support/needs.ts';
import { FAKE_CHECKS, FAKE_LOG, fakeStatus } from './fake-status.ts';
import { goTo, type OpenWindow, picture, WindowStage } from './open-window.ts';

test('a report to pass on has checks and troubles, and names nobody', () => {
  const log = [...FAKE_LOG, { at: 'now', level: 'error', scope: 'rules', text: 'in /home/ada/x.yaml' } as const];
  const nothing = { packs: [], sensors: [], rules: [] };
  const text = diagnosticsText({ ...nothing, status: fakeStatus(false), checks: FAKE_CHECKS, log, browser: 'test' });
  expect(text).toContain('warning: uv: not found');
  expect(text).toContain('error rules: in ~/x.yaml');
  expect(text).not.toMatch(/ada|packs are read/);
});

const needed = needs('chromium');

describe.skipIf(needed.skip)(`what a person sets${needed.reason}`, () => {
  let stage: WindowStage;
  beforeAll(async () => {
    stage = await WindowStage.start('settings', needed.path);
  });
  afterAll(() => stage?.[Symbol.asyncDispose]());

  async function walk(steps: (page: Page) => Promise<void>): Promise<void> {
    await using opened: OpenWindow = await stage.open({ scheme: 'light', scenario: 'full' });
    await steps(opened.page);
    expect(opened.complaints).toEqual([]);
  }

  test('quiet hours and a rule of its own choice are kept', async () => {
    await walk(async (page) => {
      await goTo(page, '/settings');
      await page
        .getByRole('switch', { name: 'Hold notices back in these hours, and tell them in one afterwards' })
        .click();
      await page.getByRole('textbox', { name: 'From', exact: true }).fill('21:30');
      await page.getByRole('textbox', { name: 'To', exact: true }).click();
      await page.getByRole('combobox', { name: 'Choose for one rule' }).click();
      await page.getByRole('option', { name: 'default.warn_when_busy' }).click();
      await page.getByRole('button', { name: 'No own choice for default.warn_when_busy' }).waitFor();
      await picture(page, 'settings-quiet');
      expect(await stage.violations(page)).toEqual([]);
      await page.getByRole('tab', { name: 'Python' }).click();
      await page.waitForURL(/section=python/);
      await page.getByRole('tab', { name: 'Notifications' }).click();
      expect(await page.getByRole('textbox', { name: 'From', exact: true }).inputValue()).toBe('21:30');
    });
  });

  test('a backup is made and put in line for the next start, and taken out again', async () => {
    await walk(async (page) => {
      await goTo(page, '/settings?section=backup');
      const list = page.getByRole('list', { name: 'Backups' });
      await page.getByRole('button', { name: 'Back up now' }).click();
      await list.getByRole('listitem').nth(1).waitFor();
      await page.getByRole('button', { name: 'Restore…' }).first().click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Restore at the next start' }).click();
      await page.getByRole('alert').getByText('is put in place at the next start').waitFor();
      await picture(page, 'backup-pending');
      expect(await stage.violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Leave everything as it is' }).click();
      await page.getByRole('alert').waitFor({ state: 'detached' });
    });
  });

  test('the password of a new bus key is told once', async () => {
    await walk(async (page) => {
      await goTo(page, '/settings?section=bus');
      const form = page.getByRole('form', { name: 'New bus key' });
      await form.getByRole('textbox', { name: 'Name' }).fill('lamp');
      const topics = form.getByRole('combobox', { name: /Topics/ });
      await topics.fill('home/lamp/#');
      await topics.press('Enter');
      await form.getByRole('button', { name: 'Create the key' }).click();
      await form.getByRole('status', { name: 'The new key' }).getByText('It is shown only now').waitFor();
      expect(await stage.violations(page)).toEqual([]);
    });
  });
});
