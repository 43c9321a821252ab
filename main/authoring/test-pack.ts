import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { StormletError } from '../contract/errors.ts';
import type { Pack } from '../packs/pack.ts';
import type { Progress } from '../packs/virtualenvs/build-virtualenv.ts';
import { insideVirtualenv } from '../supervisor/child-environment.ts';
import { type ProgramEnd, runProgram } from '../supervisor/run-program.ts';
import { packPython, TEST_REQUIREMENTS } from './pack-python.ts';
import type { Workbench } from './workbench.ts';

/** How the tests of a pack went, as `main/python/stormlet/run_tests.py` counts them. `broken` could not be run at all. */
export const TestCounts = z.object({
  runner: z.enum(['unittest', 'pytest']),
  passed: z.number(),
  failed: z.number(),
  broken: z.number(),
  skipped: z.number(),
  failures: z.array(z.object({ test: z.string(), text: z.string() })),
});
export type TestReport = z.infer<typeof TestCounts> & { readonly pack: string; readonly succeeded: boolean };

/** Runs a pack's `tests/` in a virtualenv with what the pack and its tests require. What they print goes to `progress`. */
export async function testPack(
  bench: Workbench,
  pack: Pack,
  only: readonly string[],
  progress: Progress,
  signal: AbortSignal,
): Promise<TestReport> {
  if (!existsSync(path.join(pack.path, 'tests'))) throw noTests(pack);
  const { python, baseSitePackages } = await packPython(bench, pack, TEST_REQUIREMENTS, progress, signal);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'stormlet-test-'));
  const resultFile = path.join(folder, 'result.json');
  try {
    const end = await runProgram(
      {
        command: python,
        args: [
          path.join(bench.app.python, 'test_wrapper.py'),
          ...['--folder', pack.path],
          ...(only.length > 0 ? ['--only', ...only] : []),
          ...(baseSitePackages === undefined ? [] : ['--base-site-packages', baseSitePackages]),
        ],
        cwd: pack.path,
        env: {
          ...insideVirtualenv(bench.environment, python),
          // A test leaves nothing among the pack's own files, nor in what the installed pack keeps.
          PYTHONDONTWRITEBYTECODE: '1',
          STORMLET_PACK_DATA: path.join(folder, 'data'),
          STORMLET_RESULT: resultFile,
        },
        onOutput: progress.onOutput,
      },
      signal,
    );
    return await reportOf(pack, resultFile, end);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function reportOf(pack: Pack, resultFile: string, end: ProgramEnd): Promise<TestReport> {
  const text = await readFile(resultFile, 'utf8').catch(() => undefined);
  if (text === undefined) throw notFinished(pack, end);
  const counts = TestCounts.parse(JSON.parse(text));
  return { pack: pack.ref, succeeded: end.exitCode === 0, ...counts };
}

function noTests(pack: Pack): StormletError {
  return new StormletError({
    code: 'pack/no-tests',
    kind: 'pack',
    message: `\`${pack.ref}\` has no folder \`tests\``,
    hint: 'write `tests/test_NAME.py`; `stormlet pack create` makes a pack with tests to look at',
  });
}

function notFinished(pack: Pack, end: ProgramEnd): StormletError {
  const how = end.startError ?? (end.exitCode === undefined ? `ended by ${end.signal}` : `exit code ${end.exitCode}`);
  return new StormletError({
    code: 'pack/tests-ended',
    kind: 'pack',
    message: `the tests of \`${pack.ref}\` ended before they were through: ${how}`,
    hint: 'a test may have called `os._exit`, or crashed the interpreter; the output above ends where it happened',
  });
}
