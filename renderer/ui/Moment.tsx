import { useSyncExternalStore } from 'react';
import { shortTime } from './times.ts';

/** An instant in short words that stay true; the exact one is in its title. */
export function Moment({ at }: { at: string }) {
  const now = useNow();
  return (
    <time className="moment" dateTime={at} title={new Date(at).toLocaleString()}>
      {shortTime(at, now)}
    </time>
  );
}

const TICK_MS = 5_000;

/** In whole seconds, since a store's value must hold still while React compares it. */
function useNow(): number {
  return useSyncExternalStore(onTick, () => Math.floor(Date.now() / 1000) * 1000);
}

function onTick(tick: () => void): () => void {
  const timer = setInterval(tick, TICK_MS);
  return () => clearInterval(timer);
}
