import { expect, test } from 'vitest';
import { explainFailure } from '../../../main/packs/virtualenvs/explain-failure.ts';

/** What the installers print, cut to the lines that tell. */
const CASES: readonly [name: string, printed: string, reason: RegExp, hint: RegExp][] = [
  [
    'a header of a known library',
    `error: Failed to build \`krb-binding==1.2\`
  cause: The build backend returned an error
         src/binding.h:17:10: fatal error: gssapi/gssapi.h: No such file or directory
         error: Command '['gcc', '-c']' returned non-zero exit status 1.`,
    /`krb-binding==1\.2` could not be compiled: `gssapi\/gssapi\.h` is missing/,
    /libkrb5-dev/,
  ],
  [
    'a header of an unknown library',
    `error: Failed to build \`odd==1\`
         odd.c:1:10: fatal error: odd/odd.h: No such file or directory`,
    /`odd\/odd\.h` is missing/,
    /library that brings `odd\/odd\.h`/,
  ],
  [
    'a header that left CPython',
    `error: Failed to build \`crypto==2.6\`
         src/math.c:33:10: fatal error: longintrepr.h: No such file or directory`,
    /`crypto==2\.6` could not be compiled: `longintrepr\.h` is missing/,
    /older than Python 3\.11\.7.*such as 3\.10/,
  ],
  [
    'C of another time',
    `  Building wheel for driver (setup.py): finished with status 'error'
         module.c:920:36: error: lvalue required as left operand of assignment`,
    /`driver` could not be compiled with Python 3\.11\.7/,
    /older Python/,
  ],
  [
    'a library that is looked for by its program',
    `error: Failed to build \`sqlclient==2\`
         Exception: Can not find valid pkg-config name.
         Specify MYSQLCLIENT_CFLAGS and MYSQLCLIENT_LDFLAGS env vars manually`,
    /`sqlclient==2` could not be compiled/,
    /default-libmysqlclient-dev/,
  ],
  [
    'a build script that needs a module',
    `error: Failed to build \`oldbuild==0.4\`
         ModuleNotFoundError: No module named 'autothing'`,
    /`oldbuild==0\.4` could not be built: its build script needs the module `autothing`/,
    /newer version/,
  ],
  [
    'no compiler',
    `  error: command 'gcc' failed: No such file or directory
  ERROR: Failed building wheel for speedy`,
    /`speedy` has to be compiled, and there is no C compiler/,
    /build-essential/,
  ],
  [
    'Python 2',
    `error: Failed to build \`relic==1\`
         SyntaxError: Missing parentheses in call to 'print'. Did you mean print(...)?`,
    /`relic==1` is written for Python 2/,
    /newer version/,
  ],
  [
    'a repository on a host that is not found',
    `error: Git operation failed
  cause: failed to clone into: /home/me/.cache/uv/git
         fatal: unable to access 'https://git.example.org/x.git/': Could not resolve host: git.example.org`,
    /git could not reach `https:\/\/git\.example\.org\/x\.git\/`: Could not resolve host/,
    /network/,
  ],
  [
    'a repository that wants a password',
    `  fatal: could not read Username for 'https://git.example.org': terminal prompts disabled
  error: subprocess-exited-with-error`,
    /git server https:\/\/git\.example\.org wants a user name/,
    /credential helper/,
  ],
  [
    'no git',
    `ERROR: Cannot find command 'git' - do you have 'git' installed and in your PATH?`,
    /git is not installed/,
    /install git/,
  ],
  [
    'no network',
    `error: Failed to fetch: \`https://packages.example.org/simple/six/\`
  cause: failed to lookup address information: Temporary failure in name resolution`,
    /name resolution/,
    /network/,
  ],
];

test.each(CASES)('%s is told in one sentence, with what to do', (_, printed, reason, hint) => {
  const explained = explainFailure(printed.split('\n'), '3.11.7');
  expect(explained.reason).toMatch(reason);
  expect(explained.hint).toMatch(hint);
});

test('what is not known is told in the installer’s own words', () => {
  const lines = ['error: No solution found', '  cause: there is no version of demo==9'];
  expect(explainFailure(lines, '3.11.7')).toEqual({ reason: 'there is no version of demo==9' });
  expect(explainFailure(['ERROR: No matching distribution found for demo==9'], '3.11.7')).toEqual({
    reason: 'No matching distribution found for demo==9',
  });
  expect(explainFailure(['nothing of use'], '3.11.7')).toEqual({ reason: '' });
});
