import type { Execution } from '../contract/executions.ts';
import type { JsonObject } from '../contract/json.ts';

/** An execution whose turn has come. */
export type Turn = {
  readonly execution: Execution;
  /** As they were given, with secrets. */
  readonly parameters: JsonObject;
  readonly signal: AbortSignal;
  /**
   * Resolves when the disk has it as running. Nothing of it starts before, or it could run again after the power was lost;
   * what it needs is got ready meanwhile. Rejects when the disk did not take it: then nothing of it may run.
   */
  readonly recorded: Promise<void>;
};
