import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { goTo, type OpenWindow, picture, WindowStage } from './open-window.ts';

/** `shows`: what is there once the page is. */
const PAGES = [
  { name: 'home', path: '/', shows: { role: 'list', name: 'What happened last' } },
  { name: 'packs', path: '/packs', shows: { role: 'list', name: 'Packs' } },
  { name: 'pack', path: '/packs/examples', shows: { role: 'heading', name: 'examples' } },
  { name: 'pack-failed', path: '/packs/jira', shows: { role: 'heading', name: 'jira' } },
  { name: 'rules', path: '/rules', shows: { role: 'list', name: 'Rules' } },
  { name: 'rule-own', path: '/rules/default.warn_when_busy', shows: { role: 'list', name: 'Tested events' } },
  { name: 'rule-of-pack', path: '/rules/examples.greet_new_file', shows: { role: 'heading', name: 'greet_new_file' } },
  {
    name: 'rule-new',
    path: '/rules/new?trigger=examples.file_created&action=core.http',
    shows: { role: 'form', name: 'New rule' },
  },
  { name: 'actions', path: '/actions', shows: { role: 'textbox', name: 'Find an action' } },
  { name: 'action', path: '/actions/core.http', shows: { role: 'form', name: 'Parameters' } },
  { name: 'inquiries', path: '/inquiries', shows: { role: 'form', name: 'Answer to core.ask' } },
  {
    name: 'execution-asking',
    path: '/history/executions/run-question',
    shows: { role: 'region', name: 'It waits for your answer' },
  },
  { name: 'executions', path: '/history/executions', shows: { role: 'table', name: 'Executions' } },
  { name: 'execution', path: '/history/executions/run-99993', shows: { role: 'region', name: 'Parameters value' } },
  { name: 'events', path: '/history/events', shows: { role: 'table', name: 'Events' } },
  { name: 'event', path: '/history/events/event-99990', shows: { role: 'region', name: 'Payload value' } },
  {
    name: 'trace',
    path: '/history/trace/event-99994?of=run-99994-1',
    shows: { role: 'log', name: 'Output' },
  },
  { name: 'workflow', path: '/actions/examples.tidy_folder', shows: { role: 'region', name: 'Workflow' } },
  { name: 'datastore', path: '/datastore', shows: { role: 'table', name: 'Keys' } },
  { name: 'logs', path: '/logs', shows: { role: 'log', name: 'Log of Stormlet' } },
  { name: 'settings', path: '/settings', shows: { role: 'region', name: 'Quiet hours' } },
  { name: 'settings-python', path: '/settings?section=python', shows: { role: 'region', name: 'Virtualenvs' } },
  { name: 'settings-actions', path: '/settings?section=actions', shows: { role: 'region', name: 'History' } },
  {
    name: 'settings-limits',
    path: '/settings?section=limits',
    shows: { role: 'region', name: 'Limits of Python actions' },
  },
  { name: 'settings-editor', path: '/settings?section=editor', shows: { role: 'region', name: 'Opening files' } },
  { name: 'action-policies', path: '/actions/examples.greet_file', shows: { role: 'list', name: 'Policies' } },
  {
    name: 'execution-over-limit',
    path: '/history/executions/run-over-limit',
    shows: { role: 'link', name: 'Change its limits' },
  },
  { name: 'settings-bus', path: '/settings?section=bus', shows: { role: 'form', name: 'New bus key' } },
  { name: 'settings-api', path: '/settings?section=api', shows: { role: 'form', name: 'New API key' } },
  { name: 'settings-backup', path: '/settings?section=backup', shows: { role: 'list', name: 'Backups' } },
  { name: 'diagnostics', path: '/settings?section=diagnostics', shows: { role: 'list', name: 'Checks' } },
  { name: 'nowhere', path: '/no/such/page', shows: { role: 'heading', name: 'There is nothing at this address' } },
] as const;

const needed = needs('chromium');

describe.skipIf(needed.skip).each(['light', 'dark'] as const)(`in %s colours${needed.reason}`, (scheme) => {
  let stage: WindowStage;
  let opened: OpenWindow;
  beforeAll(async () => {
    stage = await WindowStage.start(`pages-${scheme}`, needed.path);
    opened = await stage.open({ scheme, scenario: 'full' });
  });
  afterAll(async () => {
    await opened?.[Symbol.asyncDispose]();
    await stage?.[Symbol.asyncDispose]();
  });

  test.each(PAGES)('$name is accessible, fits a narrow window and breaks no policy', async ({ name, path, shows }) => {
    const { page, complaints } = opened;
    await page.setViewportSize({ width: 1280, height: 860 });
    await goTo(page, path);
    await page.getByRole(shows.role, { name: shows.name, exact: true }).waitFor();
    await page.locator('[aria-label="Loading"]').first().waitFor({ state: 'detached' });
    await picture(page, `${name}-1280-${scheme}`);
    expect(await stage.violations(page)).toEqual([]);
    await page.setViewportSize({ width: 800, height: 860 });
    await picture(page, `${name}-800-${scheme}`);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    expect(complaints.splice(0)).toEqual([]);
  });
});
