import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { picture, WindowStage } from './open-window.ts';

const needed = needs('chromium');

describe.skipIf(needed.skip)(`what a desktop asks of the window${needed.reason}`, () => {
  let stage: WindowStage;
  beforeAll(async () => {
    stage = await WindowStage.start('desktop-window', needed.path);
  });
  afterAll(() => stage?.[Symbol.asyncDispose]());

  test('the command bar opens by keys of the desktop, and a route is shown', async () => {
    await using opened = await stage.open({ scheme: 'light', scenario: 'full' });
    const { page } = opened;
    await page.evaluate("fakeConnection.open('/rules')");
    await page.getByRole('heading', { level: 1, name: 'Rules' }).waitFor();
    await page.evaluate("fakeConnection.open('command-bar:')");
    await page.getByRole('textbox', { name: 'Search and commands' }).waitFor();
    expect(opened.complaints).toEqual([]);
  });

  test.each(['light', 'dark'] as const)(
    'a pack held over the window is invited, and taken when it is dropped (%s)',
    async (scheme) => {
      await using opened = await stage.open({ scheme, scenario: 'full' });
      const { page } = opened;
      const drag = (event: string) =>
        page.evaluate(`(() => {
        const data = new DataTransfer();
        data.items.add(new File(['x'], 'pack.zip'));
        window.dispatchEvent(new DragEvent('${event}', { dataTransfer: data, cancelable: true, bubbles: true }));
      })()`);
      const invitation = page.getByText('Drop a pack’s folder or archive to install it');
      await drag('dragover');
      await invitation.waitFor();
      await picture(page, `drop-pack-${scheme}`);
      expect(await stage.violations(page)).toEqual([]);
      await drag('dragleave');
      await invitation.waitFor({ state: 'detached' });
      await drag('dragover');
      await drag('drop');
      await invitation.waitFor({ state: 'detached' });
      expect(await page.evaluate('fakeConnection.dropped')).toEqual(['pack.zip']);
      expect(opened.complaints).toEqual([]);
    },
  );
});
