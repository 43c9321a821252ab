import path from 'node:path';
import type { Execution, ExecutionStep, OutputStream } from '../contract/executions.ts';
import type { JsonObject } from '../contract/json.ts';
import type { ActionDefinition } from '../contract/packs.ts';
import type { Clock } from '../kit/clock.ts';
import type { RunJob, Runner, RunOutcome, RunPack } from './runner.ts';

/** All that can be run, by `runner_type`. */
export type Runners = ReadonlyMap<string, Runner>;

export type ActionToRun = {
  readonly execution: Execution;
  readonly action: ActionDefinition;
  readonly pack: RunPack;
  /** Resolved values, split into the action's own and its runner's. */
  readonly parameters: { readonly own: JsonObject; readonly runner: JsonObject };
  readonly apiEnvironment?: Readonly<Record<string, string>>;
  onOutput(stream: OutputStream, text: string): void;
  onStep(step: ExecutionStep): void;
};

/** Runs one action under its time limit. What a runner throws is a bug of the runner and fails this execution alone. */
export async function runAction(
  runners: Runners,
  clock: Clock,
  todo: ActionToRun,
  canceled: AbortSignal,
): Promise<RunOutcome> {
  const runner = runners.get(todo.action.runner);
  if (!runner) {
    const message = `there is no runner \`${todo.action.runner}\``;
    return { status: 'failed', fault: { code: 'action/runner-unknown', kind: 'pack', message } };
  }
  const limit = new AbortController();
  const left = timeLeft(runner, clock, todo);
  const callOff = left === undefined ? () => {} : clock.after(left, () => limit.abort('timeout'));
  try {
    return await runner.run(asJob(todo), AbortSignal.any([canceled, limit.signal]));
  } catch (error) {
    const message = `the runner \`${runner.name}\` failed: ${error instanceof Error ? error.message : String(error)}`;
    return { status: 'failed', fault: { code: 'engine/runner', kind: 'engine', message } };
  } finally {
    callOff();
  }
}

/** Milliseconds; undefined where it has no limit. */
function timeLeft({ timeLimit }: Runner, clock: Clock, { parameters, execution }: ActionToRun): number | undefined {
  const seconds = parameters.runner[timeLimit ?? 'timeout'];
  if (typeof seconds !== 'number' || seconds <= 0) return undefined;
  const gone = timeLimit === undefined ? 0 : clock.now() - Date.parse(execution.startedAt ?? execution.createdAt);
  return Math.max(0, seconds * 1000 - gone);
}

function asJob(todo: ActionToRun): RunJob {
  const { action, pack, apiEnvironment } = todo;
  return {
    execution: todo.execution.id,
    action,
    entryPoint: action.entryPoint === '' ? undefined : path.join(pack.path, 'actions', action.entryPoint),
    pack,
    parameters: todo.parameters.own,
    runnerParameters: todo.parameters.runner,
    ...(apiEnvironment && { apiEnvironment }),
    onOutput: todo.onOutput,
    onStep: todo.onStep,
  };
}
