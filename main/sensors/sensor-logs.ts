import { appendFile, mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { nameOf, packOf, type ResourceRef } from '../contract/refs.ts';
import { type Clock, isoTime } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';

export type SensorLogsDeps = {
  /** Holds `<pack>/<class>.log`, and `.1` to `.3` of it, the older the higher. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Lines as they are in the file, for who follows it. */
  onPrinted(ref: ResourceRef, lines: string[]): void;
};

/** Bytes of one file; four of them are kept of each sensor. */
export const LARGEST_LOG = 1024 * 1024;
const KEPT_ASIDE = 3;
/** A sensor that prints without end makes ten writes a second, and no more is told at once than anybody reads. */
const WRITE_EVERY_MS = 100;
const MOST_TOLD = 500;

/** What sensors print, on disk and to who follows it. Each line has the time in front at which it came. */
export class SensorLogs implements AsyncDisposable {
  readonly #deps: SensorLogsDeps;
  readonly #waiting = new Map<ResourceRef, string[]>();
  /** Writes come after one another, and a read after those before it. */
  #written: Promise<unknown> = Promise.resolve();
  #callOff: (() => void) | undefined;

  constructor(deps: SensorLogsDeps) {
    this.#deps = deps;
  }

  print(ref: ResourceRef, line: string): void {
    const waiting = this.#waiting.get(ref) ?? [];
    this.#waiting.set(ref, waiting);
    waiting.push(`${isoTime(this.#deps.clock)} ${line}`);
    this.#callOff ??= this.#deps.clock.after(WRITE_EVERY_MS, () => void this.#write());
  }

  /** The last lines, oldest first, with those of the file before where the present one has too few. */
  async read(ref: ResourceRef, count: number): Promise<string[]> {
    await this.#write();
    const file = this.#fileOf(ref);
    let lines: string[] = [];
    for (let aside = 0; aside <= KEPT_ASIDE && lines.length < count; aside++) {
      const text = await readFile(numbered(file, aside), 'utf8').catch(() => '');
      lines = [...text.split('\n').filter((line) => line !== ''), ...lines];
    }
    return lines.slice(-count);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#write();
  }

  #write(): Promise<unknown> {
    this.#callOff?.();
    this.#callOff = undefined;
    const all = [...this.#waiting];
    this.#waiting.clear();
    for (const [ref, lines] of all) this.#deps.onPrinted(ref, lines.slice(-MOST_TOLD));
    this.#written = this.#written.then(() => Promise.all(all.map(([ref, lines]) => this.#append(ref, lines))));
    return this.#written;
  }

  async #append(ref: ResourceRef, lines: readonly string[]): Promise<void> {
    const file = this.#fileOf(ref);
    try {
      await mkdir(path.dirname(file), { recursive: true });
      const facts = await stat(file).catch(() => undefined);
      if (facts && facts.size > LARGEST_LOG) await setAside(file);
      await appendFile(file, lines.map((line) => `${line}\n`).join(''), { mode: 0o600 });
    } catch (error) {
      this.#deps.log.warn('what a sensor printed could not be kept', { sensor: ref, file, error });
    }
  }

  #fileOf(ref: ResourceRef): string {
    return path.join(this.#deps.folder, packOf(ref), `${encodeURIComponent(nameOf(ref))}.log`);
  }
}

async function setAside(file: string): Promise<void> {
  await rm(numbered(file, KEPT_ASIDE), { force: true });
  for (let aside = KEPT_ASIDE - 1; aside >= 0; aside--) {
    await rename(numbered(file, aside), numbered(file, aside + 1)).catch(() => {
      // Not so many yet.
    });
  }
}

function numbered(file: string, aside: number): string {
  return aside === 0 ? file : `${file}.${aside}`;
}
