import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

/**
 * `<data>/run/engine.json` says who works on these folders and how it is reached. Only its owner can read it: whoever
 * reads it may do all that the person can.
 */
export const RunInfo = z.object({
  pid: z.number().int().positive(),
  startedAt: z.string(),
  /** `http://127.0.0.1:PORT`, and the secret for it; absent while the app starts or stops. */
  endpoint: z.object({ url: z.string(), token: z.string() }).optional(),
});
export type RunInfo = z.infer<typeof RunInfo>;

export function runFile(dataFolder: string): string {
  return path.join(dataFolder, 'run', 'engine.json');
}

/** What the file says, or undefined when there is none or the process that wrote it is gone. */
export async function readRunFile(dataFolder: string): Promise<RunInfo | undefined> {
  const info = parse(await readFile(runFile(dataFolder), 'utf8').catch(() => ''));
  return info && isAlive(info.pid) ? info : undefined;
}

/** Tells clients where this process is reached; without an endpoint, that it is not reached but has the folders still. */
export async function publishEndpoint(dataFolder: string, info: RunInfo): Promise<void> {
  const file = runFile(dataFolder);
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  // Written aside and renamed, so that nobody reads half of it.
  const aside = `${file}.${process.pid}`;
  await writeFile(aside, JSON.stringify(info), { mode: 0o600 });
  await rename(aside, file);
}

/** The engine behind it has stopped. */
export async function withdrawRunFile(dataFolder: string): Promise<void> {
  await rm(runFile(dataFolder), { force: true });
}

function parse(text: string): RunInfo | undefined {
  try {
    return RunInfo.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Signal 0 asks only. A process that may not be signalled is another user's, so it did not write this file. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
