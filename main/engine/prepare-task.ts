import { StormletError, toFault } from '../contract/errors.ts';
import type { Execution } from '../contract/executions.ts';
import type { JsonObject } from '../contract/json.ts';
import { readNotify } from '../contract/notify.ts';
import type { ActionDefinition } from '../contract/packs.ts';
import type { ResourceRef } from '../contract/refs.ts';
import { maskJson, textMasker } from '../executions/mask-output.ts';
import { type NewExecution, refusedExecution, unknownAction } from '../executions/new-execution.ts';
import { parameterSpecs } from '../executions/parameter-specs.ts';
import { castParameter } from '../expressions/cast.ts';
import { isoTime } from '../kit/clock.ts';
import { newId } from '../kit/new-id.ts';
import type { TaskRun } from '../workflows/conductor.ts';
import type { InheritedSecrets } from './inherited-secrets.ts';
import { configFor, maskFault, NO_CONFIG, type PrepareSources, recordExecution } from './prepare-execution.ts';

/** Joins workflows and executions: a task as an execution like any other, which carries on where its workflow came from. */
export async function prepareTask(
  sources: PrepareSources,
  inherited: InheritedSecrets,
  run: TaskRun,
  parent: Execution,
): Promise<NewExecution> {
  const { source, rule, triggerInstance } = parent.context;
  const { key, task: name, item, delay } = run;
  const notify = run.notify && readNotify(run.notify);
  const context = {
    source,
    ...(rule !== undefined && { rule }),
    ...(triggerInstance !== undefined && { triggerInstance }),
    parent: parent.id,
    task: { name, key, ...(item !== undefined && { item }) },
    ...(notify && { notify }),
  };
  const action = sources.action(run.action as ResourceRef);
  const later = delay === undefined ? {} : { delayMs: Math.max(0, delay * 1000) };
  const request = { action: run.action as ResourceRef, parameters: run.parameters, context, ...later };
  const [id, now] = [newId(), isoTime(sources.clock)];
  const config = action ? await configFor(sources, action).catch(toFault) : NO_CONFIG;
  // A workflow may go on after a task that could not run, so this is a task that failed.
  if ('code' in config) return refusedExecution(request, config, id, now);
  try {
    if (!action) throw new StormletError(unknownAction(request.action));
    const parameters = castForAction(sources, action, run.parameters);
    const runnerParameters = sources.runners.get(action.runner)?.parameters;
    const made = recordExecution({ ...request, parameters }, { action, runnerParameters }, config, id, now);
    const mask = textMasker(await inherited.of(context));
    const masked = maskJson(made.execution.parameters, mask) as JsonObject;
    return { ...made, execution: { ...made.execution, parameters: masked } };
  } catch (error) {
    return refusedExecution(request, maskFault(toFault(error), config), id, now);
  }
}

/** Text of a template as the type that the action declares. Throws what cannot be that. */
export function castForAction(sources: PrepareSources, action: ActionDefinition, parameters: JsonObject): JsonObject {
  const specs = parameterSpecs(action.parameters, sources.runners.get(action.runner)?.parameters ?? {});
  const specOf = (name: string) => (Object.hasOwn(specs, name) ? specs[name] : undefined);
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, castParameter(name, value, specOf(name))]),
  );
}
