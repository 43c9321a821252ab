import { type Entry, getFileNameLowLevel, openPromise, type ZipFile } from 'yauzl';
import type { ArchiveEntry } from './archive-entries.ts';

/** The entries of a `.zip`. Names come as they are: whoever takes them checks them. */
export async function* readZip(file: string): AsyncGenerator<ArchiveEntry> {
  const zip = await openPromise(file, { decodeStrings: false });
  try {
    for await (const entry of zip.eachEntry()) yield await readEntry(zip, entry);
  } finally {
    zip.close();
  }
}

async function readEntry(zip: ZipFile, entry: Entry): Promise<ArchiveEntry> {
  const name = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);
  if (!entry.canDecodeFileData()) {
    const why = entry.isEncrypted() ? 'is encrypted' : `is compressed by method ${entry.compressionMethod}`;
    throw new Error(`\`${name}\` ${why}`);
  }
  const mode = unixMode(entry);
  const kind = name.endsWith('/') ? 'folder' : (KINDS.get(mode & 0o170000) ?? 'special');
  return {
    name,
    kind,
    size: entry.uncompressedSize,
    isExecutable: (mode & 0o111) !== 0,
    target: kind === 'symlink' ? await readTarget(zip, entry) : '',
    content: () => zip.openReadStreamPromise(entry),
  };
}

/** Only what was packed on Unix has it. */
function unixMode(entry: Entry): number {
  return entry.versionMadeBy >>> 8 === 3 ? entry.externalFileAttributes >>> 16 : 0;
}

/** The file type in a Unix mode; 0 is that of an archive that was not made on Unix. */
const KINDS: ReadonlyMap<number, ArchiveEntry['kind']> = new Map([
  [0, 'file'],
  [0o100000, 'file'],
  [0o040000, 'folder'],
  [0o120000, 'symlink'],
]);

/** No file system has longer paths. */
const LONGEST_TARGET = 4096;

async function readTarget(zip: ZipFile, entry: Entry): Promise<string> {
  if (entry.uncompressedSize > LONGEST_TARGET) throw new Error('a link leads to a path that is too long');
  const chunks: Buffer[] = [];
  for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
