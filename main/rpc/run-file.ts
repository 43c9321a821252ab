import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { StormletError } from '../contract/errors.ts';

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

/**
 * Takes the folders for this process before anything in them is opened. Throws `app/already-running` when another process
 * has them. May be called again by the process that has them.
 */
export async function claimFolders(dataFolder: string, startedAt: string): Promise<void> {
  const file = runFile(dataFolder);
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const mine = JSON.stringify({ pid: process.pid, startedAt } satisfies RunInfo);
  const create = () => writeFile(file, mine, { flag: 'wx', mode: 0o600 });
  try {
    await create();
  } catch (error) {
    if (!isExisting(error)) throw error;
    const holder = await findHolder(dataFolder);
    if (holder?.pid === process.pid) return;
    if (holder) throw alreadyRunning(holder);
    await rm(file, { force: true });
    await create();
  }
}

/** Tells clients where this process is reached; without an endpoint, that it is not reached but has the folders still. */
export async function publishEndpoint(dataFolder: string, info: RunInfo): Promise<void> {
  const file = runFile(dataFolder);
  // Written aside and renamed, so that nobody reads half of it.
  const aside = `${file}.${process.pid}`;
  await writeFile(aside, JSON.stringify(info), { mode: 0o600 });
  await rename(aside, file);
}

/** Gives the folders free again, when they are this process's. */
export async function releaseFolders(dataFolder: string): Promise<void> {
  const info = await readRunFile(dataFolder);
  if (info?.pid === process.pid) await rm(runFile(dataFolder), { force: true });
}

/** How long an app may take to start or to stop. Past that, the file is of one that died, and whose pid another has. */
const UNREACHED_LIMIT_MS = 60_000;
const PROBE_LIMIT_MS = 2000;

/** Like `readRunFile`, but also sees through a pid that the system gave to another program since. */
async function findHolder(dataFolder: string): Promise<RunInfo | undefined> {
  const info = await readRunFile(dataFolder);
  if (!info || info.pid === process.pid) return info;
  const holds = info.endpoint ? await answers(info.endpoint) : (await ageOf(runFile(dataFolder))) < UNREACHED_LIMIT_MS;
  return holds ? info : undefined;
}

async function ageOf(file: string): Promise<number> {
  return Date.now() - (await stat(file)).mtimeMs;
}

/** An app that is there but too busy to answer in time still has its folders. */
async function answers({ url, token }: { url: string; token: string }): Promise<boolean> {
  try {
    const response = await fetch(`${url}/rpc`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(PROBE_LIMIT_MS),
    });
    return response.status === 204;
  } catch (error) {
    return error instanceof DOMException && error.name === 'TimeoutError';
  }
}

function alreadyRunning(holder: RunInfo): StormletError {
  return new StormletError({
    code: 'app/already-running',
    kind: 'user',
    message: `Stormlet is already running: process ${holder.pid}${holder.endpoint ? ` at ${holder.endpoint.url}` : ''}`,
    hint: '`stormlet open` prints its address; set `STORMLET_HOME` to run a second one on other folders',
  });
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

function isExisting(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}
