import path from 'node:path';
import { z } from 'zod';
import { findPython } from '../packs/virtualenvs/find-python.ts';
import { runProgram } from '../supervisor/run-program.ts';
import type { Workbench } from './workbench.ts';

/** What a Python file holds, as `main/python/examine_code.py` reads it. Nothing of it is run. */
const CodeFacts = z.union([
  z.object({ error: z.object({ message: z.string(), line: z.number() }) }),
  z.object({
    error: z.undefined().optional(),
    names: z.array(z.string()),
    complete: z.boolean(),
    classes: z.array(z.object({ name: z.string(), runs: z.boolean(), line: z.number() })),
    imports: z.array(z.object({ name: z.string(), parts: z.array(z.string()), line: z.number() })),
  }),
]);
export type CodeFacts = z.infer<typeof CodeFacts>;

/** By absolute path. `names` are the top-level modules whose imports are of interest. */
export async function examineCode(
  bench: Workbench,
  files: readonly string[],
  names: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, CodeFacts>> {
  if (files.length === 0) return new Map();
  const python = await findPython(bench.build.python, bench.settings.python.interpreter, signal);
  const end = await runProgram(
    {
      command: python.executable,
      args: ['-I', path.join(bench.app.python, 'examine_code.py')],
      env: bench.environment,
      input: JSON.stringify({ files, names }),
      outputLimit: 64 * 1024 * 1024,
    },
    signal,
  );
  if (end.exitCode !== 0) throw new Error(`\`${python.executable}\` could not read the code: ${end.stderr.trim()}`);
  return new Map(Object.entries(z.record(z.string(), CodeFacts).parse(JSON.parse(end.stdout))));
}
