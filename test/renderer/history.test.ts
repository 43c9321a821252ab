import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { goTo, type OpenWindow, picture, WindowStage } from './open-window.ts';

const needed = needs('chromium');

describe.skipIf(needed.skip)(`what a person finds in the history${needed.reason}`, () => {
  let stage: WindowStage;
  beforeAll(async () => {
    stage = await WindowStage.start('history', needed.path);
  });
  afterAll(() => stage?.[Symbol.asyncDispose]());

  async function walk(steps: (page: Page) => Promise<void>): Promise<void> {
    await using opened: OpenWindow = await stage.open({ scheme: 'light', scenario: 'full' });
    await steps(opened.page);
    expect(opened.complaints).toEqual([]);
  }

  test('filters are kept in the address, and the detail opens beside the list', async () => {
    await walk(async (page) => {
      await goTo(page, '/history/executions');
      await page.getByRole('radiogroup', { name: 'Status' }).getByText('Failed').click();
      await page.waitForURL(/status=failed/);
      await page.getByRole('link', { name: 'examples.greet_file succeeded' }).first().waitFor({ state: 'detached' });
      await page.getByRole('link', { name: 'examples.greet_file failed' }).first().click();
      await page.getByRole('complementary', { name: 'examples.greet_file' }).getByText('Traceback').waitFor();
      expect(page.url()).toMatch(/status=failed/);
      await page.keyboard.press('Escape');
      await page.getByRole('complementary').waitFor({ state: 'detached' });
    });
  });

  test('a text, a rule and a time narrow the list together, and are cleared together', async () => {
    await walk(async (page) => {
      await goTo(page, '/history/executions');
      await page.getByRole('textbox', { name: 'Text in it' }).fill('invoice');
      await page.waitForURL(/text=invoice/);
      await page.getByRole('combobox', { name: 'Rule' }).click();
      await page.getByRole('option', { name: 'examples.greet_new_file' }).click();
      await page.getByRole('button', { name: 'Time: Any time' }).click();
      await page.getByRole('menuitem', { name: 'Last hour' }).click();
      await page.waitForURL(/since=/);
      await picture(page, 'history-filtered');
      expect(await stage.violations(page)).toEqual([]);
      await page.getByRole('textbox', { name: 'Text in it' }).fill('nothing like it');
      await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
      await page.getByRole('button', { name: 'Clear' }).click();
      await page.getByRole('link', { name: 'core.ask pending' }).waitFor();
      expect(page.url()).not.toMatch(/since|text|rule/);
    });
  });

  test('the arrows lead from row to row', async () => {
    await walk(async (page) => {
      await goTo(page, '/history/events');
      const links = page.getByRole('table', { name: 'Events' }).getByRole('link');
      await links.first().focus();
      await page.keyboard.press('ArrowDown');
      expect(await links.nth(1).evaluate((link) => link === link.ownerDocument.activeElement)).toBe(true);
    });
  });

  test('a trace shows verdicts, executions and their parts, each in detail', async () => {
    await walk(async (page) => {
      await goTo(page, '/history/events/event-99994');
      await page.getByRole('link', { name: 'Trace' }).click();
      const map = page.getByRole('list', { name: 'What followed' });
      await map.getByText('not matched').waitFor();
      await map.getByRole('link', { name: 'core.http' }).click();
      const detail = page.getByRole('region', { name: 'The part in detail' });
      await detail.getByRole('log', { name: 'Output' }).getByText('✔ invoice').waitFor();
      await picture(page, 'trace-part');
      expect(await stage.violations(page)).toEqual([]);
    });
  });

  test('an event is replayed, and the trace of the new one opens', async () => {
    await walk(async (page) => {
      await goTo(page, '/history/trace/event-99994');
      await page.getByRole('button', { name: 'Replay' }).click();
      await page.waitForURL(/trace\/run-200001/);
      await page.getByRole('region', { name: 'The part in detail' }).getByText('window').waitFor();
    });
  });

  test('what the filters admit is saved as JSON', async () => {
    await walk(async (page) => {
      await goTo(page, '/history/executions?status=failed');
      await page.getByRole('link', { name: 'examples.greet_file failed' }).first().waitFor();
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Export JSON' }).click();
      const saved = await download;
      expect(saved.suggestedFilename()).toBe('stormlet-executions.json');
      const rows = JSON.parse(await readFile(await saved.path(), 'utf8')) as { status: string }[];
      expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(['failed']));
    });
  });
});
