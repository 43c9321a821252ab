import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { toolScript } from '../../main/launch/set-up.mjs';

const run = promisify(execFile);

export type BuilderConfig = Record<string, unknown> & {
  electronFuses?: Record<string, boolean>;
  files?: string[];
};

const PLATFORMS = { linux: 'linux', darwin: 'mac', win32: 'win' } as const;
export const PACKING_PLATFORM = PLATFORMS[process.platform as keyof typeof PLATFORMS];

/**
 * Runs electron-builder on our configuration, changed only where it must be to run from a given Electron folder. Resolves
 * with the folder of what people would have installed.
 */
export async function packApp(
  folder: string,
  electronDist: string,
  change: (config: BuilderConfig) => void,
): Promise<string> {
  const config: BuilderConfig = parse(await readFile('electron-builder.yml', 'utf8'));
  Object.assign(config, { electronDist, directories: { output: path.join(folder, 'packed') } });
  change(config);
  const file = path.join(folder, 'config.json');
  await writeFile(file, JSON.stringify(config));
  const args = [toolScript('electron-builder'), `--${PACKING_PLATFORM}`, 'dir', '--config', file];
  // Whatever certificates this machine has are not for this.
  await run(process.execPath, args, { env: { ...process.env, CSC_IDENTITY_AUTO_DISCOVERY: 'false' } });
  const architecture = process.arch === 'x64' ? '' : `-${process.arch}`;
  const unpacked = process.platform === 'darwin' ? `mac${architecture}` : `${PACKING_PLATFORM}${architecture}-unpacked`;
  return path.join(folder, 'packed', unpacked);
}

/** The program in it. */
export function packedProgram(packed: string): string {
  if (process.platform === 'darwin') return path.join(packed, 'Stormlet.app', 'Contents', 'MacOS', 'Stormlet');
  return path.join(packed, process.platform === 'win32' ? 'Stormlet.exe' : 'stormlet');
}

/** Of an unpacked Electron; fuses and tests differ by it. */
export async function electronMajor(dist: string): Promise<number> {
  const version = await readFile(path.join(dist, 'version'), 'utf8').catch(() => '99');
  return Number.parseInt(version.trim().replace(/^v/, ''), 10);
}
