import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { goTo, type OpenWindow, picture, WindowStage } from './open-window.ts';

const needed = needs('chromium');

describe.skipIf(needed.skip)(`what a person does in the window${needed.reason}`, () => {
  let stage: WindowStage;
  beforeAll(async () => {
    stage = await WindowStage.start('window', needed.path);
  });
  afterAll(() => stage?.[Symbol.asyncDispose]());

  /** Every walk ends with a look at what the browser complained about. */
  async function walk(
    scenario: 'full' | 'first-run',
    steps: (page: Page) => Promise<void>,
    paceMs = 40,
  ): Promise<void> {
    await using opened: OpenWindow = await stage.open({ scheme: 'light', scenario, paceMs });
    await steps(opened.page);
    expect(opened.complaints).toEqual([]);
  }

  test('the guided minute leads from an empty machine to a notice', async () => {
    await walk(
      'first-run',
      async (page) => {
        await picture(page, 'first-run-before');
        await page.getByRole('button', { name: 'Install the example pack and fire its event' }).click();
        await page.getByRole('list', { name: 'Steps', exact: true }).getByText('Install requirements').waitFor();
        await picture(page, 'first-run-during');
        await page.getByRole('link', { name: 'See what it did' }).waitFor();
        await picture(page, 'first-run-after');
        expect(await stage.violations(page)).toEqual([]);
        await page.getByRole('link', { name: 'See what it did' }).click();
        await page.getByRole('complementary', { name: 'examples.greet_file' }).waitFor();
      },
      200,
    );
  });

  test('a pack is installed with its steps and output in sight, and can be removed', async () => {
    await walk('first-run', async (page) => {
      await goTo(page, '/packs');
      await page.getByRole('button', { name: 'Install a pack' }).click();
      const dialog = page.getByRole('dialog', { name: 'Install a pack' });
      const found = dialog.getByRole('listbox', { name: 'Packs found' });
      await found.getByRole('option', { name: 'weather' }).waitFor();
      await picture(page, 'install-choose');
      expect(await stage.violations(page)).toEqual([]);
      await dialog.getByRole('textbox', { name: 'Pack to install' }).fill('first pack');
      await found.getByRole('option', { name: 'weather' }).waitFor({ state: 'detached' });
      await page.keyboard.press('ArrowDown');
      await picture(page, 'install-search');
      expect(await stage.violations(page)).toEqual([]);
      await page.keyboard.press('Enter');
      await dialog.getByRole('log', { name: 'Output' }).getByText('Collecting humanize').waitFor();
      await picture(page, 'install-running');
      expect(await stage.violations(page)).toEqual([]);
      await dialog.getByRole('status', { name: 'State of the execution' }).getByText('succeeded').waitFor();
      await dialog.getByRole('button', { name: 'Done' }).click();
      await page.getByRole('list', { name: 'Packs' }).getByRole('link', { name: 'examples' }).click();
      await page.getByRole('button', { name: 'Remove', exact: true }).click();
      await picture(page, 'remove');
      await page.getByRole('dialog').getByRole('button', { name: 'Remove the pack' }).click();
      await page
        .getByRole('list', { name: 'Packs' })
        .getByRole('link', { name: 'examples' })
        .waitFor({ state: 'detached' });
    });
  });

  test('an installation can be cancelled', async () => {
    // Slow enough that the click comes before the end, on a busy machine too.
    const slow = 5000;
    const steps = async (page: Page) => {
      await goTo(page, '/packs');
      await page.getByRole('button', { name: 'Install a pack' }).click();
      await page.getByRole('textbox', { name: 'Pack to install' }).fill('/home/ada/src/mine');
      await page.getByRole('button', { name: 'Install', exact: true }).click();
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.getByRole('status', { name: 'State of the execution' }).getByText('canceled').waitFor();
    };
    await walk('first-run', steps, slow);
  });

  test('an action is run from its form, which says what is missing first', async () => {
    await walk('full', async (page) => {
      await goTo(page, '/actions');
      await page.getByRole('textbox', { name: 'Find an action' }).fill('shell');
      await page.getByRole('link', { name: 'core.local' }).click();
      await page.getByRole('button', { name: 'Run' }).click();
      await page.getByText('a value is needed').waitFor();
      await page.getByRole('textbox', { name: 'cmd' }).fill('uptime');
      await page.getByRole('button', { name: 'Run' }).click();
      await page.getByRole('log', { name: 'Output' }).getByText('uptime').waitFor();
      await page.getByRole('button', { name: 'Run again' }).waitFor();
      await picture(page, 'action-done');
      expect(await stage.violations(page)).toEqual([]);
    });
  });

  test('a question is answered in a form made from its schema', async () => {
    await walk('full', async (page) => {
      await goTo(page, '/');
      await page.getByRole('link', { name: 'core.ask waits for your answer' }).click();
      const form = page.getByRole('form', { name: 'Answer to core.ask' });
      await form.getByRole('button', { name: 'Answer' }).click();
      await page.getByText('a value is needed').waitFor();
      await picture(page, 'question-fault');
      expect(await stage.violations(page)).toEqual([]);
      await choose(page, 'approve', 'true');
      await form.getByRole('button', { name: 'Answer' }).click();
      await page.getByRole('heading', { name: 'Nothing waits for an answer' }).waitFor();
      await picture(page, 'question-answered');
      expect(await stage.violations(page)).toEqual([]);
    });
  });

  test('everything that has a name is found from the keyboard', async () => {
    await walk('full', async (page) => {
      await page.keyboard.press('ControlOrMeta+k');
      await page.getByRole('textbox', { name: 'Search and commands' }).fill('core.http');
      await picture(page, 'palette');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'http' }).waitFor();
    });
  });

  test('a paused engine is told on every page, and resumed from there', async () => {
    await walk('full', async (page) => {
      await page.getByRole('button', { name: 'Pause rules' }).click();
      await page.getByText('Events are recorded').waitFor();
      await picture(page, 'paused');
      expect(await stage.violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Resume', exact: true }).click();
      await page.getByText('Events are recorded').waitFor({ state: 'detached' });
    });
  });

  test('a window that lost the engine says so and comes back', async () => {
    await walk('full', async (page) => {
      await page.evaluate('fakeConnection.disconnect()');
      await page.getByRole('alert').getByText("Stormlet can't be reached").waitFor();
      await picture(page, 'offline');
      expect(await stage.violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Try now' }).click();
      await page.getByRole('alert').waitFor({ state: 'detached' });
    });
  });
});

async function choose(page: Page, field: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: field, exact: true }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}
