import type { LoopDelay } from '../contract/engine.ts';
import type { Host } from '../host.ts';
import type { Clock } from '../kit/clock.ts';
import type { Store } from '../store/store.ts';
import { HistoryKeeper } from './history-keeper.ts';
import { LoopWatch } from './loop-watch.ts';

/** What the engine does for itself while it runs: its history kept short, its own slowness noticed. */
export class Housekeeping implements AsyncDisposable {
  readonly #loop: LoopWatch;
  readonly #history: HistoryKeeper;

  constructor({ host, clock, store }: { readonly host: Host; readonly clock: Clock; readonly store: Store }) {
    this.#loop = new LoopWatch({ clock, log: host.log.scope('engine') });
    this.#history = new HistoryKeeper({
      store,
      clock,
      log: host.log.scope('history'),
      settings: () => host.settings.get().history,
    });
  }

  start(): void {
    this.#loop.start();
    this.#history.start();
  }

  loopDelay(): LoopDelay {
    return this.#loop.read();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#loop[Symbol.dispose]();
    await this.#history[Symbol.asyncDispose]();
  }
}
