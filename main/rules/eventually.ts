/** A value that is there at once or comes later: matching stays synchronous for as long as nothing has to be waited for. */
export type Eventually<T> = T | Promise<T>;

export function whenKnown<T, U>(value: Eventually<T>, next: (value: T) => Eventually<U>): Eventually<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** `work`, with whatever it throws, now or later, turned into a value. */
export function attempt<T>(work: () => Eventually<T>, onError: (error: unknown) => T): Eventually<T> {
  try {
    const value = work();
    return value instanceof Promise ? value.catch(onError) : value;
  } catch (error) {
    return onError(error);
  }
}
