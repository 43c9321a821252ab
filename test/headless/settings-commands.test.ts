import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeServer, startFakeServer } from '../support/fake-server.ts';
import { runCli } from '../support/run-cli.ts';

let server: FakeServer;
beforeAll(async () => {
  server = await startFakeServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const cli = (...args: string[]) => runCli(server.home, args);
const json = async (...args: string[]) => JSON.parse((await cli('--json', ...args)).stdout);

test('`settings` prints all of them, and a group alone', async () => {
  expect(await json('settings')).toMatchObject({ notifications: { onSuccess: true }, tray: { pinnedActions: [] } });
  expect(await json('settings', 'show', 'desktop')).toMatchObject({ startAtLogin: false, deepLinks: false });
});

test('`settings set` changes what is named and keeps the rest, also of a group within a group', async () => {
  await cli('settings', 'set', 'notifications.quietHours.from=23:15', 'notifications.quietHours.enabled=true');
  await cli('settings', 'set', 'notifications.rules={"hello.on_wave":"none"}', 'tray.pinnedActions=["hello.greet"]');
  expect(await json('settings')).toMatchObject({
    notifications: {
      onSuccess: true,
      quietHours: { enabled: true, from: '23:15', to: '07:00' },
      rules: { 'hello.on_wave': 'none' },
    },
    tray: { pinnedActions: ['hello.greet'] },
  });
});

test.each([
  ['notifications.onSucess=true', 'there is no setting `notifications.onSucess`'],
  ['notices.onSuccess=true', 'there is no group `notices`; there is: notifications, tray, desktop'],
  ['notifications.quietHours.from=25:00', 'a time of day is written `22:30`'],
  ['tray.pinnedActions=["greet"]', 'a reference is written `pack.name`'],
])('`settings set %s` is refused', async (word, why) => {
  const { exitCode, stderr } = await cli('settings', 'set', word);
  expect(stderr).toContain(why);
  expect(exitCode).not.toBe(0);
});

test('`pause --for` says until when, and `resume` ends it', async () => {
  expect((await cli('pause', '--for', '2h')).stdout).toMatch(/^automation is paused until .+/);
  expect((await cli('pause')).stdout).toBe('automation is paused');
  expect((await cli('resume')).stdout).toBe('automation goes on');
  expect((await cli('pause', '--for', '2 hours')).stderr).toContain('it is written like `45m`, `2h` or `1d`');
});
