/** As TanStack Query tells it, of one value or of pages. */
export type Reading<T> = {
  readonly data: T | undefined;
  readonly error: Error | null;
  readonly refetch: () => unknown;
};

/** Several readings as one: there when all are; where some failed, those are read again. */
export function together<T extends readonly unknown[]>(
  ...readings: { readonly [K in keyof T]: Reading<T[K]> }
): Reading<T> {
  const data = readings.map((reading) => reading.data);
  const failed = readings.filter(({ error }) => error !== null);
  return {
    data: data.includes(undefined) ? undefined : (data as unknown as T),
    error: failed[0]?.error ?? null,
    refetch: () => {
      for (const { refetch } of failed) refetch();
    },
  };
}
