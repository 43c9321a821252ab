import type { Fault } from '../contract/errors.ts';
import type { ExecutionStep, OutputStream } from '../contract/executions.ts';
import type { Json, JsonObject } from '../contract/json.ts';
import type { ActionDefinition } from '../contract/packs.ts';
import type { ParameterSpecs } from '../contract/parameter-spec.ts';
import type { Isolation } from '../contract/python-settings.ts';

/**
 * Stage 5: runs one action and says how it went. A failed action is an outcome; throwing means a bug in the runner.
 * A runner never decides whether or when something runs, and writes no history.
 */
export interface Runner {
  /** StackStorm's `runner_type`. */
  readonly name: string;
  /** The runner's own parameters, merged under the action's. */
  readonly parameters: ParameterSpecs;
  /** Which of its parameters says how many seconds it may take; `timeout` by default. A workflow's are counted from its first start. */
  readonly timeLimit?: string;
  /** Ends, with its whole process tree gone, soon after `signal` aborts; `signal.reason` is `'timeout'` or `'canceled'`. */
  run(job: RunJob, signal: AbortSignal): Promise<RunOutcome>;
}

export type RunJob = {
  readonly execution: string;
  readonly action: ActionDefinition;
  /** Absolute path of the action's file, where the runner has one. */
  readonly entryPoint: string | undefined;
  readonly pack: RunPack;
  /** The action's own parameters, defaults in, unmasked. */
  readonly parameters: JsonObject;
  /** The runner's parameters (`env`, `timeout`, `cwd`, …). */
  readonly runnerParameters: JsonObject;
  /** Where the app's API is, and what lets the action in; absent where there is none. */
  readonly apiEnvironment?: Readonly<Record<string, string>>;
  onOutput(stream: OutputStream, text: string): void;
  onStep(step: ExecutionStep): void;
};

/** What a runner needs of the action's pack. */
export type RunPack = {
  readonly ref: string;
  readonly path: string;
  /** The virtualenv's interpreter, or the base interpreter where the pack needs no virtualenv. */
  readonly python: string | undefined;
  readonly config: JsonObject;
};

/** `pending`: it waits for a person's answer, and is not over. `output` is the object in StackStorm's shape that becomes `Execution.result`. */
export type RunOutcome = (
  | { readonly status: 'succeeded' | 'pending'; readonly output: Json }
  | { readonly status: 'failed'; readonly fault: Fault; readonly output?: Json | undefined }
  | { readonly status: 'timeout' | 'canceled'; readonly output?: Json | undefined }
) & {
  /** How the process of an action in Python or JavaScript came to be. */
  readonly isolation?: Isolation | undefined;
};
