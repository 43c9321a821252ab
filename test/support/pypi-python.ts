import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';

const FOLDER = path.resolve('node_modules/.cache/stormlet-test');

/** An interpreter with packages of PyPI, to compare ours with the original; made once under this name, then kept. */
export async function pypiPython(name: string, packages: readonly string[]): Promise<string> {
  const venv = path.join(FOLDER, name);
  const python = path.join(venv, 'bin', 'python');
  if (existsSync(python)) return python;
  // Two test workers may come here at once: each builds its own, the first to finish stays.
  const building = path.join(FOLDER, `${name}-${process.pid}`);
  await mkdir(FOLDER, { recursive: true });
  await execa('python3', ['-m', 'venv', building]);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages];
  await execa(path.join(building, 'bin', 'python'), pip);
  await rename(building, venv).catch(() => rm(building, { recursive: true, force: true }));
  return python;
}
