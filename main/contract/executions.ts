import { z } from 'zod';
import { Fault } from './errors.ts';
import { Json, JsonObject } from './json.ts';
import { NotifySection } from './notify.ts';
import { Isolation } from './python-settings.ts';
import { PackRef, ResourceRef } from './refs.ts';

/** StackStorm's own strings (st2common/constants/action.py). */
export const ExecutionStatus = z.enum([
  'requested',
  'scheduled',
  'delayed',
  'running',
  'succeeded',
  'failed',
  'timeout',
  'abandoned',
  'canceling',
  'canceled',
  'pausing',
  'paused',
  'resuming',
  'pending',
]);
export type ExecutionStatus = z.infer<typeof ExecutionStatus>;

export const COMPLETED_STATUSES = [
  'succeeded',
  'failed',
  'timeout',
  'abandoned',
  'canceled',
] as const satisfies ExecutionStatus[];
export const CANCELABLE_STATUSES = [
  'requested',
  'scheduled',
  'delayed',
  'running',
  'pausing',
  'paused',
  'resuming',
  // Not in StackStorm, where a question that nobody wants to answer has to wait for its time.
  'pending',
] as const satisfies ExecutionStatus[];

export function isCompleted(status: ExecutionStatus): boolean {
  return (COMPLETED_STATUSES as readonly ExecutionStatus[]).includes(status);
}

export const ExecutionSource = z.enum(['rule', 'window', 'cli', 'api', 'engine']);
export type ExecutionSource = z.infer<typeof ExecutionSource>;

/** It runs again what failed: the how many-eth attempt after the first, of which execution, by which policy. */
export const RetryContext = z.object({
  policy: ResourceRef,
  count: z.number().int().min(1),
  /** The attempt before this one. */
  of: z.string(),
});
export type RetryContext = z.infer<typeof RetryContext>;

/** Which task of its workflow an execution is. */
export const TaskContext = z.object({
  name: z.string(),
  /** Unique within the workflow: a task may run more than once. */
  key: z.string(),
  /** Of a task with items: which one, from 0. */
  item: z.number().int().min(0).optional(),
});
export type TaskContext = z.infer<typeof TaskContext>;

/** Who or what asked for the execution. */
export const ExecutionContext = z.object({
  source: ExecutionSource,
  rule: ResourceRef.optional(),
  triggerInstance: z.string().optional(),
  /** The workflow's execution that it is a task of. */
  parent: z.string().optional(),
  /** The execution whose own program asked for it, over StackStorm's API. */
  askedBy: z.string().optional(),
  /** The action alias by which it was asked for. */
  alias: ResourceRef.optional(),
  /** Whom to tell when it has ended, as it was asked for; of a task of a workflow, as that says. */
  notify: NotifySection.optional(),
  policies: z
    .object({
      retry: RetryContext.optional(),
      /** The policy that held it back last, also when it has run since. */
      heldBy: ResourceRef.optional(),
    })
    .optional(),
  task: TaskContext.optional(),
  /** The execution that was run once more, or on from some of its tasks. */
  rerunOf: z.string().optional(),
});
export type ExecutionContext = z.infer<typeof ExecutionContext>;

/** One visible step of a long action (`packs.install`: clone, check, virtualenv …), in the order they began. */
export const ExecutionStep = z.object({
  name: z.string(),
  state: z.enum(['running', 'done', 'failed', 'skipped']),
  detail: z.string().optional(),
  /** 0 to 100, where it is known. */
  percent: z.number().min(0).max(100).optional(),
});
export type ExecutionStep = z.infer<typeof ExecutionStep>;

/** Why an execution is `delayed`, and until when where that is known. */
export const ExecutionDelay = z.object({ reason: z.string(), until: z.string().optional() });
export type ExecutionDelay = z.infer<typeof ExecutionDelay>;

/** Milliseconds, as StackStorm counts it; ten years are as good as for ever. */
export const DelayMs = z
  .number()
  .int()
  .min(0)
  .max(10 * 365 * 86_400_000);

export const Execution = z.object({
  id: z.string(),
  action: ResourceRef,
  runner: z.string(),
  status: ExecutionStatus,
  /** Secret values are masked as `********`. */
  parameters: JsonObject,
  context: ExecutionContext,
  /** Present exactly while it is `delayed`. */
  delay: ExecutionDelay.optional(),
  /** ISO 8601, UTC, milliseconds: as every instant in the contract. */
  createdAt: z.string(),
  startedAt: z.string().optional(),
  endedAt: z.string().optional(),
  /** How the process of an action in Python or JavaScript came to be; absent for other runners, and before it has run. */
  isolation: Isolation.optional(),
  /** The runner's output object in StackStorm's shape: for python-script `{ result, stdout, stderr, exit_code }`. */
  result: Json.optional(),
  fault: Fault.optional(),
  steps: z.array(ExecutionStep),
});
export type Execution = z.infer<typeof Execution>;

export const ExecutionFilter = z.object({
  action: ResourceRef.optional(),
  status: z.array(ExecutionStatus).optional(),
  pack: PackRef.optional(),
  rule: ResourceRef.optional(),
  triggerInstance: z.string().optional(),
  /** Started by that execution; null: by none. */
  parent: z.string().nullable().optional(),
  runner: z.string().optional(),
  /** Created at that instant or later, and before that one. */
  since: z.string().optional(),
  until: z.string().optional(),
  /** Found in its id, action, parameters, result or fault, ignoring case. */
  text: z.string().optional(),
  /** False leaves out `result` and `steps`, which can be long. */
  results: z.boolean().optional(),
  /** Newest first; pass `next` of the page before to go on. */
  before: z.string().optional(),
  limit: z.number().int().min(1).max(500).default(50),
});
export type ExecutionFilter = z.infer<typeof ExecutionFilter>;

/**
 * `more`: there may be older ones, to be asked for with `before: next`. A page that had to look at very many rows ends early,
 * and may have no items and still more.
 */
export const ExecutionPage = z.object({ items: z.array(Execution), more: z.boolean(), next: z.string().optional() });
export type ExecutionPage = z.infer<typeof ExecutionPage>;

/** How many executions a filter finds, whatever its page; of very many, those among the newest. */
export const ExecutionCount = z.object({ count: z.number().int() });

export const OutputStream = z.enum(['stdout', 'stderr']);
export type OutputStream = z.infer<typeof OutputStream>;

/** A piece of a running execution's output, live. */
export const OutputChunk = z.object({ execution: z.string(), stream: OutputStream, text: z.string() });
export type OutputChunk = z.infer<typeof OutputChunk>;

export const SECRET_MASK = '********';

export const RunRequest = z.object({
  action: ResourceRef,
  parameters: JsonObject.default({}),
  /** Runs no earlier than so many milliseconds from now; until then it is `delayed`, and may be canceled. */
  delay: DelayMs.optional(),
  /** Whom to tell when it has ended, in the place of what the action's own metadata says. */
  notify: NotifySection.optional(),
});
export type RunRequest = z.infer<typeof RunRequest>;

export const RerunRequest = z.object({
  id: z.string(),
  /** In the places of what was given before; a value that is only the mask of a secret leaves that as it was. */
  parameters: JsonObject.default({}),
  delay: DelayMs.optional(),
  /** A workflow that is over goes on from these tasks, and runs no other again; an empty list means those that failed. */
  tasks: z.array(z.string()).optional(),
  /** Of a task with items, all run again; otherwise only those that failed. */
  reset: z.boolean().default(true),
});
export type RerunRequest = z.infer<typeof RerunRequest>;

/** Their executions have children, and can be paused. */
const WORKFLOW_RUNNERS: readonly string[] = ['action-chain', 'orquesta'];

export function isWorkflow(runner: string): boolean {
  return WORKFLOW_RUNNERS.includes(runner);
}
