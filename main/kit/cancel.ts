import { StormletError } from '../contract/errors.ts';

/** Ends an operation that was called off. `signal.reason` is a word and no error, so `throwIfAborted` of its own will not do. */
export function throwIfCanceled(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  const why = signal.reason === 'timeout' ? 'took too long and was stopped' : 'was canceled';
  throw new StormletError({ code: 'operation/canceled', kind: 'user', message: `the operation ${why}` });
}
