import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { desktopClipboard } from '../../main/electron/clipboard.ts';
import { desktopShortcuts } from '../../main/electron/shortcuts.ts';
import { fakeElectron } from '../electron/fake-electron.ts';
import { startTestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

const TRY_IT = 'shortcut.notice_shortcut' as ResourceRef;
const ACCELERATOR = 'CommandOrControl+Alt+K';

test('a shortcut is registered while a rule that names it is switched on, and runs that rule alone', async () => {
  await using desk = await startDesktop();
  expect(desk.globalShortcut.pressed.size).toBe(0);
  await desk.rule('other', 'Alt+O');
  await desk.client.rules.setEnabled({ ref: TRY_IT, enabled: true });
  await until('both are registered', () => desk.globalShortcut.pressed.size === 2);
  desk.globalShortcut.pressed.get(ACCELERATOR)?.();
  const notice = await until('the notice is shown', () => desk.notices[0]);
  expect(notice).toMatchObject({ title: 'Shortcuts work', body: `${ACCELERATOR} was pressed.` });
  const { items } = await desk.client.triggers.page({});
  expect(items).toMatchObject([{ source: 'engine', status: 'processed', payload: { accelerator: ACCELERATOR } }]);
  const { verdicts } = await desk.client.triggers.get({ id: items[0]?.id ?? '' });
  expect(verdicts.map(({ rule }) => rule)).toEqual([TRY_IT]);
  await desk.client.rules.setEnabled({ ref: TRY_IT, enabled: false });
  await until('it is free again', () => !desk.globalShortcut.pressed.has(ACCELERATOR));
});

test('a shortcut that cannot be registered is said of its rule', async () => {
  await using desk = await startDesktop();
  desk.globalShortcut.taken.add(ACCELERATOR);
  await desk.client.rules.setEnabled({ ref: TRY_IT, enabled: true });
  expect(await desk.problemsOf(TRY_IT)).toMatchObject([
    { severity: 'warning', code: 'shortcut/taken', message: expect.stringContaining(ACCELERATOR) },
  ]);
  desk.globalShortcut.taken.clear();
  await desk.rule('broken', 'no keys!');
  await until('it is tried again', () => desk.globalShortcut.pressed.has(ACCELERATOR));
  expect(await desk.problemsOf(TRY_IT)).toEqual([]);
  expect(await desk.problemsOf('default.broken' as ResourceRef)).toMatchObject([{ code: 'shortcut/invalid' }]);
});

test('a copied text is an event only where the configuration asks for it', async () => {
  await using desk = await startDesktop();
  await desk.run('clipboard.write', { text: 'first' });
  expect(await desk.run('clipboard.read')).toMatchObject({
    status: 'succeeded',
    result: { result: { text: 'first', summary: '5 characters' } },
  });
  await mkdir(path.join(desk.home, 'config/configs'), { recursive: true });
  await writeFile(path.join(desk.home, 'config/configs/clipboard.yaml'), 'watch: true\n');
  await until('the configuration is taken up', () => desk.readsOfClipboard() > 1);
  desk.clipboard.text = 'second';
  const instance = await until('the change is told', async () => {
    const { items } = await desk.client.triggers.page({ trigger: 'clipboard.changed' });
    return items[0];
  });
  expect(instance).toMatchObject({ source: 'engine', payload: { text: 'second', length: 6, is_cut: false } });
  expect(desk.log.join()).not.toContain('second');
});

test('without a desktop the actions say what they need, and so do the rules', async () => {
  await using engine = await startTestEngine();
  expect(await engine.run('clipboard.read')).toMatchObject({
    status: 'failed',
    fault: { code: 'host/desktop-missing', kind: 'environment', message: expect.stringContaining('desktop app') },
  });
  const { problems } = await engine.client.rules.get({ ref: TRY_IT });
  expect(problems).toMatchObject([{ severity: 'warning', code: 'host/desktop-missing' }]);
});

/** The engine with the ports of the desktop app, over an Electron that only remembers. */
async function startDesktop() {
  const { surface, clipboard, globalShortcut } = fakeElectron();
  const port = desktopClipboard(surface.clipboard);
  let reads = 0;
  const counting = {
    ...port,
    readText: () => {
      reads += 1;
      return port.readText();
    },
  };
  const engine = await startTestEngine({
    desktop: { clipboard: counting, shortcuts: desktopShortcuts(surface.globalShortcut) },
  });
  return {
    ...engine,
    clipboard,
    globalShortcut,
    readsOfClipboard: () => reads,
    problemsOf: async (ref: ResourceRef) => (await engine.client.rules.get({ ref })).problems,
    rule: (name: string, accelerator: string) =>
      engine.client.rules.create({
        ...{ name, description: '', enabled: true, criteria: {}, parameters: {} },
        trigger: 'shortcut.pressed' as ResourceRef,
        triggerParameters: { accelerator },
        action: 'core.noop' as ResourceRef,
      }),
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}
