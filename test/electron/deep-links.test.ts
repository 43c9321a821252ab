import { describe, expect, test } from 'vitest';
import { deepLinkIn, parseDeepLink } from '../../main/electron/deep-link.ts';
import { until } from '../support/until.ts';
import { preventable } from './fake-parts.ts';
import { startFakeShell } from './start-fake-shell.ts';

test.each([
  ['stormlet://install?pack=slack', 'slack'],
  ['stormlet://install?pack=slack=1.2.0', 'slack=1.2.0'],
  ['stormlet://install/?pack=StackStorm-Exchange/stackstorm-slack', 'StackStorm-Exchange/stackstorm-slack'],
  ['stormlet://install?pack=https%3A%2F%2Fexample.org%2Fpack.git', 'https://example.org/pack.git'],
])('`%s` asks for a pack', (address, install) => {
  expect(parseDeepLink(address)).toEqual({ install });
});

test.each([
  'stormlet://run?action=core.local&cmd=id',
  'stormlet://install',
  'stormlet://install?pack=',
  'stormlet://install?pack=slack&force=true',
  'stormlet://install?pack=slack&pack=other',
  'stormlet://install/other?pack=slack',
  'stormlet://user:word@install?pack=slack',
  'stormlet://install?pack=/home/someone/Downloads/pack',
  'stormlet://install?pack=../pack',
  'stormlet://install?pack=file:///home/someone/pack',
  'stormlet://install?pack=http://example.org/pack.git',
  'stormlet://install?pack=ssh://example.org/pack.git',
  'stormlet://install?pack=ext::sh%20-c%20id',
  'stormlet://install?pack=https://user:word@example.org/pack.git',
  'stormlet://install?pack=--upload-pack%3Dx',
  'stormlet://install?pack=a%0Ab',
  'stormlet://install?pack=%E2%80%AEslack',
  `stormlet://install?pack=https://example.org/${'a'.repeat(300)}`,
  'https://install?pack=slack',
  'no address',
])('`%s` asks for nothing', (address) => {
  expect(parseDeepLink(address)).toBeUndefined();
});

test('of the arguments of a start, only an address counts', () => {
  expect(deepLinkIn(['/opt/stormlet', '--hidden', 'stormlet://install?pack=a', '--no-sandbox'])).toBe(
    'stormlet://install?pack=a',
  );
  expect(deepLinkIn(['/opt/stormlet', '--inspect'])).toBeUndefined();
});

const LINK = 'stormlet://install?pack=slack';

async function startWith(deepLinks: boolean, args: readonly string[] = []) {
  const shell = startFakeShell({ args });
  await shell.client.settings.update({ desktop: { deepLinks } });
  shell.emit('settings.changed', await shell.client.settings.get());
  await until(
    'the shell has followed',
    () => shell.app.calls.some((call) => call.includes('ProtocolClient')) || !deepLinks,
  );
  return shell;
}

describe('an address from outside', () => {
  test('is not even looked at while the settings do not allow it', async () => {
    const shell = await startWith(false, [LINK]);
    shell.app.emit('second-instance', {}, ['/opt/stormlet', LINK]);
    await until('that is in the log', () => shell.logged.filter((line) => line.includes('not followed')).length >= 2);
    expect(shell.dialog.questions).toEqual([]);
    expect(shell.app.calls).not.toContain('setAsDefaultProtocolClient stormlet');
  });

  test('is asked about, with its source and what will run, and installed after a yes', async () => {
    const shell = await startWith(true);
    shell.dialog.press = 'Install';
    shell.app.emit('second-instance', {}, ['/opt/stormlet', '--inspect', LINK]);
    await until('it is installed', () => shell.runs.length > 0);
    const [question] = shell.dialog.questions;
    expect(question).toMatchObject({ message: 'Install this pack?', defaultId: 0, cancelId: 0 });
    expect(question?.detail).toContain('slack');
    expect(question?.detail).toContain('its actions run with all of your rights');
    expect(shell.runs).toMatchObject([{ action: 'packs.install', parameters: { packs: ['slack'] } }]);
  });

  test('is forgotten after a no', async () => {
    const shell = await startWith(true);
    shell.dialog.press = 'Cancel';
    shell.app.emit('second-instance', {}, [LINK]);
    await until('it was asked about', () => shell.dialog.questions.length > 0);
    expect(shell.runs).toEqual([]);
  });

  test('is asked about one at a time', async () => {
    const shell = await startWith(true);
    for (let times = 0; times < 20; times += 1) shell.app.emit('second-instance', {}, [LINK]);
    expect(shell.dialog.questions).toHaveLength(1);
  });

  test('is also taken as macOS gives it, and from the arguments of a first start', async () => {
    const mac = await startWith(true);
    const event = preventable();
    mac.app.emit('open-url', event, LINK);
    expect(event.isPrevented).toBe(true);
    expect(mac.dialog.questions).toHaveLength(1);
    const first = startFakeShell({ args: ['--hidden', LINK], settings: { desktop: { deepLinks: true } } });
    await until('it was asked about', () => first.dialog.questions.length > 0);
    expect(first.dialog.questions[0]?.detail).toContain('slack');
  });

  test('is no longer the app’s once that is switched off', async () => {
    const shell = await startWith(true);
    await shell.client.settings.update({ desktop: { deepLinks: false } });
    shell.emit('settings.changed', await shell.client.settings.get());
    await until('the system knows', () => shell.app.calls.includes('removeAsDefaultProtocolClient stormlet'));
    shell.app.emit('second-instance', {}, [LINK]);
    expect(shell.dialog.questions).toEqual([]);
  });
});
