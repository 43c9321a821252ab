import type { Problem } from '../contract/errors.ts';
import type { Execution } from '../contract/executions.ts';
import type { TriggerSettings } from '../contract/trigger-settings.ts';
import type { TriggerInstance } from '../contract/triggers.ts';

/**
 * A rule on the end of actions runs an action, which ends: without a bound that goes on for ever. So each event counts how many
 * there are in a row, each caused by an execution that the one before has caused. What just follows from an action and what its
 * program sends on purpose are counted apart: the second is often meant, so it may go on for longer, and for ever where it takes
 * its time. StackStorm has no such bound; on a workstation a rule that was written in a minute must not take the machine.
 */
export type CauseSources = {
  execution(id: string): Execution | undefined;
  instance(id: string): TriggerInstance | undefined;
  now(): number;
};

export type Cause = NonNullable<TriggerInstance['cause']>;

/** Workflows in workflows; the first of them was asked for by somebody. */
const MAX_PARENTS = 100;
/** Sent later than this after the event that led to it, an event begins a row of its own. */
const SOON_MS = 10_000;

/** Of an event that just follows from what an execution does. */
export function causeOf(sources: CauseSources, execution: string): Cause {
  const before = eventBehind(sources, execution)?.cause;
  const sent = before?.sent;
  return { execution, depth: (before?.depth ?? 0) + 1, ...(sent !== undefined && { sent }) };
}

/** Of an event that the program of an execution sends on purpose. */
export function causeOfSent(sources: CauseSources, execution: string): Cause {
  const before = eventBehind(sources, execution);
  const isSoon = before !== undefined && sources.now() - Date.parse(before.receivedAt) < SOON_MS;
  return { execution, depth: before?.cause?.depth ?? 0, sent: isSoon ? (before.cause?.sent ?? 0) + 1 : 1 };
}

/** How often in a row, up to `most`, an event was caused by an execution of this rule; looks at a bounded number of events. */
export function generations(sources: CauseSources, instance: TriggerInstance, rule: string, most: number): number {
  let count = 0;
  let event: TriggerInstance | undefined = instance;
  for (let step = 0; event?.cause && count < most && step < MOST_HOPS * most; step += 1) {
    const asked = askedFor(sources, event.cause.execution);
    if (asked?.context.rule === rule) count += 1;
    const led = asked?.context.triggerInstance;
    event = led === undefined ? undefined : sources.instance(led);
  }
  return count;
}

/** Rules that a loop goes through. */
const MOST_HOPS = 5;

/** The event that led to this execution. */
function eventBehind(sources: CauseSources, execution: string): TriggerInstance | undefined {
  const led = askedFor(sources, execution)?.context.triggerInstance;
  return led === undefined ? undefined : sources.instance(led);
}

/** The execution that an event asked for: this one, or what it is a part of. Undefined where a person did. */
function askedFor(sources: CauseSources, execution: string): Execution | undefined {
  let id: string | undefined = execution;
  for (let level = 0; id !== undefined && level < MAX_PARENTS; level += 1) {
    const found: Execution | undefined = sources.execution(id);
    if (found?.context.triggerInstance !== undefined) return found;
    id = found?.context.parent ?? found?.context.askedBy;
  }
  return undefined;
}

export function loopProblem(
  { depth, sent = 0 }: Cause,
  { maxChain, maxSent }: Pick<TriggerSettings, 'maxChain' | 'maxSent'>,
): Problem | undefined {
  if (depth > maxChain) {
    return tooLong(
      `${maxChain} events in a row were each caused by an action that the one before has run, so no rule sees this one`,
      'let the rule’s criteria leave out what its own action causes, or raise `triggers.maxChain` in the settings',
    );
  }
  if (sent <= maxSent) return undefined;
  return tooLong(
    `${maxSent} events in a row were each sent by an action that the one before has run, so no rule sees this one`,
    'let the action send it after a pause of ten seconds, or raise `triggers.maxSent` in the settings',
  );
}

function tooLong(message: string, hint: string): Problem {
  return { severity: 'error', code: 'trigger/loop', message, hint };
}
