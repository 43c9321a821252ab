import type { Execution } from '../../main/contract/executions.ts';
import type { JsonObject } from '../../main/contract/json.ts';
import type { ConcurrencyPolicy } from '../../main/contract/policies.ts';
import type { ResourceRef } from '../../main/contract/refs.ts';
import type { Settings } from '../../main/contract/settings.ts';
import { Executions, type ExecutionsDeps } from '../../main/executions/executions.ts';
import type { Turn } from '../../main/executions/turn.ts';
import { createLog } from '../../main/kit/log.ts';
import type { RunOutcome } from '../../main/runners/runner.ts';
import { GroupCommit } from '../../main/store/group-commit.ts';
import { sealWithKey } from '../../main/store/seal.ts';
import { openStore } from '../../main/store/store.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { until } from '../support/until.ts';

type OpenTurn = Turn & { end(outcome: RunOutcome): void };

export type BenchOptions = {
  readonly concurrency?: number;
  readonly workflows?: number;
  readonly packs?: Settings['executions']['packs'];
  readonly retry?: ExecutionsDeps['retry'];
};

/** The queue on a real table; what an action does, the test says. */
export function startBench({
  concurrency = 8,
  workflows = 64,
  packs = {},
  retry = () => undefined,
}: BenchOptions = {}) {
  const limits = { concurrency, workflows, packs };
  const policies = new Map<string, ConcurrencyPolicy[]>();
  const store = openStore(':memory:', sealWithKey(Buffer.alloc(32)));
  const disk = { full: false };
  const groupCommit = new GroupCommit(
    (work) => {
      if (disk.full) throw new Error('database or disk is full');
      return store.transaction(work);
    },
    () => Promise.resolve(),
  );
  const clock = new FakeClock();
  const log: string[] = [];
  const turns: OpenTurn[] = [];
  const changes: Execution[] = [];
  const executions: Executions = new Executions({
    table: store.executions,
    groupCommit,
    log: createLog((line) => log.push(line), 'info'),
    clock,
    limits: () => limits,
    concurrencyPolicies: (action) => policies.get(action) ?? [],
    retry,
    onTurn: async (turn) => {
      const { promise, resolve } = Promise.withResolvers<RunOutcome>();
      turns.push({ ...turn, end: resolve });
      await executions.finish(turn.execution.id, await promise);
    },
    onChange: (changed) => changes.push(changed),
  });
  executions.recover();
  return {
    store,
    disk,
    clock,
    log,
    executions,
    turns,
    limits,
    policies,
    submit(id: string, more: Partial<Execution> = {}, parameters: JsonObject = {}) {
      const one = { execution: execution(id, more), parameters };
      executions.record(one);
      executions.enqueue(one);
    },
    ran: () => turns.map((turn) => turn.execution.id),
    end(id: string, outcome: RunOutcome = { status: 'succeeded', output: null }) {
      turns.find((turn) => turn.execution.id === id)?.end(outcome);
    },
    get: (id: string) => store.executions.get(id),
    statuses: (id: string) => changes.filter((change) => change.id === id).map((change) => change.status),
    ended: (id: string) => until(`${id} ended`, () => store.executions.get(id)?.endedAt),
    async [Symbol.asyncDispose]() {
      for (const turn of turns) turn.end({ status: 'canceled' });
      await executions[Symbol.asyncDispose]();
      store[Symbol.dispose]();
    },
  };
}

export function execution(id: string, more: Partial<Execution> = {}): Execution {
  return {
    id,
    action: 'demo.echo' as ResourceRef,
    runner: 'noop',
    status: 'requested',
    parameters: {},
    context: { source: 'cli' },
    createdAt: '2026-01-01T00:00:00.000Z',
    steps: [],
    ...more,
  };
}
