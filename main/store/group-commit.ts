type Waiting = { work: () => unknown; resolve: (value: never) => void; reject: (error: unknown) => void };

/**
 * Collects the writes of one turn of the event loop into one transaction, so that a storm of events costs one disk flush
 * per turn instead of one per event. When the transaction fails every write of it is rejected: their publishers were
 * not acknowledged and send again.
 */
export class GroupCommit {
  readonly #transaction: <T>(work: () => T) => T;
  #waiting: Waiting[] = [];
  #scheduled = false;

  constructor(transaction: <T>(work: () => T) => T) {
    this.#transaction = transaction;
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
      batch.forEach(({ resolve }, index) => {
        resolve(values[index] as never);
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
