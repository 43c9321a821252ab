import { expect, test } from 'vitest';
import type { SensorImports } from '../../main/contract/sensors.ts';
import { runsOldCode } from '../../main/sensors/code-change.ts';

const ENTRY = 'sensors/watch.py';
const FILES = {
  [ENTRY]: '1',
  'sensors/other.py': '1',
  'lib/shared.py': '1',
  'lib/unused.py': '1',
  'actions/run.py': '1',
  'sensors/clones/one/setup.py': '1',
};
const IMPORTS: SensorImports = {
  files: [ENTRY, 'lib/shared.py', 'lib/kit/__init__.py'],
  folders: ['sensors', 'actions/lib', 'lib', 'lib/kit'],
  missing: ['optional', 'accelerated'],
};

const afterwards = (edit: Record<string, string | undefined>, imports: SensorImports | undefined = IMPORTS) => {
  const before = new Map(Object.entries(FILES));
  const now = new Map(before);
  for (const [file, version] of Object.entries(edit)) {
    if (version === undefined) now.delete(file);
    else now.set(file, version);
  }
  return runsOldCode(ENTRY, imports, before, now);
};

test.each<[string, Record<string, string | undefined>]>([
  ['its own file changed', { [ENTRY]: '2' }],
  ['a module that it imported changed', { 'lib/shared.py': '2' }],
  ['a module that it imported is gone', { 'lib/shared.py': undefined }],
  ['a module came that it looked for in vain', { 'lib/optional.py': '1' }],
  ['a package came that it looked for in vain', { 'actions/lib/optional/__init__.py': '1' }],
  ['a part of a package came that it looked for in vain', { 'lib/kit/accelerated.py': '1' }],
  ['a module came that may be found before the one it has', { 'sensors/shared.py': '1' }],
])('a sensor runs old code when %s', (_, edit) => {
  expect(afterwards(edit)).toBe(true);
});

test.each<[string, Record<string, string | undefined>]>([
  ['nothing changed', {}],
  ['an action changed', { 'actions/run.py': '2' }],
  ['another sensor of the pack changed', { 'sensors/other.py': '2' }],
  ['a module that it never imported changed, or went', { 'lib/unused.py': '2', 'sensors/other.py': undefined }],
  ['a file came that it never looked for', { 'lib/new.py': '1' }],
  [
    'code came into a folder that nothing imports from',
    { 'sensors/clones/two/optional.py': '1', 'sensors/clones/two/shared.py': '1' },
  ],
])('a sensor runs the code that a new one would when %s', (_, edit) => {
  expect(afterwards(edit)).toBe(false);
});

test('a sensor that has not told its imports may have imported any file', () => {
  expect(runsOldCode(ENTRY, undefined, new Map([['lib/a.py', '1']]), new Map([['lib/a.py', '2']]))).toBe(true);
  expect(runsOldCode(ENTRY, undefined, new Map([['lib/a.py', '1']]), new Map([['lib/a.py', '1']]))).toBe(false);
});
