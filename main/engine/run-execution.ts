import { mkdirSync } from 'node:fs';
import { toFault } from '../contract/errors.ts';
import type { Execution, ExecutionStep, OutputStream } from '../contract/executions.ts';
import type { JsonObject } from '../contract/json.ts';
import type { ActionDefinition } from '../contract/packs.ts';
import { secretTexts } from '../contract/secret-values.ts';
import { maskJson, textMasker } from '../executions/mask-output.ts';
import { unknownAction } from '../executions/new-execution.ts';
import { parameterSpecs } from '../executions/parameter-specs.ts';
import type { EffectiveConfig } from '../expressions/render-config.ts';
import type { Pack } from '../packs/pack.ts';
import { runAction } from '../runners/run-action.ts';
import type { RunOutcome } from '../runners/runner.ts';
import { finishExecution, type PrepareSources } from './prepare-execution.ts';

/** Joins executions, packs and runners: finds what an execution needs, runs it, and masks its secrets in all it says. */
export type RunSources = PrepareSources & {
  /** The interpreter for the pack's actions; undefined while its virtualenv is not there. */
  python(pack: Pack): Promise<string | undefined>;
  packData(pack: string): string;
  /** Its interpreter may be the cause. */
  onPythonFailed(pack: Pack): void;
  onOutput(execution: string, stream: OutputStream, text: string): void;
  onSteps(execution: string, steps: readonly ExecutionStep[]): void;
};

/** Never rejects: whatever goes wrong is the outcome of this execution alone. */
export async function runExecution(
  sources: RunSources,
  execution: Execution,
  parameters: JsonObject,
  signal: AbortSignal,
): Promise<RunOutcome> {
  const action = sources.action(execution.action);
  const pack = action && sources.pack(action.pack);
  // Both were there when it was requested; the pack may have gone while it waited.
  if (!action || !pack) return { status: 'failed', fault: unknownAction(execution.action) };
  const config = await Promise.resolve(pack).then(sources.config).catch(toFault);
  if ('code' in config) return { status: 'failed', fault: config };
  const mask = maskerFor(sources, action, config, parameters);
  try {
    const outcome = await run(sources, { execution, action, pack, config, parameters, mask }, signal);
    if (outcome.status === 'failed' && action.runner === 'python-script') sources.onPythonFailed(pack);
    return maskOutcome(outcome, mask);
  } catch (error) {
    return maskOutcome({ status: 'failed', fault: toFault(error) }, mask);
  }
}

type Mask = (text: string) => string;
type Todo = {
  readonly execution: Execution;
  readonly action: ActionDefinition;
  readonly pack: Pack;
  readonly config: EffectiveConfig;
  readonly parameters: JsonObject;
  readonly mask: Mask;
};

async function run(sources: RunSources, todo: Todo, signal: AbortSignal): Promise<RunOutcome> {
  const { execution, action, pack, config, mask } = todo;
  const request = { action: action.ref, parameters: todo.parameters, context: execution.context };
  const values = await finishExecution(sources, action, request, config);
  // Only Python needs an interpreter; a shell action does not wait for one to be found.
  const python = action.runner === 'python-script' ? await sources.python(pack) : undefined;
  mkdirSync(sources.packData(pack.ref), { recursive: true });
  const steps = new Map<string, ExecutionStep>();
  return runAction(
    sources.runners,
    sources.clock,
    {
      execution,
      action,
      pack: { ref: pack.ref, path: pack.path, python, config: config.values },
      parameters: { own: values.action, runner: values.runner },
      onOutput: (stream, text) => sources.onOutput(execution.id, stream, mask(text)),
      onStep: (step) => {
        steps.set(step.name, { ...step, ...(step.detail !== undefined && { detail: mask(step.detail) }) });
        sources.onSteps(execution.id, [...steps.values()]);
      },
    },
    signal,
  );
}

function maskerFor(
  sources: RunSources,
  action: ActionDefinition,
  config: EffectiveConfig,
  parameters: JsonObject,
): Mask {
  const specs = parameterSpecs(action.parameters, sources.runners.get(action.runner)?.parameters ?? {});
  return textMasker([...secretTexts(specs, parameters), ...config.secrets]);
}

function maskOutcome(outcome: RunOutcome, mask: Mask): RunOutcome {
  const output = outcome.output === undefined ? undefined : maskJson(outcome.output, mask);
  if (outcome.status === 'timeout' || outcome.status === 'canceled') return { ...outcome, output };
  if (outcome.status !== 'failed') return { ...outcome, output: output ?? null };
  const { fault } = outcome;
  const details = fault.details === undefined ? {} : { details: maskJson(fault.details, mask) };
  return { ...outcome, output, fault: { ...fault, message: mask(fault.message), ...details } };
}
