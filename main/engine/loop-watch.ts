import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { LoopDelay } from '../contract/engine.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';

/** How long a window looks back, and how often one closes. */
const WINDOW_MS = 10_000;
const WINDOWS = 6;
/** So often the delay is sampled. */
const RESOLUTION_MS = 20;
/** Beyond this a person notices that a window is answered late, and it is said in the log. */
export const SLOW_MS = 500;

/** Measures for how long at a time the engine's event loop answers nobody: all of the app waits for as long. */
export class LoopWatch implements Disposable {
  readonly #deps: { readonly clock: Clock; readonly log: Log };
  readonly #histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  /** The newest last. */
  #closed: LoopDelay[] = [];
  #callOff: (() => void) | undefined;

  constructor(deps: { readonly clock: Clock; readonly log: Log }) {
    this.#deps = deps;
  }

  start(): void {
    this.#histogram.enable();
    this.#next();
  }

  /** Of the last minute: the worst, and the worst 99th percentile of ten seconds. */
  read(): LoopDelay {
    const all = [...this.#closed, this.#open()];
    return {
      p99Ms: Math.max(...all.map(({ p99Ms }) => p99Ms)),
      maxMs: Math.max(...all.map(({ maxMs }) => maxMs)),
    };
  }

  [Symbol.dispose](): void {
    this.#callOff?.();
    this.#histogram.disable();
  }

  #next(): void {
    this.#callOff = this.#deps.clock.after(WINDOW_MS, () => {
      const window = this.#open();
      this.#closed = [...this.#closed, window].slice(-WINDOWS);
      this.#histogram.reset();
      if (window.maxMs >= SLOW_MS) this.#deps.log.warn('the app answered nobody for a while', window);
      this.#next();
    });
  }

  #open(): LoopDelay {
    return { p99Ms: toMs(this.#histogram.percentile(99)), maxMs: toMs(this.#histogram.max) };
  }
}

/** Without the time that passes between two samples anyway; nanoseconds, and NaN or zero before the first. */
function toMs(nanoseconds: number): number {
  const ms = Math.round(nanoseconds / 1e6) - RESOLUTION_MS;
  return Number.isFinite(ms) && ms > 0 ? ms : 0;
}
