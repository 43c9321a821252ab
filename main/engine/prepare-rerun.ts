import { StormletError, toFault } from '../contract/errors.ts';
import { type ExecutionSource, type RerunRequest, SECRET_MASK } from '../contract/executions.ts';
import type { Json, JsonObject } from '../contract/json.ts';
import type { ParameterSpecs } from '../contract/parameter-spec.ts';
import type { ExecutionRequest, NewExecution } from '../executions/new-execution.ts';
import { parameterSpecs } from '../executions/parameter-specs.ts';
import { isoTime } from '../kit/clock.ts';
import { newId } from '../kit/new-id.ts';
import type { KeptExecution } from '../store/execution-table.ts';
import { configFor, maskFault, type PrepareSources, recordExecution, renderAnew } from './prepare-execution.ts';

/**
 * An execution once more: the action as it is now, with the values that the first one ran with. They were rendered then,
 * and are taken as they are; what is given anew may hold templates.
 */
export async function prepareRerun(
  sources: PrepareSources,
  kept: KeptExecution,
  { parameters: given, delay }: RerunRequest,
  source: ExecutionSource,
): Promise<NewExecution> {
  const { execution } = kept;
  const action = sources.action(execution.action);
  const runnerParameters = action && sources.runners.get(action.runner)?.parameters;
  const config = await configFor(sources, action);
  const edits = withoutMasks(given);
  const request: ExecutionRequest = {
    action: execution.action,
    parameters: edits,
    context: { source, rerunOf: execution.id },
    delayMs: delay,
  };
  try {
    const before = keptParameters(kept, edits);
    const parameters =
      action && runnerParameters
        ? {
            ...withoutImmutable(parameterSpecs(action.parameters, runnerParameters), before),
            ...(await renderAnew(sources, action, request, config, before)),
          }
        : before;
    const known = { action, runnerParameters };
    return recordExecution({ ...request, parameters }, known, config, newId(), isoTime(sources.clock));
  } catch (error) {
    throw new StormletError(maskFault(toFault(error), config), { cause: error });
  }
}

/** Of a secret that was shown to a person and came back as it was shown. */
function withoutMasks(given: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== SECRET_MASK));
}

function withoutImmutable(specs: ParameterSpecs, values: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([name]) => specs[name]?.immutable !== true));
}

/** Secrets of executions from before they were kept are gone, as are those that were sealed with a lost key. */
function keptParameters({ execution, parameters }: KeptExecution, edits: JsonObject): JsonObject {
  const values = parameters ?? execution.parameters;
  const gone = Object.keys(values).filter((name) => !Object.hasOwn(edits, name) && holdsMask(values[name] ?? null));
  if (gone.length === 0) return values;
  throw new StormletError({
    code: 'execution/secrets-gone',
    kind: 'user',
    message: `\`${execution.id}\` cannot run again as it was: ${gone.map((name) => `\`${name}\``).join(', ')} cannot be read any more`,
    hint: `give ${gone.length === 1 ? 'it' : 'them'} anew`,
  });
}

function holdsMask(value: Json): boolean {
  return JSON.stringify(value).includes(SECRET_MASK);
}
