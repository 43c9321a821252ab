import { randomUUID } from 'node:crypto';
import { chmod, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * Replaces a file in one step: a reader, a watcher or a kill -9 sees the old text or the new one, never half of it. The
 * permissions of an existing file are kept, unless others are given.
 */
export async function writeFileAtomic(file: string, text: string | Uint8Array, mode?: number): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const beside = path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID().slice(0, 8)}.tmp`);
  try {
    await writeAndSync(beside, text, mode);
    const kept = mode ?? (await stat(file).catch(() => undefined))?.mode;
    if (kept !== undefined) await chmod(beside, kept);
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/** Without the sync, a power cut could leave the new name with no text in it. */
async function writeAndSync(file: string, text: string | Uint8Array, mode: number | undefined): Promise<void> {
  const handle = await open(file, 'wx', mode);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
