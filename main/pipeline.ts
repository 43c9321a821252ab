import type { Execution } from './contract/executions.ts';
import type { KeptVerdicts, TriggerInstance } from './contract/triggers.ts';
import type { NewExecution } from './executions/new-execution.ts';
import type { Turn } from './executions/turn.ts';
import type { RunOutcome } from './runners/runner.ts';
import type { Arrival } from './triggers/admit.ts';

/**
 * The path of one event, stage by stage, and nothing else: start reading here. Each stage is the folder of that name; the
 * stages do not know each other, `engine.ts` builds them and hands them in. Calls are direct, so the path can be
 * followed with "go to definition"; the bus is the boundary to other processes, not a calling convention.
 *
 *   a sensor publishes → onMessage → onInstance → onTurn → a notice
 */
export interface Stages {
  readonly triggers: {
    /** Resolves when the instance is on disk; the publisher is acknowledged then, and not before. */
    receive(message: Omit<Arrival, 'receivedAt'>): Promise<TriggerInstance>;
  };
  readonly rules: {
    /** Every rule on this trigger, matched or not, and the executions that those which matched ask for. */
    judge(instance: TriggerInstance): Promise<Judgement>;
  };
  readonly history: {
    /** Resolves when verdicts and the executions that they cause are recorded; after a crash there is neither or both. */
    enforce(instance: TriggerInstance, judgement: Judgement): Promise<void>;
  };
  readonly executions: {
    enqueue(execution: NewExecution): void;
    /** Undefined when it had ended meanwhile. */
    finish(id: string, outcome: RunOutcome): Promise<Execution | undefined>;
  };
  readonly runners: {
    run(turn: Turn): Promise<RunOutcome>;
  };
  readonly notifications: {
    consider(finished: Execution): Promise<void>;
  };
}

/** What the rules made of one instance. */
export type Judgement = { readonly verdicts: KeptVerdicts; readonly executions: readonly NewExecution[] };

/** 1 → 2: a message arrived on the bus. It is checked and recorded, or kept as refused with the reason. */
export function onMessage(s: Stages, message: Omit<Arrival, 'receivedAt'>): Promise<TriggerInstance> {
  return s.triggers.receive(message);
}

/** 2 → 3 → 4: a recorded instance meets the rules; what they ask for is recorded and waits its turn. */
export async function onInstance(s: Stages, instance: TriggerInstance): Promise<void> {
  const judgement = await s.rules.judge(instance);
  await s.history.enforce(instance, judgement);
  for (const execution of judgement.executions) s.executions.enqueue(execution);
}

/**
 * 4 → 5 → 6: its turn in the queue. The action runs, its result is recorded, and may be worth a notice; so may the
 * question that an inquiry waits with.
 */
export async function onTurn(s: Stages, turn: Turn): Promise<void> {
  const outcome = await s.runners.run(turn);
  const finished = await s.executions.finish(turn.execution.id, outcome);
  if (finished) await s.notifications.consider(finished);
}
