import { toFault } from '../contract/errors.ts';
import type { Json, JsonObject } from '../contract/json.ts';
import type { ParameterSpecs } from '../contract/parameter-spec.ts';
import type { RunJob, Runner, RunOutcome } from './runner.ts';

/** One of the app's own operations, such as `packs.install`. It throws a StormletError for what went wrong. */
export type Operation = (
  parameters: JsonObject,
  report: Pick<RunJob, 'execution' | 'onStep' | 'onOutput'>,
  signal: AbortSignal,
) => Promise<Json>;

export const OPERATION_PARAMETERS: ParameterSpecs = {
  timeout: { type: 'integer', default: 1800, description: 'Seconds after which it is called off.', minimum: 1 },
};

/** The only packs whose actions may reach into the app itself. */
const TRUSTED_PACKS: readonly string[] = ['core', 'packs', 'notify', 'clipboard'];

/**
 * Runs the app's own operations (`runner_type: stormlet`), so that installing a pack is an action like any other: in
 * history, cancelable, with live steps. `entry_point` names the operation.
 */
export function stormletOperationRunner(operations: Readonly<Record<string, Operation>>): Runner {
  return {
    name: 'stormlet',
    parameters: OPERATION_PARAMETERS,
    run: (job, signal) => runOperation(operations, job, signal),
  };
}

async function runOperation(
  operations: Readonly<Record<string, Operation>>,
  job: RunJob,
  signal: AbortSignal,
): Promise<RunOutcome> {
  const name = job.action.entryPoint;
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (!operation || !TRUSTED_PACKS.includes(job.pack.ref)) {
    return {
      status: 'failed',
      fault: {
        code: 'action/operation-refused',
        kind: 'pack',
        message: operation
          ? `the pack \`${job.pack.ref}\` may not use the runner \`stormlet\``
          : `there is no operation \`${name}\``,
        hint: `see \`runner_type\` and \`entry_point\` in ${job.action.file}`,
      },
    };
  }
  const printed = { stdout: '', stderr: '' };
  const onOutput: RunJob['onOutput'] = (stream, text) => {
    printed[stream] += text;
    job.onOutput(stream, text);
  };
  try {
    const result = await operation(job.parameters, { execution: job.execution, onStep: job.onStep, onOutput }, signal);
    return { status: 'succeeded', output: { result, ...printed, exit_code: 0 } };
  } catch (error) {
    const output = { result: null, ...printed, exit_code: 1 };
    if (signal.aborted) return { status: signal.reason === 'timeout' ? 'timeout' : 'canceled', output };
    return { status: 'failed', fault: toFault(error), output };
  }
}
