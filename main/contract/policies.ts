import { z } from 'zod';
import { Problem } from './errors.ts';
import { JsonObject } from './json.ts';
import { PackRef, ResourceRef } from './refs.ts';

/** StackStorm's policies: how many executions of an action run at one time, and which of them are tried again. */

export const PolicyType = z.enum(['action.concurrency', 'action.concurrency.attr', 'action.retry']);
export type PolicyType = z.infer<typeof PolicyType>;

/** What becomes of an execution for which there is no place. */
export const OverflowAction = z.enum(['delay', 'cancel']);
export type OverflowAction = z.infer<typeof OverflowAction>;

export const PolicyDefinition = z.object({
  ref: ResourceRef,
  pack: PackRef,
  name: z.string(),
  description: z.string(),
  enabled: z.boolean(),
  /** The action that it is for. */
  resource: ResourceRef,
  type: PolicyType,
  /** As they are written, with the defaults of the type. */
  parameters: JsonObject,
  /** Where it lives: a pack's `policies/`, or the user's own folder. */
  origin: z.enum(['pack', 'user']),
  file: z.string(),
});
export type PolicyDefinition = z.infer<typeof PolicyDefinition>;

/** A policy as it is listed. `broken` ones have an error among their problems and do nothing. */
export const PolicySummary = PolicyDefinition.extend({
  state: z.enum(['active', 'disabled', 'broken']),
  problems: z.array(Problem),
});
export type PolicySummary = z.infer<typeof PolicySummary>;

export const PolicyDetail = PolicySummary.extend({ yaml: z.string() });
export type PolicyDetail = z.infer<typeof PolicyDetail>;

export const NewPolicy = z.object({
  name: z.string().regex(/^[\w.-]+$/, 'a name holds letters, digits, `_`, `.` and `-`'),
  description: z.string().default(''),
  enabled: z.boolean().default(true),
  resource: ResourceRef,
  type: PolicyType,
  parameters: JsonObject.default({}),
});
export type NewPolicy = z.infer<typeof NewPolicy>;

/** The parameters of each type, as StackStorm's own schemas of them say (st2common/policies/meta). */
export const ConcurrencyParameters = z.strictObject({
  threshold: z.number().int().min(1),
  action: OverflowAction.default('delay'),
});
export const ConcurrencyByAttributeParameters = ConcurrencyParameters.extend({
  attributes: z.array(z.string().min(1)).default([]),
});
export const RetryParameters = z.strictObject({
  retry_on: z.enum(['failure', 'timeout']),
  max_retry_count: z.number().int().min(1).max(5).default(2),
  /** Seconds. */
  delay: z.number().min(0).max(120).default(0),
});
export const POLICY_PARAMETERS = {
  'action.concurrency': ConcurrencyParameters,
  'action.concurrency.attr': ConcurrencyByAttributeParameters,
  'action.retry': RetryParameters,
} as const satisfies Record<PolicyType, z.ZodType>;

/** An active one of either concurrency type. */
export type ConcurrencyPolicy = {
  readonly ref: ResourceRef;
  readonly threshold: number;
  readonly action: OverflowAction;
  /** Parameters whose values must be equal for two executions to count together; none for the plain type. */
  readonly attributes: readonly string[];
};

/** An active retry policy. */
export type RetryPolicy = {
  readonly ref: ResourceRef;
  readonly on: 'failed' | 'timeout';
  readonly count: number;
  readonly delayMs: number;
};
