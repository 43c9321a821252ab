import { closeSync, fdatasync, openSync } from 'node:fs';
import { promisify } from 'node:util';

const flushToDisk = promisify(fdatasync);

/**
 * Flushes a file to the disk, on a thread of its own: the event loop does not stand still while the disk works. Calls that
 * come while one flush is under way share the next, since what they wrote may have missed the first.
 */
export class SharedFlush implements Disposable {
  readonly #file: string;
  #descriptor: number | undefined;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  /** The file has to be there by the first `flush`, and to stay the same file. */
  constructor(file: string) {
    this.#file = file;
  }

  /** Resolves when all that was written to the file before this call is on the disk. */
  flush(): Promise<void> {
    if (!this.#running) return this.#start();
    this.#next ??= this.#running
      .catch(() => {})
      .then(() => {
        this.#next = undefined;
        return this.#start();
      });
    return this.#next;
  }

  [Symbol.dispose](): void {
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    if (descriptor === undefined) return;
    // Not under a flush that is still at work.
    const close = () => closeSync(descriptor);
    if (this.#running) void this.#running.then(close, close);
    else close();
  }

  #start(): Promise<void> {
    this.#descriptor ??= openSync(this.#file, 'r+');
    const running = flushToDisk(this.#descriptor).finally(() => {
      this.#running = undefined;
    });
    this.#running = running;
    return running;
  }
}
