import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { goTo, type OpenWindow, picture, WindowStage } from './open-window.ts';
import { PAGES } from './window-pages.ts';

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
