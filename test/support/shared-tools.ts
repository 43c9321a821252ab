import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where the tests' engines find uv: fetched once for the whole run, not once for each home. */
export const SHARED_TOOLS = path.resolve('node_modules/.cache/stormlet-tools');
const BIN = path.join(SHARED_TOOLS, process.platform === 'win32' ? 'Scripts' : 'bin');

/** `PATH` with the shared uv on it, for an app that is started as a process of its own. */
export function withSharedTools(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...environment, PATH: `${environment.PATH ?? ''}${path.delimiter}${BIN}` };
}

/** Vitest calls this once, before any worker. Without a network the engines fall back to pip by themselves. */
export async function setup(): Promise<void> {
  if (existsSync(path.join(BIN, 'uv')) || existsSync(path.join(BIN, 'uv.exe'))) return;
  const python = process.platform === 'win32' ? 'python' : 'python3';
  await mkdir(path.dirname(SHARED_TOOLS), { recursive: true });
  try {
    await run(python, ['-m', 'venv', SHARED_TOOLS]);
    await run(path.join(BIN, 'python'), ['-m', 'pip', 'install', '--quiet', 'uv']);
  } catch (error) {
    console.warn(`uv could not be fetched for the tests: ${error instanceof Error ? error.message : String(error)}`);
  }
}
