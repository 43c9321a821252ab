import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../contract/json.ts';
import type { ActionDefinition } from '../contract/packs.ts';
import type { ResourceRef } from '../contract/refs.ts';
import { type ExecutionRequest, type NewExecution, newExecution } from '../executions/new-execution.ts';
import { finishParameters, renderParameters } from '../expressions/render-parameters.ts';
import type { ExpressionRenderer } from '../expressions/renderer.ts';
import { type Clock, isoTime } from '../kit/clock.ts';
import type { Pack } from '../packs/pack.ts';
import type { Runners } from '../runners/run-action.ts';

/** Joins executions and expressions: from what a person asked, with its templates, to what can be recorded and run. */
export type PrepareSources = {
  readonly clock: Clock;
  readonly runners: Runners;
  readonly renderer: ExpressionRenderer;
  action(ref: ResourceRef): ActionDefinition | undefined;
  pack(ref: string): Pack | undefined;
};

/** The one user there is, for templates that ask for `action_context.user`. */
export const USER = 'stormlet';

/** Throws a fault that says what is wrong: the action, the parameters, or a template in them. */
export async function prepareExecution(sources: PrepareSources, request: ExecutionRequest): Promise<NewExecution> {
  const action = sources.action(request.action);
  const runnerParameters = action && sources.runners.get(action.runner)?.parameters;
  const parameters =
    action && runnerParameters
      ? await renderParameters(templates(sources, action, request), sources.renderer)
      : request.parameters;
  const now = isoTime(sources.clock);
  return newExecution({ ...request, parameters }, { action, runnerParameters }, randomUUID(), now);
}

/** The values that the action runs with: what was recorded, and the defaults that are templates. */
export function finishExecution(
  sources: PrepareSources,
  action: ActionDefinition,
  request: ExecutionRequest,
): Promise<{ readonly action: JsonObject; readonly runner: JsonObject }> {
  return finishParameters(templates(sources, action, request), sources.renderer);
}

function templates(sources: PrepareSources, action: ActionDefinition, { parameters, context }: ExecutionRequest) {
  return {
    given: parameters,
    action: action.parameters,
    runner: sources.runners.get(action.runner)?.parameters ?? {},
    context: {
      config_context: sources.pack(action.pack)?.config ?? {},
      action_context: {
        pack: action.pack,
        user: USER,
        api_user: USER,
        ...(context.rule !== undefined && { rule: { id: context.rule } }),
        ...(context.triggerInstance !== undefined && { trigger_instance: { id: context.triggerInstance } }),
      },
    },
  };
}
