import type { Json, JsonObject } from '../contract/json.ts';

/**
 * What evaluates the expressions of a workflow. All that one decision needs at a time is asked for in one call, so that it
 * costs at most one round trip to the expressions service.
 */
export interface WorkflowEvaluator {
  /** What each step gave, in order. Rejected only where nothing could be evaluated, or it took too long. */
  evaluate(steps: readonly Step[], scope: Scope): Promise<readonly Done[]>;
  /** What is wrong with the syntax of each text. */
  faults(texts: readonly string[]): Promise<readonly (readonly SyntaxFault[])[]>;
}

/** Does `when` hold; then one variable after the other, each seeing those before it; then the value. */
export type Step = {
  readonly when?: string;
  readonly assign?: readonly Assignment[];
  /** Anything; every string in it, keys too, is evaluated. */
  readonly value?: Json;
  /** What `item()` is. */
  readonly item?: Json;
};
export type Assignment = readonly [name: string, value: Json];

/** Where `when` does not hold, `held` is false and nothing else was looked at. */
export type Done = {
  readonly held?: boolean | undefined;
  readonly assigned: readonly Assignment[];
  readonly value?: Json | undefined;
  readonly errors: readonly EvaluationError[];
};
export type EvaluationError = { readonly type: string; readonly message: string };

export type Scope = {
  readonly variables: JsonObject;
  /** The task that just ended or is about to start, as `succeeded()` and `task_status()` see it. */
  readonly task?: { readonly id: string; readonly route: number; readonly status: string };
  readonly result: Json;
  /** What `task()` and `task_status()` tell, seen from `route` or else from the current task's. */
  taskNamed(name: string, route: number | null): TaskView | undefined;
};
/** `state` is the task's in the workflow; all else is what `task()` gives, and is there once its execution has ended. */
export type TaskView = { readonly state: string; readonly result?: Json; readonly [name: string]: Json | undefined };

export type SyntaxFault = {
  /** Undefined for a text in two languages. */
  readonly language?: 'yaql' | 'jinja' | undefined;
  readonly expression: string;
  readonly message: string;
};
