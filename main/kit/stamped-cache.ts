import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** Changes whenever the file's text may have changed. */
export type FileStamp = string;

type Entry<T> = { stamp: FileStamp; readonly digest: string; readonly value: T };

/**
 * What was made of each file's text, kept until the text changes. A file that was only touched, or replaced by the same
 * text, gives the very same value, so that "did anything change?" is a comparison of identities.
 */
export class StampedCache<T> {
  readonly #entries = new Map<string, Entry<T>>();

  async get(file: string, stamp: FileStamp, make: (text: string, digest: string) => T): Promise<T> {
    const known = this.#entries.get(file);
    if (known?.stamp === stamp) return known.value;
    const text = await readFile(file, 'utf8');
    const digest = createHash('sha256').update(text).digest('hex');
    if (known?.digest === digest) {
      known.stamp = stamp;
      return known.value;
    }
    const value = make(text, digest);
    this.#entries.set(file, { stamp, digest, value });
    return value;
  }

  /** Forgets the files that are no more. */
  keepOnly(files: ReadonlySet<string>): void {
    for (const file of this.#entries.keys()) {
      if (!files.has(file)) this.#entries.delete(file);
    }
  }
}
