import { expect, test } from 'vitest';
import { parseDataFile } from '../../../main/kit/yaml-file.ts';
import { incompatibility } from '../../../main/packs/metadata/check-compatibility.ts';
import { loadManifest } from '../../../main/packs/metadata/load-manifest.ts';

function load(line: string) {
  const { value } = parseDataFile('pack.yaml', `name: a\n${line}\n`);
  if (!value) throw new Error('the test has broken YAML');
  const { value: manifest, problems } = loadManifest(value);
  return { fault: manifest && incompatibility(manifest), problems };
}

test.each([
  'stackstorm_version: ">=3.0.0, <4.0.0"',
  'stackstorm_version: ">= 1.6.0"',
  'stackstorm_version: all',
  'stackstorm_version: null',
  'stackstorm_version: ""',
  "python_versions: ['2', '3']",
  'version: 1.0.0',
])('`%s` fits', (line) => {
  expect(load(line)).toEqual({ fault: undefined, problems: [] });
});

test('a StackStorm that this is not is told with both versions', () => {
  expect(load('stackstorm_version: ">=4.0.0"').fault).toMatchObject({
    code: 'pack/stackstorm-version',
    kind: 'pack',
    message:
      '`a` asks for StackStorm `>=4.0.0` (`stackstorm_version` in its pack.yaml), and this app does as StackStorm 3.9.0 does',
    hint: expect.stringContaining('`force`'),
  });
});

test('Python 2 alone is told as that', () => {
  expect(load("python_versions: ['2']").fault).toMatchObject({ code: 'pack/python-2' });
});

test.each(['3.0.0', '">=three"', '[1]'])(
  'a `stackstorm_version: %s` is a warning with its line, and no more',
  (value) => {
    const { fault, problems } = load(`stackstorm_version: ${value}`);
    expect(fault).toBeUndefined();
    expect(problems).toMatchObject([{ severity: 'warning', line: 2 }]);
  },
);
