import type { Problem } from '../contract/errors.ts';
import type { Execution } from '../contract/executions.ts';
import type { TriggerInstance } from '../contract/triggers.ts';

/**
 * A rule on the end of actions runs an action, which ends: without a bound that goes on for ever. So each event of the app
 * itself counts how many of its kind there are in a row, each caused by an execution that the one before has caused.
 * StackStorm has no such bound; on a workstation a rule that was written in a minute must not take the machine.
 */
export type CauseSources = {
  execution(id: string): Execution | undefined;
  instance(id: string): TriggerInstance | undefined;
};

export type Cause = NonNullable<TriggerInstance['cause']>;

/** Workflows in workflows; the first of them was asked for by somebody. */
const MAX_PARENTS = 100;

export function causeOf(sources: CauseSources, execution: string): Cause {
  return { execution, depth: depthOf(sources, execution) + 1 };
}

/** Of an event that an execution sends on purpose: that makes no row longer, but neither is the row forgotten. */
export function inheritedCause(sources: CauseSources, execution: string): Cause | undefined {
  const depth = depthOf(sources, execution);
  return depth > 0 ? { execution, depth } : undefined;
}

/** How many events in a row led to this execution. */
function depthOf(sources: CauseSources, execution: string): number {
  let id: string | undefined = execution;
  for (let level = 0; id !== undefined && level < MAX_PARENTS; level += 1) {
    const context: Execution['context'] | undefined = sources.execution(id)?.context;
    const led = context?.triggerInstance;
    if (led !== undefined) return sources.instance(led)?.cause?.depth ?? 0;
    id = context?.parent ?? context?.askedBy;
  }
  return 0;
}

export function loopProblem(cause: Cause, maxChain: number): Problem | undefined {
  if (cause.depth <= maxChain) return undefined;
  return {
    severity: 'error',
    code: 'trigger/loop',
    message: `${maxChain} events in a row were each caused by an action that the one before has run, so no rule sees this one`,
    hint: 'let the rule’s criteria leave out what its own action causes, or raise `triggers.maxChain` in the settings',
  };
}
