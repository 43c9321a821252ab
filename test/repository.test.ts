import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { needs } from './support/needs.ts';

const git = needs('git');

/** What a fresh clone holds, and what would come in with the next commit. */
function repositoryFiles(): string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const files = execFileSync('git', args, { encoding: 'utf8', maxBuffer: 64 << 20 }).split('\0');
  return [...new Set(files)].filter((file) => file !== '' && statSync(file, { throwIfNoEntry: false })?.isFile());
}

const ELSEWHERE: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  // Written so that this file does not name them itself.
  {
    what: 'a registry’s host',
    pattern: /\b(?:registry\.[a-z]+js\.org|files\.pythonhosted\.org|npm[j]s\.org|pypi\.or[g])/,
  },
  { what: 'a folder of one machine', pattern: /(?<![\w.-])\/(?:work|root)\/[\w.-]/ },
];

test.skipIf(git.skip)(
  `no file names a registry’s host or a folder of the machine it was written on${git.reason}`,
  () => {
    const files = repositoryFiles();
    const found = files.flatMap((file) => {
      const text = readFileSync(file, 'latin1');
      return ELSEWHERE.filter(({ pattern }) => pattern.test(text)).map(({ what }) => `${file}: ${what}`);
    });
    expect(found).toEqual([]);
    expect(files.length).toBeGreaterThan(200);
  },
);

test.skipIf(git.skip)(`what a build, a test run or an installation leaves is ignored${git.reason}`, () => {
  const generated = ['node_modules/x', 'out/x', 'dist/x', 'test/.screenshots/x.png', 'main/python/__pycache__/x.pyc'];
  const ignored = execFileSync('git', ['check-ignore', ...generated], { encoding: 'utf8' })
    .trim()
    .split('\n');
  expect(ignored).toEqual(generated);
});
