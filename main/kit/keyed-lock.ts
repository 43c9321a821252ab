import { orCanceled } from './cancel.ts';

/** Lets one work at a time through for each key, in the order they came. Works of different keys do not wait for each other. */
export class KeyedLock {
  readonly #last = new Map<string, Promise<void>>();

  async run<T>(key: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const mine = Promise.withResolvers<void>();
    // One that is called off while it waits leaves the queue, but whoever came after it still waits for those before it.
    const last = before.then(() => mine.promise);
    this.#last.set(key, last);
    void last.then(() => {
      if (this.#last.get(key) === last) this.#last.delete(key);
    });
    try {
      await orCanceled(before, signal);
      return await work();
    } finally {
      mine.resolve();
    }
  }
}
