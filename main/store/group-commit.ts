/** A write that is in the log: all that reads sees it, and a crash of the app cannot undo it. */
export type Committed<T> = {
  readonly value: T;
  /** Resolves when it is on the disk too, so safe from a loss of power; rejects when it may not be. */
  flushed(): Promise<void>;
};

type Waiting = { work: () => unknown; resolve: (committed: never) => void; reject: (error: unknown) => void };

/** What nobody waits for is on the disk by then at the latest. */
const SOON_MS = 20;

/**
 * Collects the writes of one turn of the event loop into one transaction, so that a storm of events costs one disk flush
 * per turn instead of one per event. When the transaction or its flush fails every write of it is rejected: their
 * publishers were not acknowledged and send again.
 */
export class GroupCommit {
  readonly #transaction: <T>(work: () => T) => T;
  readonly #flushToDisk: () => Promise<void>;
  #waiting: Waiting[] = [];
  #scheduled = false;
  /** Transactions so far. */
  #count = 0;
  /** `covers`: the last transaction that was in the log before it began. */
  #lastFlush: { readonly covers: number; readonly done: Promise<void> } = { covers: 0, done: Promise.resolve() };
  #soon: NodeJS.Timeout | undefined;

  /** `transaction` need not wait for the disk: that is `flushToDisk`, which does not hold up the event loop. */
  constructor(transaction: <T>(work: () => T) => T, flushToDisk: () => Promise<void>) {
    this.#transaction = transaction;
    this.#flushToDisk = flushToDisk;
  }

  /** Resolves when it is on the disk, and all that was committed before. */
  async run<T>(work: () => T): Promise<T> {
    const { value, flushed } = await this.commit(work);
    await flushed();
    return value;
  }

  /** For what nothing outside follows from, until something is waited for with `run` or `flushed`. */
  commit<T>(work: () => T): Promise<Committed<T>> {
    return new Promise<Committed<T>>((resolve, reject) => {
      this.#waiting.push({ work, resolve, reject });
      if (this.#scheduled) return;
      this.#scheduled = true;
      setImmediate(() => this.flush());
    });
  }

  flush(): void {
    this.#scheduled = false;
    const batch = this.#waiting;
    if (batch.length === 0) return;
    this.#waiting = [];
    try {
      const values = this.#transaction(() => batch.map(({ work }) => work()));
      const number = ++this.#count;
      const flushed = () => this.#flushOf(number);
      batch.forEach(({ resolve }, index) => {
        resolve({ value: values[index], flushed } as never);
      });
      this.#flushSoon();
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  /** After the last transaction: nothing is to be flushed later, when its file may be closed. */
  end(): void {
    this.flush();
    clearTimeout(this.#soon);
  }

  #flushOf(number: number): Promise<void> {
    if (this.#lastFlush.covers < number) {
      const done = (async () => this.#flushToDisk())();
      // Whoever depends on it waits for it, and learns that it failed.
      done.catch(() => {});
      this.#lastFlush = { covers: this.#count, done };
    }
    return this.#lastFlush.done;
  }

  #flushSoon(): void {
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      void this.#flushOf(this.#count);
    }, SOON_MS).unref();
  }
}
