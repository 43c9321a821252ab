import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

type LockedPackage = {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly resolved?: string;
};

const PACKAGES: Readonly<Record<string, LockedPackage>> = JSON.parse(
  readFileSync('package-lock.json', 'utf8'),
).packages;

/** A registry may lag with the packages of some platforms; a lock file made from it then fails on those platforms. */
test('every platform’s package of every locked package is locked too', () => {
  const wanted = Object.entries(PACKAGES).flatMap(([folder, { optionalDependencies }]) =>
    Object.keys(optionalDependencies ?? {}).map((name) => ({ folder, name })),
  );
  const missing = wanted.filter(({ folder, name }) => !isLocked(folder, name));
  expect(missing).toEqual([]);
  expect(wanted.length).toBeGreaterThan(40);
});

test.each(['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'win32-x64'])(
  'the tools are there for %s',
  (platform) => {
    const folders = Object.keys(PACKAGES);
    for (const tool of ['@biomejs/cli', '@rolldown/binding', '@typescript/typescript']) {
      const named = `node_modules/${tool}-${platform}`;
      expect(
        folders.some((folder) => folder.startsWith(named)),
        named,
      ).toBe(true);
    }
  },
);

test('the lock file names no host, so that it installs from whichever registry npm is set to', () => {
  const resolved = Object.values(PACKAGES).filter((locked) => locked.resolved?.startsWith('http'));
  expect(resolved).toEqual([]);
});

/** As Node looks for it: in the package's own `node_modules`, then in those above. */
function isLocked(folder: string, name: string): boolean {
  if (`${folder}/node_modules/${name}`.replace(/^\//, '') in PACKAGES) return true;
  if (folder === '') return false;
  const above = folder.lastIndexOf('/node_modules/');
  return isLocked(above < 0 ? '' : folder.slice(0, above), name);
}
