type Waiting = { work: () => unknown; resolve: (value: never) => void; reject: (error: unknown) => void };

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

  run<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
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
      const settle = () => {
        batch.forEach(({ resolve }, index) => {
          resolve(values[index] as never);
        });
      };
      void this.#flushToDisk().then(settle, (error) => rejectAll(batch, error));
    } catch (error) {
      rejectAll(batch, error);
    }
  }
}

function rejectAll(batch: readonly Waiting[], error: unknown): void {
  for (const { reject } of batch) reject(error);
}
