/** A write that is in the log. `flushed` resolves when it is on the disk, and rejects when it may not be. */
export type Committed<T> = { readonly value: T; readonly flushed: Promise<void> };

type Waiting = { work: () => unknown; resolve: (committed: never) => void; reject: (error: unknown) => void };

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

  /** `transaction` need not wait for the disk: that is `flushToDisk`, which does not hold up the event loop. */
  constructor(transaction: <T>(work: () => T) => T, flushToDisk: () => Promise<void>) {
    this.#transaction = transaction;
    this.#flushToDisk = flushToDisk;
  }

  /** Resolves when it is on the disk, and all that was committed before. */
  async run<T>(work: () => T): Promise<T> {
    const { value, flushed } = await this.commit(work);
    await flushed;
    return value;
  }

  /**
   * Resolves a flush earlier: all that reads sees it, and a crash of the app cannot undo it, but the loss of power still
   * may. For what nothing outside follows from, until something is waited for with `run`.
   */
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
      const flushed = this.#flushToDisk();
      // Whoever depends on it waits for it, and learns that it failed.
      flushed.catch(() => {});
      batch.forEach(({ resolve }, index) => {
        resolve({ value: values[index], flushed } as never);
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
