/** Waits for a fact instead of for time: resolves with the first truthy value, or fails saying what never came true. */
export async function until<T>(what: string, fact: () => T | Promise<T>, limitMs = 50_000): Promise<Truthy<T>> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const value = await fact();
    if (value) return value as Truthy<T>;
    if (Date.now() > deadline) throw new Error(`never came true within ${limitMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

type Truthy<T> = Exclude<T, false | null | undefined | 0 | ''>;
