import { existsSync } from 'node:fs';
import { cp, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type ProgramEnd, type RunProgram, runProgram } from '../../main/supervisor/run-program.ts';
import { findTestPython } from './python.ts';

const TEMPLATE = path.resolve(import.meta.dirname, '../../node_modules/.cache/stormlet-test/venv-with-pip');

/**
 * Runs programs, but copies what `python -m venv` makes instead of having it made each time: most of its seconds go into
 * unpacking pip. For tests that are about what is then done with pip.
 */
export const runWithQuickVenv: RunProgram = async (spec, signal) => {
  const [dash, module, folder] = spec.args;
  if (dash !== '-m' || module !== 'venv' || folder === undefined) return runProgram(spec, signal);
  await makeTemplate();
  await cp(TEMPLATE, folder, { recursive: true, verbatimSymlinks: true });
  const python = path.join(folder, 'bin', 'python3');
  await rm(python, { force: true });
  await symlink(spec.command, python);
  await writeFile(
    path.join(folder, 'pyvenv.cfg'),
    `home = ${path.dirname(spec.command)}\ninclude-system-site-packages = false\n`,
  );
  return WELL;
};

const WELL: ProgramEnd = {
  ...{ exitCode: 0, signal: undefined, stdout: '', stderr: '', truncated: false, stopped: undefined },
  startError: undefined,
};

/** Made aside and then moved, so that two test files may want it at one time. */
async function makeTemplate(): Promise<void> {
  if (existsSync(TEMPLATE)) return;
  const aside = `${TEMPLATE}.${process.pid}`;
  await mkdir(path.dirname(TEMPLATE), { recursive: true });
  const args = ['-m', 'venv', aside];
  const made = await runProgram({ command: await findTestPython(), args, env: {} }, new AbortController().signal);
  if (made.exitCode !== 0) throw new Error(made.stderr);
  const links = ['python', 'python3'].map((name) => path.join(aside, 'bin', name));
  for (const link of links) await rm(link, { force: true });
  await symlink('python3', path.join(aside, 'bin', 'python'));
  await rename(aside, TEMPLATE).catch(() => rm(aside, { recursive: true }));
}
