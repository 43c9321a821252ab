import { type Fault, StormletError, toFault } from '../contract/errors.ts';
import type { JsonObject } from '../contract/json.ts';
import type { ActionDefinition } from '../contract/packs.ts';
import type { ResourceRef } from '../contract/refs.ts';
import { maskJson, textMasker } from '../executions/mask-output.ts';
import { type ExecutionRequest, type Known, type NewExecution, newExecution } from '../executions/new-execution.ts';
import type { EffectiveConfig } from '../expressions/render-config.ts';
import { finishParameters, renderParameters } from '../expressions/render-parameters.ts';
import type { ExpressionRenderer } from '../expressions/renderer.ts';
import { type Clock, isoTime } from '../kit/clock.ts';
import { newId } from '../kit/new-id.ts';
import type { Pack } from '../packs/pack.ts';
import type { Runners } from '../runners/run-action.ts';

/** Joins executions and expressions: from what a person asked, with its templates, to what can be recorded and run. */
export type PrepareSources = {
  readonly clock: Clock;
  readonly runners: Runners;
  readonly renderer: ExpressionRenderer;
  action(ref: ResourceRef): ActionDefinition | undefined;
  pack(ref: string): Pack | undefined;
  /** As it reads now; fails with `config/render-failed`. */
  config(pack: Pack): EffectiveConfig | Promise<EffectiveConfig>;
};

/** The one user there is, for templates that ask for `action_context.user`. */
export const USER = 'stormlet';

export const NO_CONFIG: EffectiveConfig = { values: {}, masked: {}, secrets: [] };

/** Throws a fault that says what is wrong: the action, its pack's configuration, the parameters, or a template in them. */
export async function prepareExecution(sources: PrepareSources, request: ExecutionRequest): Promise<NewExecution> {
  const action = sources.action(request.action);
  const config = await configFor(sources, action);
  const runnerParameters = action && sources.runners.get(action.runner)?.parameters;
  try {
    const parameters =
      action && runnerParameters
        ? await renderParameters(templates(sources, action, request, config), sources.renderer)
        : request.parameters;
    const known = { action, runnerParameters };
    return recordExecution({ ...request, parameters }, known, config, newId(), isoTime(sources.clock));
  } catch (error) {
    throw new StormletError(maskFault(toFault(error), config), { cause: error });
  }
}

/** What is given anew, rendered, while the other parameters have their values already. */
export async function renderAnew(
  sources: PrepareSources,
  action: ActionDefinition,
  request: ExecutionRequest,
  config: EffectiveConfig,
  others: JsonObject,
): Promise<JsonObject> {
  const { context, ...rest } = templates(sources, action, request, config);
  const all = await renderParameters({ ...rest, context: { ...others, ...context } }, sources.renderer);
  return Object.fromEntries(Object.entries(all).filter(([name]) => Object.hasOwn(request.parameters, name)));
}

export async function configFor(
  sources: PrepareSources,
  action: ActionDefinition | undefined,
): Promise<EffectiveConfig> {
  const pack = action && sources.pack(action.pack);
  return pack ? sources.config(pack) : NO_CONFIG;
}

/** A parameter may have been made of the configuration, so what is kept of it is masked as its pack's output is. */
export function recordExecution(
  request: ExecutionRequest,
  known: Known,
  config: EffectiveConfig,
  id: string,
  now: string,
): NewExecution {
  const { execution, parameters } = newExecution(request, known, id, now);
  const masked = maskJson(execution.parameters, textMasker(config.secrets)) as JsonObject;
  return { parameters, execution: { ...execution, parameters: masked } };
}

export function maskFault(fault: Fault, config: EffectiveConfig): Fault {
  const mask = textMasker(config.secrets);
  const details = fault.details === undefined ? {} : { details: maskJson(fault.details, mask) };
  return { ...fault, message: mask(fault.message), ...details };
}

/** The values that the action runs with: what was recorded, and the defaults that are templates. */
export function finishExecution(
  sources: PrepareSources,
  action: ActionDefinition,
  request: ExecutionRequest,
  config: EffectiveConfig,
): Promise<{ readonly action: JsonObject; readonly runner: JsonObject }> {
  return finishParameters(templates(sources, action, request, config), sources.renderer);
}

function templates(
  sources: PrepareSources,
  action: ActionDefinition,
  { parameters, context }: ExecutionRequest,
  config: EffectiveConfig,
) {
  return {
    given: parameters,
    action: action.parameters,
    runner: sources.runners.get(action.runner)?.parameters ?? {},
    context: {
      config_context: config.values,
      action_context: {
        pack: action.pack,
        user: USER,
        api_user: USER,
        ...(context.rule !== undefined && { rule: { id: context.rule } }),
        ...(context.triggerInstance !== undefined && { trigger_instance: { id: context.triggerInstance } }),
        ...(context.parent !== undefined && {
          parent: { execution_id: context.parent, pack: action.pack, user: USER },
        }),
      },
    },
  };
}
