import { expect, test } from 'vitest';
import type { JsonObject } from '../../main/contract/json.ts';
import type { Trigger } from '../../main/contract/triggers.ts';
import { desktopSession } from '../../main/electron/session.ts';
import { SessionWatch } from '../../main/engine/watch-session.ts';
import { silentLog } from '../../main/kit/log.ts';
import { fakeElectron } from '../electron/fake-electron.ts';
import { FakeClock } from '../support/fake-clock.ts';

function start(platform: NodeJS.Platform = 'linux') {
  const clock = new FakeClock();
  const { powerMonitor } = fakeElectron();
  const dispatched: [string, JsonObject][] = [];
  const watch = new SessionWatch({
    session: desktopSession(powerMonitor, platform, silentLog),
    clock,
    dispatch: (trigger, payload) => dispatched.push([trigger, payload]),
  });
  const lookAfter = (idleSeconds: number) => {
    powerMonitor.idle = idleSeconds;
    clock.advance(5_000);
  };
  return { clock, powerMonitor, dispatched, watch, lookAfter };
}

function trigger(ref: string, type: string, parameters: JsonObject = {}): Trigger {
  return { ref, type, parameters } as Trigger;
}

const tenMinutes = trigger('system.a', 'system.idle');
const twoMinutes = trigger('system.b', 'system.idle', { minutes: 2 });

test('each rule hears when the person has been away for as long as it says, and when they are back', () => {
  const { watch, dispatched, lookAfter } = start();
  watch.sync([tenMinutes, twoMinutes]);
  lookAfter(1);
  lookAfter(125);
  lookAfter(605);
  lookAfter(610);
  lookAfter(0.4);
  expect(dispatched).toEqual([
    ['system.b', { event: 'away', minutes: 2, idle_seconds: 125 }],
    ['system.a', { event: 'away', minutes: 10, idle_seconds: 605 }],
    ['system.a', { event: 'back', minutes: 10, idle_seconds: 0 }],
    ['system.b', { event: 'back', minutes: 2, idle_seconds: 0 }],
  ]);
});

test('how it was when a rule came is no change, and without a rule nobody looks', () => {
  const { watch, dispatched, lookAfter, clock } = start();
  watch.sync([]);
  expect(clock.nextIn).toBeUndefined();
  watch.sync([twoMinutes]);
  lookAfter(500);
  expect(dispatched).toEqual([]);
  watch.sync([]);
  expect(clock.nextIn).toBeUndefined();
});

test('a change of the rules forgets nothing of those that stay', () => {
  const { watch, dispatched, lookAfter } = start();
  watch.sync([twoMinutes]);
  lookAfter(1);
  lookAfter(200);
  watch.sync([twoMinutes, tenMinutes]);
  lookAfter(205);
  expect(dispatched).toHaveLength(1);
});

test('locking and sleep come from the desktop where the pack cannot find out, for rules that listen', () => {
  const mac = start('darwin');
  mac.powerMonitor.emit('lock-screen');
  mac.watch.sync([trigger('system.session', 'system.session')]);
  for (const event of ['lock-screen', 'unlock-screen', 'suspend']) mac.powerMonitor.emit(event);
  expect(mac.dispatched.map(([, { event }]) => event)).toEqual(['locked', 'unlocked', 'sleep']);
  mac.watch[Symbol.dispose]();
  mac.powerMonitor.emit('lock-screen');
  expect(mac.dispatched).toHaveLength(3);

  const linux = start('linux');
  linux.watch.sync([trigger('system.session', 'system.session')]);
  for (const event of ['lock-screen', 'suspend']) linux.powerMonitor.emit(event);
  expect(linux.dispatched).toEqual([]);
});
