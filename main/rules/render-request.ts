import { type Fault, toFault } from '../contract/errors.ts';
import type { ExecutionContext } from '../contract/executions.ts';
import type { JsonObject } from '../contract/json.ts';
import type { ActionDefinition, RuleDefinition } from '../contract/packs.ts';
import type { ParameterSpecs } from '../contract/parameter-spec.ts';
import type { ResourceRef } from '../contract/refs.ts';
import type { TriggerInstance } from '../contract/triggers.ts';

/** What a matched rule asks for. With a `fault` it becomes an execution that failed before it ran, its parameters as written. */
export type ActionRequest = {
  readonly action: ResourceRef;
  readonly parameters: JsonObject;
  readonly context: ExecutionContext;
  readonly fault?: Fault;
};

export type RequestToRender = {
  readonly rule: RuleDefinition;
  readonly instance: Pick<TriggerInstance, 'id' | 'trigger' | 'payload'>;
  readonly action: ActionDefinition;
  readonly runnerParameters: ParameterSpecs;
  /** The configuration of the action's pack, for `config_context`. */
  readonly config: JsonObject;
  /** The person the app runs for, for `action_context.user`. */
  readonly user: string;
};

/** Renders templates by name and casts them by declared type; throws a `StormletError` that names the parameter. */
export type RenderParameters = (parameters: {
  readonly given: JsonObject;
  readonly action: ParameterSpecs;
  readonly runner: ParameterSpecs;
  readonly context: JsonObject;
}) => Promise<JsonObject>;

export async function renderRequest(request: RequestToRender, render: RenderParameters): Promise<ActionRequest> {
  const { rule, instance, action, runnerParameters } = request;
  const asked = {
    action: action.ref,
    parameters: rule.action.parameters,
    context: contextOf(rule, instance),
  } as const;
  try {
    const given = rule.action.parameters;
    const context = templateContext(request);
    return {
      ...asked,
      parameters: await render({ given, action: action.parameters, runner: runnerParameters, context }),
    };
  } catch (error) {
    const fault = toFault(error);
    return { ...asked, fault: { ...fault, message: `rule \`${rule.ref}\`: ${fault.message}` } };
  }
}

/** The names that a rule's templates read beside the parameters (st2reactor/rules/enforcer.py). */
function templateContext({ rule, instance, action, config, user }: RequestToRender): JsonObject {
  return {
    trigger: instance.payload,
    config_context: config,
    action_context: {
      trigger_instance: { id: instance.id, name: instance.trigger },
      rule: { id: rule.ref, name: rule.name },
      user,
      pack: action.pack,
    },
  };
}

export function contextOf(rule: RuleDefinition, instance: Pick<TriggerInstance, 'id'>): ExecutionContext {
  const { notify } = rule.action;
  return { source: 'rule', rule: rule.ref, triggerInstance: instance.id, ...(notify && { notify }) };
}
