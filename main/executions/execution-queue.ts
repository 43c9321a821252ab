import type { Execution } from '../contract/executions.ts';
import type { JsonObject } from '../contract/json.ts';
import type { ExecutionTable } from '../store/execution-table.ts';

/** What is needed to run it. */
export type Queued = Pick<Execution, 'id' | 'action' | 'runner'> & {
  readonly lane: string;
  readonly parameters: JsonObject;
};

export type QueueDeps = {
  readonly table: Pick<ExecutionTable, 'queued' | 'countQueued'>;
  /** Its key was lost, so it can never run. */
  onUnreadable(execution: Execution): void;
};

type Lane = { readonly head: Queued[]; moreOnDisk: boolean };

/** Of each lane, held in memory; the rest waits in SQLite, where all of them are anyway. */
const HEAD = 256;

/**
 * What waits for its turn, lane by lane, served in turn. It may hand out one that was canceled or has been handed out
 * before: whoever takes it moves its state on disk, and only one move succeeds.
 */
export class ExecutionQueue {
  readonly #deps: QueueDeps;
  /** The lane that was served last is the last. */
  readonly #lanes = new Map<string, Lane>();

  constructor(deps: QueueDeps) {
    this.#deps = deps;
  }

  get count(): number {
    return this.#deps.table.countQueued();
  }

  put(queued: Queued): void {
    const lane = this.#lane(queued.lane);
    // Behind what waits on disk, it has to wait there too.
    if (lane.moreOnDisk || lane.head.length >= HEAD) lane.moreOnDisk = true;
    else lane.head.push(queued);
  }

  /** Its turn came before, and then it had to wait for something. */
  putFirst(queued: Queued): void {
    this.#lane(queued.lane).head.unshift(queued);
  }

  /** There may be some on disk that nobody has put here. */
  lookOnDisk(lane: string): void {
    this.#lane(lane).moreOnDisk = true;
  }

  /** The next of the first lane that may be served and has one. */
  next(mayServe: (lane: string) => boolean, isTaken: (id: string) => boolean): Queued | undefined {
    // A lane goes to the end of the map when it was served, and would be met there again.
    for (const [name, lane] of [...this.#lanes]) {
      if (!mayServe(name)) continue;
      const queued = this.#shift(name, lane, isTaken);
      this.#lanes.delete(name);
      if (lane.head.length > 0 || lane.moreOnDisk) this.#lanes.set(name, lane);
      if (queued) return queued;
    }
    return undefined;
  }

  clear(): void {
    this.#lanes.clear();
  }

  #lane(name: string): Lane {
    const lane = this.#lanes.get(name) ?? { head: [], moreOnDisk: false };
    this.#lanes.set(name, lane);
    return lane;
  }

  #shift(name: string, lane: Lane, isTaken: (id: string) => boolean): Queued | undefined {
    while (lane.head.length === 0 && lane.moreOnDisk) {
      if (!this.#refill(name, lane, isTaken)) break;
    }
    for (;;) {
      const queued = lane.head.shift();
      if (!queued || !isTaken(queued.id)) return queued;
    }
  }

  /** True when looking once more may find others. */
  #refill(name: string, lane: Lane, isTaken: (id: string) => boolean): boolean {
    const found = this.#deps.table.queued(name, HEAD);
    lane.moreOnDisk = found.length === HEAD;
    const unreadable = found.filter(({ parameters }) => !parameters);
    for (const { execution } of unreadable) this.#deps.onUnreadable(execution);
    for (const { execution, parameters } of found) {
      if (parameters && !isTaken(execution.id)) lane.head.push(queuedOf(execution, name, parameters));
    }
    return unreadable.length > 0;
  }
}

export function queuedOf({ id, action, runner }: Execution, lane: string, parameters: JsonObject): Queued {
  return { id, action, runner, lane, parameters };
}
