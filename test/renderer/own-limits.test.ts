import { expect, test } from 'vitest';
import { Settings, type SettingsPatch } from '../../main/contract/settings.ts';
import { mergeSettings } from '../../main/settings-store.ts';
import {
  inheritedLimits,
  inWords,
  limitsPatch,
  ownLimits,
  withOwnLimits,
} from '../../renderer/pages/settings/own-limits.ts';

const changed = (settings: Settings, patch: SettingsPatch) => Settings.parse(mergeSettings(settings, patch));

test('a pack’s and an action’s limits are set and taken away, and nothing else of theirs is touched', () => {
  let settings = Settings.parse({ python: { packs: { aws: { isolation: 'cold' } } } });
  expect(withOwnLimits(settings)).toEqual([]);
  settings = changed(settings, limitsPatch(settings, 'aws', { memoryMb: 512, concurrency: 2 }));
  settings = changed(settings, limitsPatch(settings, 'aws.sync', { cpuSeconds: 30 }));
  expect(settings.python.packs.aws).toEqual({ isolation: 'cold', limits: { memoryMb: 512 } });
  expect(settings.executions.packs).toEqual({ aws: { concurrency: 2 } });
  expect(withOwnLimits(settings)).toEqual(['aws', 'aws.sync']);
  expect(ownLimits(settings, 'aws')).toEqual({ memoryMb: 512, concurrency: 2 });
  expect(inheritedLimits(settings, 'aws.sync')).toMatchObject({ memoryMb: 512, openFiles: 4096 });
  settings = changed(settings, limitsPatch(settings, 'aws', {}));
  settings = changed(settings, limitsPatch(settings, 'aws.sync', {}));
  expect(settings.python.packs).toEqual({ aws: { isolation: 'cold' } });
  expect(settings.python.actions).toEqual({});
  expect(settings.executions.packs).toEqual({});
});

test('limits are told in words', () => {
  expect(inWords({ memoryMb: 512, cpuSeconds: 0, concurrency: 3 })).toBe(
    '3 at one time, 512 MB of memory, no limit of processor time',
  );
  expect(inWords({ openFiles: 0, outputKb: 7 })).toBe('no limit of open files, 7 KB of output');
});
