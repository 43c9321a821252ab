import { open, realpath, stat } from 'node:fs/promises';
import { StormletError } from '../../contract/errors.ts';
import { throwIfCanceled } from '../../kit/cancel.ts';
import type { ArchiveEntry } from './archive-entries.ts';
import { type ArchiveLimits, ArchiveWriter } from './archive-writer.ts';
import { readTar } from './read-tar.ts';
import { readZip } from './read-zip.ts';

/** Far above any published pack: the largest has some 11,000 files in 20 MiB. */
export const PACK_LIMITS: ArchiveLimits = { entries: 50_000, bytes: 512 * 1024 * 1024, ratio: 200 };

/** Unpacks a `.zip`, `.tar` or `.tar.gz` into an empty folder. What it is, its first bytes say; `shown` is for messages. */
export async function unpackArchive(
  file: string,
  shown: string,
  folder: string,
  signal: AbortSignal,
  limits: ArchiveLimits = PACK_LIMITS,
): Promise<void> {
  const format = await formatOf(file, shown);
  const { size } = await stat(file);
  const writer = new ArchiveWriter({ folder: await realpath(folder), shown, packedSize: size, limits });
  try {
    for await (const entry of readEntries(file, format, limits)) {
      throwIfCanceled(signal);
      await writer.write(entry, signal);
    }
    await writer.finish();
  } catch (error) {
    throwIfCanceled(signal);
    throw error instanceof StormletError ? error : failure(shown, error);
  }
}

type Format = 'zip' | 'tar' | 'tar.gz';

function readEntries(file: string, format: Format, limits: ArchiveLimits): AsyncIterable<ArchiveEntry> {
  return format === 'zip' ? readZip(file) : readTar(file, format === 'tar.gz', limits.bytes * 2);
}

async function formatOf(file: string, shown: string): Promise<Format> {
  const head = await readHead(file);
  const begins = (...bytes: number[]) => bytes.every((byte, index) => head[index] === byte);
  if (begins(0x50, 0x4b, 3, 4) || begins(0x50, 0x4b, 5, 6)) return 'zip';
  if (begins(0x1f, 0x8b)) return 'tar.gz';
  if (head.toString('latin1', 257, 262) === 'ustar') return 'tar';
  const isPage = /^\s*<(!doctype|html)/i.test(head.toString('latin1'));
  throw new StormletError({
    code: 'pack/not-an-archive',
    kind: 'user',
    message: `\`${shown}\` is no \`.zip\` and no \`.tar.gz\`${isPage ? ', but a web page' : ''}`,
    hint: isPage ? 'use the address of the file itself' : 'give a folder, or an archive in one of these two formats',
  });
}

async function readHead(file: string): Promise<Buffer> {
  await using handle = await open(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, 0);
  return buffer.subarray(0, bytesRead);
}

function failure(shown: string, cause: unknown): StormletError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  // A call to the system that failed is the machine's matter; all else is the archive's.
  if (cause instanceof Error && 'syscall' in cause) {
    const hint = 'see that there is room on the disk, then install it again';
    const message = `\`${shown}\` could not be unpacked: ${reason}`;
    return new StormletError({ code: 'pack/copy-failed', kind: 'environment', message, hint }, { cause });
  }
  const hint = 'get it again: it may be damaged, or not complete';
  const message = `the archive \`${shown}\` cannot be read: ${reason}`;
  return new StormletError({ code: 'pack/archive-invalid', kind: 'pack', message, hint }, { cause });
}
