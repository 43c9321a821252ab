import { mkdirSync } from 'node:fs';
import { StormletError, toFault } from '../contract/errors.ts';
import type { ExecutionStep, OutputStream } from '../contract/executions.ts';
import type { JsonObject } from '../contract/json.ts';
import type { ActionDefinition } from '../contract/packs.ts';
import { secretTexts } from '../contract/secret-values.ts';
import { maskJson, textMasker } from '../executions/mask-output.ts';
import { unknownAction } from '../executions/new-execution.ts';
import { parameterSpecs } from '../executions/parameter-specs.ts';
import type { Turn } from '../executions/turn.ts';
import type { EffectiveConfig } from '../expressions/render-config.ts';
import type { Pack } from '../packs/pack.ts';
import { liveTree } from '../packs/versions.ts';
import { runAction } from '../runners/run-action.ts';
import type { RunOutcome } from '../runners/runner.ts';
import type { InheritedSecrets } from './inherited-secrets.ts';
import { finishExecution, type PrepareSources } from './prepare-execution.ts';

/** Joins executions, packs and runners: finds what an execution needs, runs it, and masks its secrets in all it says. */
export type RunSources = PrepareSources & {
  /** The interpreter for the pack's actions; undefined while its virtualenv is not there. */
  python(pack: Pack): Promise<string | undefined>;
  packData(pack: string): string;
  /** Lets it use the app's API until it is disposed of. */
  admit(execution: string): Disposable & { readonly environment: Readonly<Record<string, string>> };
  /** What the workflows above it hide. */
  readonly inherited: InheritedSecrets;
  /** Its interpreter may be the cause. */
  onPythonFailed(pack: Pack): void;
  onOutput(execution: string, stream: OutputStream, text: string): void;
  onSteps(execution: string, steps: readonly ExecutionStep[]): void;
};

/** Never rejects: whatever goes wrong is the outcome of this execution alone. */
export async function runExecution(sources: RunSources, turn: Turn): Promise<RunOutcome> {
  const { execution, parameters } = turn;
  const action = sources.action(execution.action);
  const pack = action && sources.pack(action.pack);
  // Both were there when it was requested; the pack may have gone while it waited.
  if (!action || !pack) return { status: 'failed', fault: unknownAction(execution.action) };
  // In the same tick as the pack: an update changes all three at once, and this execution finishes on what it began with.
  const tree = liveTree(pack.path);
  // Only Python needs an interpreter; a shell action does not wait for one to be found.
  const python = action.runner === 'python-script' ? sources.python(pack) : undefined;
  // It is waited for later, and by nobody when the configuration is at fault.
  python?.catch(() => {});
  const config = await Promise.resolve(pack).then(sources.config).catch(toFault);
  if ('code' in config) return { status: 'failed', fault: config };
  const { inherited } = sources;
  const secrets = execution.context.parent === undefined ? [] : await inherited.of(execution.context).catch(toFault);
  if ('code' in secrets) return { status: 'failed', fault: secrets };
  const mask = maskerFor(sources, action, [...config.secrets, ...secrets], parameters);
  try {
    const outcome = await run(sources, turn, { action, pack, tree, python, config, mask });
    if (outcome.status === 'failed' && action.runner === 'python-script') sources.onPythonFailed(pack);
    return maskOutcome(outcome, mask);
  } catch (error) {
    return maskOutcome({ status: 'failed', fault: toFault(error) }, mask);
  }
}

type Mask = (text: string) => string;
type Todo = {
  readonly action: ActionDefinition;
  readonly pack: Pack;
  readonly config: EffectiveConfig;
  /** Where its files are. */
  readonly tree: string;
  readonly python: Promise<string | undefined> | undefined;
  readonly mask: Mask;
};

async function run(sources: RunSources, turn: Turn, todo: Todo): Promise<RunOutcome> {
  const { execution, parameters, signal } = turn;
  const { action, pack, config, mask } = todo;
  const request = { action: action.ref, parameters, context: execution.context };
  const [values, python] = await Promise.all([finishExecution(sources, action, request, config), todo.python]);
  mkdirSync(sources.packData(pack.ref), { recursive: true });
  const steps = new Map<string, ExecutionStep>();
  using admission = sources.admit(execution.id);
  await turn.recorded.catch(refuseToRun);
  return await runAction(
    sources.runners,
    sources.clock,
    {
      execution,
      action,
      pack: { ref: pack.ref, path: todo.tree, python, config: config.values },
      parameters: { own: values.action, runner: values.runner },
      apiEnvironment: admission.environment,
      onOutput: (stream, text) => sources.onOutput(execution.id, stream, mask(text)),
      onStep: (step) => {
        steps.set(step.name, { ...step, ...(step.detail !== undefined && { detail: mask(step.detail) }) });
        sources.onSteps(execution.id, [...steps.values()]);
      },
    },
    signal,
  );
}

/** Nothing of it has run. */
function refuseToRun(cause: unknown): never {
  throw new StormletError(
    {
      code: 'execution/not-recorded',
      kind: 'environment',
      message: 'its start could not be written to the disk, so it was not run',
      hint: 'check that the disk has room and is well, then run it again',
    },
    { cause },
  );
}

function maskerFor(
  sources: RunSources,
  action: ActionDefinition,
  secrets: readonly string[],
  parameters: JsonObject,
): Mask {
  const specs = parameterSpecs(action.parameters, sources.runners.get(action.runner)?.parameters ?? {});
  return textMasker([...secretTexts(specs, parameters), ...secrets]);
}

function maskOutcome(outcome: RunOutcome, mask: Mask): RunOutcome {
  const output = outcome.output === undefined ? undefined : maskJson(outcome.output, mask);
  if (outcome.status === 'timeout' || outcome.status === 'canceled') return { ...outcome, output };
  if (outcome.status !== 'failed') return { ...outcome, output: output ?? null };
  const { fault } = outcome;
  const details = fault.details === undefined ? {} : { details: maskJson(fault.details, mask) };
  return { ...outcome, output, fault: { ...fault, message: mask(fault.message), ...details } };
}
