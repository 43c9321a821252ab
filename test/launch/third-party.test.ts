import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageFolder } from '../../main/launch/third-party.mjs';

const isBuilt = existsSync('out/notices/app.txt') && existsSync('out/notices/window.txt');
const note = isBuilt ? '' : ' (skipped: nothing is built; `npm test` builds first)';

test.each([
  ['/x/node_modules/ws/lib/ws.js', ['/x/node_modules/ws']],
  ['\0/x/node_modules/@mantine/core/esm/a.mjs?commonjs', ['/x/node_modules/@mantine/core']],
  ['/x/node_modules/a/node_modules/b/index.js', ['/x/node_modules/a/node_modules/b']],
  ['C:\\x\\node_modules\\ws\\index.js', ['C:/x/node_modules/ws']],
  ['/x/main/engine.ts', []],
  ['\0rolldown/runtime.js', []],
])('the module %s belongs to %j', (id, folders) => {
  expect(packageFolder(id)).toEqual(folders);
});

/** Packages that files of a folder import by value. */
async function importedBy(folder: string): Promise<Set<string>> {
  const names = await readdir(folder, { recursive: true });
  const files = names.filter((name) => /\.tsx?$/.test(name) && !name.includes(`launch${path.sep}`));
  const texts = await Promise.all(files.map((name) => readFile(path.join(folder, name), 'utf8')));
  const imports = texts.flatMap((text) => [
    ...text.matchAll(/^(?:import|export) (?!type\b)[^;]*?from '([^.'][^']*)'/gm),
    ...text.matchAll(/\bimport\('([^.'][^']*)'\)/g),
  ]);
  const packages = imports.flatMap(([, name]) => /^(?:@[^/]+\/)?[^/]+/.exec(name ?? '') ?? []);
  return new Set(packages.filter((name) => !name.startsWith('node:') && name !== 'electron'));
}

describe.skipIf(!isBuilt)(`the notices of other people’s work${note}`, () => {
  test.each([
    ['app.txt', 'main'],
    ['window.txt', 'renderer'],
  ])('%s names each package that %s imports, in the version that is bundled', async (file, folder) => {
    const notices = readFileSync(path.join('out/notices', file), 'utf8');
    const imported = await importedBy(folder);
    expect(imported.size).toBeGreaterThan(8);
    const missing = [...imported].filter((name) => {
      const { version } = JSON.parse(readFileSync(path.join('node_modules', name, 'package.json'), 'utf8'));
      return !notices.includes(`\n${name} ${version} (`);
    });
    // Nothing but types is taken of these, or they are read when the app is built.
    expect(missing).toEqual([]);
  });

  test('nearly all have the text of their licence, and none forbids what we do', () => {
    const notices = ['app.txt', 'window.txt']
      .map((file) => readFileSync(path.join('out/notices', file), 'utf8'))
      .join('');
    const licences = [...notices.matchAll(/^={72}\n.+ \S+ \((.+)\)\n={72}$/gm)].map(([, licence]) => licence);
    expect(licences.length).toBeGreaterThan(80);
    expect(licences.filter((licence) => /GPL|UNLICENSED|Commons/i.test(licence ?? ''))).toEqual([]);
    expect(notices.split('It comes without a text of its licence.').length - 1).toBeLessThan(licences.length / 10);
  });
});
