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

/** The instant that all times on the page are told from. */
export function useNow(): number {
  return useSyncExternalStore(followClock, readClock);
}

const TICK_MS = 5_000;

/** One clock for all instants on the page. It moves between renders only: React asks twice and wants the same answer. */
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const followers = new Set<() => void>();

const readClock = () => now;

function followClock(tick: () => void): () => void {
  followers.add(tick);
  // The first to look after a pause would otherwise read the time of that pause.
  if (timer === undefined) move();
  timer ??= setInterval(move, TICK_MS);
  return () => {
    followers.delete(tick);
    if (followers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function move(): void {
  now = Date.now();
  for (const tick of followers) tick();
}
