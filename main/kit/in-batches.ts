/**
 * `Promise.all` a few at a time. Between two batches everything else gets its turn, so that thousands of short pieces of
 * work do not freeze the app for the sum of them.
 */
export async function inBatches<T, R>(items: readonly T[], size: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += size) {
    results.push(...(await Promise.all(items.slice(start, start + size).map(work))));
  }
  return results;
}
