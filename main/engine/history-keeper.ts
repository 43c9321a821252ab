import { setImmediate } from 'node:timers/promises';
import type { Settings } from '../contract/settings.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { PRUNED_TABLES, type PrunedTable, type Retention } from '../store/prune.ts';
import type { Store } from '../store/store.ts';

export type HistoryKeeperDeps = {
  readonly store: Pick<Store, 'prune' | 'groupCommit'>;
  readonly clock: Clock;
  readonly log: Log;
  settings(): Settings['history'];
};

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Rows looked at in one transaction; others get their turn in between. */
const BATCH = 200;

/** Lets the history grow no longer than the settings say: what is too old or too much goes, the oldest first. */
export class HistoryKeeper implements AsyncDisposable {
  readonly #deps: HistoryKeeperDeps;
  #callOff: (() => void) | undefined;
  #working: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(deps: HistoryKeeperDeps) {
    this.#deps = deps;
  }

  /** Once now, and each hour. */
  start(): void {
    this.#working = this.#tidy().catch((error) => {
      this.#deps.log.warn('old history could not be removed', { error });
    });
    this.#callOff = this.#deps.clock.after(HOUR_MS, () => this.start());
  }

  /** Resolves when all that may go is gone. */
  async settled(): Promise<void> {
    await this.#working;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#callOff?.();
    await this.#working;
  }

  async #tidy(): Promise<void> {
    const { keepDays, keepCount } = this.#deps.settings();
    if (keepDays === 0 && keepCount === 0) return;
    const oldest = new Date(this.#deps.clock.now() - keepDays * DAY_MS).toISOString();
    const retention = {
      before: keepDays === 0 ? undefined : oldest,
      keep: keepCount === 0 ? undefined : keepCount,
    };
    for (const table of PRUNED_TABLES) {
      const deleted = await this.#tidyTable(table, retention);
      if (deleted > 0) this.#deps.log.info('old history was removed', { table, rows: deleted });
    }
  }

  async #tidyTable(table: PrunedTable, retention: Retention): Promise<number> {
    const { groupCommit, prune } = this.#deps.store;
    let deleted = 0;
    for (let from = 0, isDone = false; !isDone && !this.#closed; ) {
      const { value } = await groupCommit.commit(() => prune(table, retention, from, BATCH));
      from = value.upTo;
      isDone = value.isDone;
      deleted += value.deleted;
      await setImmediate();
    }
    return deleted;
  }
}
