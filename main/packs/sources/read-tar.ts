import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Parser, type ReadEntry } from 'tar';
import type { ArchiveEntry } from './archive-entries.ts';

/**
 * The entries of a `.tar` or `.tar.gz`. `maxBytes` bounds all that is unpacked, so also headers without end, which make no
 * entry.
 */
export async function* readTar(file: string, isGzip: boolean, maxBytes: number): AsyncGenerator<ArchiveEntry> {
  const parser = new Parser({ strict: true });
  const entries = new PassThrough({ objectMode: true });
  const ending = new AbortController();
  let current: ReadEntry | undefined;
  const fail = (error: Error) => {
    // Whoever waits for the rest of an entry, and whoever waits for the next one.
    current?.destroy(error);
    entries.destroy(error);
  };
  parser.on('entry', (entry: ReadEntry) => {
    // Unread ones are let go of without a word.
    entry.on('error', () => {});
    entries.write(entry);
  });
  parser.on('error', fail);
  parser.on('end', () => entries.end());
  const feeding = feed(parser, bytesOf(file, isGzip, maxBytes), ending.signal).catch((error: Error) => {
    if (!ending.signal.aborted) fail(error);
  });
  try {
    for await (const entry of entries) {
      current = entry as ReadEntry;
      yield describe(current);
    }
  } finally {
    ending.abort();
    await feeding;
  }
}

async function feed(parser: Parser, bytes: AsyncIterable<Buffer>, signal: AbortSignal): Promise<void> {
  for await (const chunk of bytes) {
    if (!parser.write(chunk)) await once(parser, 'drain', { signal });
    if (signal.aborted) return;
  }
  parser.end();
}

async function* bytesOf(file: string, isGzip: boolean, maxBytes: number): AsyncGenerator<Buffer> {
  let size = 0;
  const unpacked = new PassThrough();
  const reading = isGzip
    ? pipeline(createReadStream(file), createGunzip(), unpacked)
    : pipeline(createReadStream(file), unpacked);
  // Its reader below is told of it as well.
  reading.catch(() => {});
  for await (const chunk of unpacked) {
    size += chunk.length;
    if (size > maxBytes) throw new Error('it unpacks to more than a pack may have');
    yield chunk;
  }
}

function describe(entry: ReadEntry): ArchiveEntry {
  const kind = KINDS[entry.type] ?? 'special';
  // Nobody reads what is in other entries, and the next one comes only after the end of this one.
  if (kind !== 'file') entry.resume();
  return {
    name: entry.path,
    kind,
    size: kind === 'file' ? entry.size : 0,
    isExecutable: ((entry.mode ?? 0) & 0o111) !== 0,
    target: entry.linkpath ?? '',
    content: () => entry[Symbol.asyncIterator](),
  };
}

const KINDS: Readonly<Partial<Record<ReadEntry['type'], ArchiveEntry['kind']>>> = {
  File: 'file',
  OldFile: 'file',
  ContiguousFile: 'file',
  Directory: 'folder',
  GNUDumpDir: 'folder',
  SymbolicLink: 'symlink',
  Link: 'hardlink',
};
