import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { RealWindow } from './real-window.ts';

// What README tells of the first five minutes, done by nothing but the window. The numbers are those of README's steps.

/** 1. The first page offers the pack; its virtualenv is built in sight. */
export async function installTheExamples(window: RealWindow): Promise<void> {
  const { page } = window;
  await page.getByRole('heading', { name: 'Welcome to Stormlet' }).waitFor();
  await window.picture('first-run-before');
  await page.getByRole('button', { name: 'Install the example pack and fire its event' }).click();
  const steps = page.getByRole('list', { name: 'Steps', exact: true });
  await steps
    .getByText(/requirements|virtualenv/i)
    .first()
    .waitFor();
  await window.picture('first-run-during');
  await page.getByRole('link', { name: 'See what it did' }).waitFor({ timeout: 120_000 });
  expect(page.url(), 'the token stays in the address').not.toContain('token');
}

/** 2. The file is dropped, and the notice tells what it is. */
export async function readTheNotice(window: RealWindow): Promise<void> {
  const { page } = window;
  const told = page.getByRole('list', { name: 'First steps' }).getByRole('listitem').last();
  await told.getByText(/hello\.txt/).waitFor();
  await page.getByRole('list', { name: 'What happened last' }).getByText('examples.file_dropped').waitFor();
  await window.picture('first-run');
}

/** 3. The event with each rule's verdict, and the execution with its output. */
export async function lookIntoTheHistory(window: RealWindow): Promise<void> {
  const { page } = window;
  await window.visit('History');
  await page.getByRole('tab', { name: 'Events' }).click();
  await page.getByRole('link', { name: /examples\.file_dropped/ }).click();
  await page.getByRole('complementary').getByRole('link', { name: 'Trace' }).click();
  const map = page.getByRole('list', { name: 'What followed' });
  await verdict(page, 'examples.describe_dropped_file').getByText('matched', { exact: true }).waitFor();
  await verdict(page, 'examples.report_dropped_text').getByText('not matched', { exact: true }).waitFor();
  await verdict(page, 'examples.report_dropped_text').getByText('".txt"').waitFor();
  await map.getByRole('link', { name: 'examples.describe_file' }).click();
  const detail = page.getByRole('region', { name: 'The part in detail' });
  await detail.getByRole('region', { name: 'Result value' }).getByText('hello.txt').first().waitFor();
  await detail.getByRole('log', { name: 'Output' }).getByText('described').waitFor();
  await window.picture('what-it-did');
}

function verdict(page: Page, rule: string) {
  return page.getByRole('list', { name: 'What followed' }).getByRole('listitem').filter({ hasText: rule });
}

/** 4. A rule is switched off. */
export async function switchARuleOff(window: RealWindow): Promise<void> {
  const { page } = window;
  await window.visit('Rules');
  // What is drawn lies over the box that it stands for.
  await page.getByRole('switch', { name: 'Rule warn_disk_almost_full is on' }).click({ force: true });
  await page.getByTestId('rule-examples.warn_disk_almost_full').getByText('disabled').waitFor();
  await window.picture('rule-off');
}

/** 4. A rule of one's own, whose fields are picked from the event that came. */
export async function makeARule(window: RealWindow): Promise<void> {
  const { page } = window;
  await page.getByRole('link', { name: 'New rule' }).click();
  await window.choose('Trigger', 'examples.file_dropped');
  await page.getByRole('button', { name: 'Add a condition' }).click();
  await page.getByRole('combobox', { name: 'Field of condition 1' }).click();
  await page.getByRole('option', { name: 'trigger.name hello.txt' }).click();
  await page.getByRole('textbox', { name: 'Value of condition 1' }).fill('mine.txt');
  await window.choose('Action', 'core.echo');
  await page.getByRole('button', { name: 'Take message from the event' }).click();
  await page.getByRole('menuitem', { name: 'trigger.path', exact: true }).click();
  await page.getByRole('textbox', { name: /^Name/ }).fill('see_mine');
  await page.getByText('Would have matched 0 of 1 event.').waitFor();
  await window.picture('new-rule');
  await page.getByRole('button', { name: 'Create rule' }).click();
  await page.getByRole('heading', { level: 1, name: 'see_mine' }).waitFor();
}

/** 4. It answers the next file. */
export async function seeItMatch(window: RealWindow): Promise<void> {
  const { page } = window;
  await window.visit('Actions');
  await page.getByRole('link', { name: 'examples.drop_file' }).click();
  await page.getByRole('textbox', { name: 'name' }).fill('mine.txt');
  await page.getByRole('button', { name: 'Run' }).click();
  const notice = page.getByRole('alert').filter({ hasText: 'core.echo succeeded' });
  await notice.getByRole('button', { name: 'Show the execution' }).click();
  await page
    .getByRole('complementary', { name: 'core.echo' })
    .getByText(/mine\.txt$/)
    .first()
    .waitFor();
  await window.picture('own-rule-answered');
}

/** 5. Two actions, by the forms that their descriptions make. */
export async function runActions(window: RealWindow, site: string): Promise<void> {
  const { page } = window;
  await runByForm(window, 'core.local', 'cmd', 'echo hello from a shell');
  await page.getByRole('log', { name: 'Output' }).getByText('hello from a shell').waitFor();
  await window.picture('action');
  await runByForm(window, 'core.http', 'url', site);
  await page.getByRole('region', { name: 'Result value' }).getByText('hello from a server').waitFor();
}

async function runByForm(window: RealWindow, action: string, field: string, value: string): Promise<void> {
  const { page } = window;
  await window.visit('Actions');
  await page.getByRole('textbox', { name: 'Find an action' }).fill(action.replace('core.', ''));
  await page.getByRole('link', { name: action, exact: true }).click();
  await page.getByRole('textbox', { name: field, exact: true }).fill(value);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByRole('button', { name: 'Run again' }).waitFor();
}

/** The bar that leads everywhere: to a rule by two of its words. */
export async function useTheCommandBar(window: RealWindow): Promise<void> {
  const { page } = window;
  await page.keyboard.press('Control+k');
  await page.getByRole('textbox', { name: 'Search and commands' }).fill('see mine');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'see_mine' }).waitFor();
  await window.picture('own-rule');
}
