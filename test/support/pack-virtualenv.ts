import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { runProgram } from '../../main/supervisor/run-program.ts';

const CACHE = path.resolve(import.meta.dirname, '../../node_modules/.cache/stormlet-test');

/**
 * The interpreter of a virtualenv with a pack's requirements, for tests of the pack itself. Made once for each set of
 * requirements; made aside and then moved, so that two test files may want the same one.
 */
export async function packPython(pack: string): Promise<string> {
  const requirements = path.join(pack, 'requirements.txt');
  const version = await run('python3', ['--version']);
  const key = createHash('sha256')
    .update(`${version}\n${await readFile(requirements, 'utf8')}`)
    .digest('hex');
  const folder = path.join(CACHE, `${path.basename(pack)}-${key.slice(0, 12)}`);
  const python = path.join('bin', 'python');
  if (!existsSync(folder)) {
    const aside = `${folder}.${process.pid}`;
    await mkdir(CACHE, { recursive: true });
    await run('python3', ['-m', 'venv', aside]);
    await run(path.join(aside, python), ['-m', 'pip', 'install', '--quiet', '-r', requirements]);
    await rename(aside, folder).catch(() => rm(aside, { recursive: true }));
  }
  return path.join(folder, python);
}

async function run(command: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env } as Record<string, string>;
  const end = await runProgram({ command, args, env }, new AbortController().signal);
  if (end.exitCode !== 0) throw new Error(`${command} ${args.join(' ')}: ${end.startError ?? end.stderr}`);
  return end.stdout;
}
