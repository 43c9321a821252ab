import type { Execution } from '../../../main/contract/executions.ts';
import type { TriggerInstance } from '../../../main/contract/triggers.ts';

/** One thing that happened: an event with what the rules made of it, or an action that somebody ran. */
export type FlowItem = {
  readonly id: string;
  readonly at: string;
  readonly instance?: TriggerInstance;
  readonly executions: readonly Execution[];
};

/** The last things that happened, newest first. What an execution ran in its turn is a part of it, and not told beside it. */
export function flowOf(
  instances: readonly TriggerInstance[],
  executions: readonly Execution[],
  length: number,
): FlowItem[] {
  const whole = executions.filter(({ context }) => !context.parent);
  const ofInstance = Map.groupBy(whole, ({ context }) => context.triggerInstance);
  const listed = new Set(instances.map(({ id }) => id));
  const events = instances.map((instance) => ({
    id: instance.id,
    at: instance.receivedAt,
    instance,
    executions: ofInstance.get(instance.id) ?? [],
  }));
  const runs = whole
    .filter(({ context }) => !context.triggerInstance || !listed.has(context.triggerInstance))
    .map((execution) => ({ id: execution.id, at: execution.createdAt, executions: [execution] }));
  return [...events, ...runs].sort((a, b) => b.at.localeCompare(a.at)).slice(0, length);
}

/** Who saw or asked for it: `FolderSensor`, `this window`. */
export function sourceWords({ instance, executions: [execution] }: FlowItem): string {
  if (instance?.source.startsWith('sensor:')) return instance.source.slice(instance.source.lastIndexOf('.') + 1);
  const source = instance?.source ?? (execution?.context.source === 'rule' ? 'a rule' : execution?.context.source);
  return SOURCES[source ?? ''] ?? source ?? 'Stormlet';
}

const SOURCES: Readonly<Record<string, string>> = {
  window: 'this window',
  cli: 'the terminal',
  engine: 'Stormlet',
};
