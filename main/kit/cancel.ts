import { StormletError } from '../contract/errors.ts';

/** Ends an operation that was called off. `signal.reason` is a word and no error, so `throwIfAborted` of its own will not do. */
export function throwIfCanceled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw canceledError(signal);
}

/** Waits, but no longer than until it is called off. */
export async function orCanceled<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  throwIfCanceled(signal);
  if (!signal) return promise;
  const canceled = Promise.withResolvers<never>();
  const onAbort = () => canceled.reject(canceledError(signal));
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, canceled.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function canceledError(signal: AbortSignal): StormletError {
  const why = signal.reason === 'timeout' ? 'took too long and was stopped' : 'was canceled';
  return new StormletError({ code: 'operation/canceled', kind: 'user', message: `the operation ${why}` });
}
