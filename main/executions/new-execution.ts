import { describeParameterProblems, resolveParameters } from '../contract/check-parameters.ts';
import { type Fault, StormletError } from '../contract/errors.ts';
import type { Execution, ExecutionContext } from '../contract/executions.ts';
import type { JsonObject } from '../contract/json.ts';
import type { ActionDefinition } from '../contract/packs.ts';
import type { ResourceRef } from '../contract/refs.ts';
import { maskSecrets } from '../contract/secret-values.ts';
import { parameterSpecs } from './parameter-specs.ts';

export type ExecutionRequest = {
  readonly action: ResourceRef;
  readonly parameters: JsonObject;
  readonly context: ExecutionContext;
  /** It runs no earlier than so many milliseconds from now. */
  readonly delayMs?: number | undefined;
};

/** An execution about to be recorded, with its true parameter values beside the masked ones. */
export type NewExecution = { readonly execution: Execution; readonly parameters: JsonObject };

export type Known = {
  readonly action: ActionDefinition | undefined;
  /** Undefined when no runner of that name exists. */
  readonly runnerParameters: ActionDefinition['parameters'] | undefined;
};

/**
 * Checks a request against what the action takes. Throws a `user` fault, with every problem in one message, when the
 * action is unknown, switched off, or the parameters are wrong.
 */
export function newExecution(request: ExecutionRequest, known: Known, id: string, now: string): NewExecution {
  const { action, runnerParameters } = known;
  if (!action) throw new StormletError(unknownAction(request.action));
  if (!action.enabled) {
    throw new StormletError({
      code: 'action/disabled',
      kind: 'user',
      message: `the action \`${action.ref}\` is switched off`,
      hint: `set \`enabled: true\` in ${action.file}`,
    });
  }
  if (!runnerParameters) throw new StormletError(unknownRunner(action));
  const specs = parameterSpecs(action.parameters, runnerParameters);
  const { values, problems } = resolveParameters(specs, request.parameters);
  if (problems.length > 0) {
    throw new StormletError({
      code: 'action/parameters-invalid',
      kind: 'user',
      message: `\`${action.ref}\` cannot run: ${describeParameterProblems(problems)}`,
      hint: parameterHint(action),
      details: { problems: problems.map(({ path, message }) => ({ path, message })) },
    });
  }
  return {
    parameters: values,
    execution: {
      id,
      action: action.ref,
      runner: action.runner,
      parameters: maskSecrets(specs, values),
      context: request.context,
      ...startingState(request.delayMs ?? 0, 'it was asked for later', now),
      createdAt: now,
      steps: [],
    },
  };
}

/** It waits for its turn, or for its time first. */
export function startingState(delayMs: number, reason: string, now: string): Pick<Execution, 'status' | 'delay'> {
  if (delayMs === 0) return { status: 'requested' };
  return { status: 'delayed', delay: { reason, until: new Date(Date.parse(now) + delayMs).toISOString() } };
}

/** The record of a request that could not be made: StackStorm keeps these too, as failed, so that nothing is silent. */
export function refusedExecution(request: ExecutionRequest, fault: Fault, id: string, now: string): NewExecution {
  return {
    parameters: {},
    execution: {
      id,
      action: request.action,
      runner: 'none',
      status: 'failed',
      // Without a definition nothing says which values are secret, so none is kept.
      parameters: {},
      context: request.context,
      createdAt: now,
      endedAt: now,
      fault,
      steps: [],
    },
  };
}

export function unknownAction(ref: ResourceRef): Fault {
  return {
    code: 'action/unknown',
    kind: 'user',
    message: `no loaded pack has the action \`${ref}\``,
    hint: 'see the names with `stormlet action list`; a pack that is switched off or broken brings none',
  };
}

function unknownRunner(action: ActionDefinition): Fault {
  return {
    code: 'action/runner-unknown',
    kind: 'pack',
    message: `the action \`${action.ref}\` needs the runner \`${action.runner}\`, which Stormlet does not have`,
    hint: `see \`runner_type\` in ${action.file}`,
  };
}

function parameterHint(action: ActionDefinition): string {
  const names = Object.keys(action.parameters);
  return names.length === 0 ? 'it takes no parameters' : `it takes: ${names.join(', ')}`;
}
