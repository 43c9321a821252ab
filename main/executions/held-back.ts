import { createHmac, randomBytes } from 'node:crypto';
import type { Execution } from '../contract/executions.ts';
import type { ConcurrencyPolicy } from '../contract/policies.ts';
import type { ResourceRef } from '../contract/refs.ts';
import { type Clock, isoTime } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { ExecutionTable, KeptExecution } from '../store/execution-table.ts';
import type { GroupCommit } from '../store/group-commit.ts';
import type { Queued } from './execution-queue.ts';
import { concurrencyKey, type HoldBack, holdBack } from './hold-back.ts';

export type HeldBackDeps = {
  readonly table: Pick<ExecutionTable, 'move' | 'setHeldBy' | 'firstHeld'>;
  readonly groupCommit: GroupCommit;
  readonly clock: Clock;
  readonly log: Log;
  concurrencyPolicies(action: ResourceRef): readonly ConcurrencyPolicy[];
  /** All that runs of this action. */
  running(action: ResourceRef): readonly Queued[];
  /** It may be asked for again. */
  moveOn(held: KeptExecution): void;
  /** What became of it could not be written down: it is as if it had not been asked for. */
  putBack(queued: Queued): void;
  onChange(execution: Execution): void;
};

/** After the disk refused to take a state, for example because it is full. */
const RETRY_MS = 1000;

/**
 * Executions for which a concurrency policy has no place now. They are on disk only, under what they wait for; when one
 * that counts with them ends, the one that has waited longest goes on and is judged again.
 */
export class HeldBack {
  readonly #deps: HeldBackDeps;
  /** Values of parameters are in what a policy counts by, and they may be secret. Nothing is read back by it after a start. */
  readonly #salt = randomBytes(32);
  readonly #beingHeld = new Set<string>();

  constructor(deps: HeldBackDeps) {
    this.#deps = deps;
  }

  /** While that is written down. */
  isBeingHeld(id: string): boolean {
    return this.#beingHeld.has(id);
  }

  /** False: nothing keeps it from running now. */
  take(queued: Queued): boolean {
    const hold = this.#judge(queued);
    if (!hold) return false;
    this.#beingHeld.add(queued.id);
    this.#write(queued, hold).finally(() => this.#beingHeld.delete(queued.id));
    return true;
  }

  /** It runs no more, or did not run after all: whoever waited for that goes on. */
  ended(queued: Queued): void {
    for (const policy of this.#deps.concurrencyPolicies(queued.action)) this.#release(this.#keyOf(policy, queued));
  }

  async #write(queued: Queued, hold: HoldBack): Promise<void> {
    const { groupCommit, log, clock } = this.#deps;
    try {
      const { value: held } = await groupCommit.commit(() => this.#move(queued.id, hold));
      if (!held) return;
      this.#deps.onChange(held);
      this.#lookAgain(queued, hold);
    } catch (error) {
      log.error('that a policy holds back an execution could not be recorded', { id: queued.id, error });
      clock.after(RETRY_MS, () => this.#deps.putBack(queued));
    }
  }

  #move(id: string, { policy, key, reason }: HoldBack): Execution | undefined {
    const { table, clock } = this.#deps;
    table.setHeldBy(id, policy.ref);
    if (policy.action === 'delay') {
      return table.move(id, ['requested', 'scheduled'], 'delayed', { delay: { reason, waitsFor: key } });
    }
    const fault = { code: 'policy/no-place', kind: 'user', message: reason } as const;
    return table.move(id, ['requested', 'scheduled'], 'canceled', { endedAt: isoTime(clock), fault });
  }

  /** What it waits for may have ended before it was on disk; and it does not use the places that other policies had for it. */
  #lookAgain(queued: Queued, hold: HoldBack): void {
    const free = this.#deps
      .concurrencyPolicies(queued.action)
      .filter((policy) => !holdBack(queued, [policy], this.#deps.running(queued.action), this.#keyOf));
    const keys = free.map((policy) => this.#keyOf(policy, queued));
    // A policy that is gone meanwhile holds back nobody.
    if (!this.#judge(queued)) keys.push(hold.key);
    for (const key of new Set(keys)) this.#release(key);
  }

  #judge(queued: Queued): HoldBack | undefined {
    const policies = this.#deps.concurrencyPolicies(queued.action);
    if (policies.length === 0) return undefined;
    return holdBack(queued, policies, this.#deps.running(queued.action), this.#keyOf);
  }

  #release(key: string): void {
    const first = this.#deps.table.firstHeld(key);
    if (first) this.#deps.moveOn(first);
  }

  readonly #keyOf = (policy: ConcurrencyPolicy, queued: Queued): string =>
    createHmac('sha256', this.#salt).update(concurrencyKey(policy, queued)).digest('base64');
}
