import { z } from 'zod';
import { Fault, Problem } from './errors.ts';
import { Json, JsonObject } from './json.ts';
import { PackRef, ResourceRef } from './refs.ts';

/**
 * `pending`: recorded, rules not asked yet. `processed`: every rule has its verdict. `processing_failed`: a verdict could
 * not be reached. `refused`: the message was no trigger instance (unknown type, payload against its schema); kept to be seen.
 */
export const TriggerInstanceStatus = z.enum(['pending', 'processed', 'processing_failed', 'refused']);
export type TriggerInstanceStatus = z.infer<typeof TriggerInstanceStatus>;

export const TriggerInstance = z.object({
  id: z.string(),
  /** The trigger's reference; what was sent, when it was refused as unknown. */
  trigger: z.string(),
  payload: Json,
  traceTag: z.string().optional(),
  /** When the sensor saw it, and when the engine had it recorded. */
  occurredAt: z.string(),
  receivedAt: z.string(),
  /** MQTT user name of the publisher (`sensor:pack.Class`), or `window`, `cli`, `engine`, `timer`, `webhook`. */
  source: z.string(),
  status: TriggerInstanceStatus,
  problem: Problem.optional(),
  /**
   * The execution that led to it; how many events in a row up to this one just followed from one (`depth`), and how many were
   * sent by one on purpose, each soon after the one before (`sent`).
   */
  cause: z.object({ execution: z.string(), depth: z.number().int(), sent: z.number().int().optional() }).optional(),
});
export type TriggerInstance = z.infer<typeof TriggerInstance>;

/** A trigger type with the parameters of the rules that ask for it; a sensor gets it in `add_trigger`. */
export const Trigger = z.object({
  id: z.string(),
  uid: z.string(),
  ref: ResourceRef,
  name: z.string(),
  pack: PackRef,
  type: ResourceRef,
  parameters: JsonObject,
});
export type Trigger = z.infer<typeof Trigger>;

/** A timer that enabled rules ask for. */
export const TimerStatus = z.object({
  /** Of the trigger that its events are of. */
  ref: ResourceRef,
  type: ResourceRef,
  parameters: JsonObject,
  rules: z.array(ResourceRef),
  /** Absent when it never comes again. */
  nextAt: z.string().optional(),
});
export type TimerStatus = z.infer<typeof TimerStatus>;

/** What one rule made of one instance. `stoppedAt` is the first criterion that did not hold, with the value it saw. */
export const RuleVerdict = z.object({
  rule: ResourceRef,
  matched: z.boolean(),
  stoppedAt: z.string().optional(),
  seen: Json.optional(),
  expected: Json.optional(),
  /** Why the enforcement failed, when matching or rendering did. */
  fault: Fault.optional(),
  execution: z.string().optional(),
});
export type RuleVerdict = z.infer<typeof RuleVerdict>;

/**
 * A rule as it was when an event met it: enough to tell later why it did not match, without keeping that for every event.
 * `expected` is the pattern, shortened.
 */
export type KeptRule = {
  readonly rule: ResourceRef;
  readonly criteria: readonly { readonly key: string; readonly expected: Json }[];
};

/**
 * The verdicts of all rules on one instance, as they are kept: `told` are those that matched or cannot be worked out
 * again. Of the others, `stops` names those that got past their first criterion, as pairs of a rule's position in the
 * set and its criterion's, which is -1 for a rule that was not asked.
 */
export type KeptVerdicts = {
  readonly rules: readonly KeptRule[];
  readonly stops: readonly number[];
  readonly told: readonly RuleVerdict[];
};

export const TriggerInstanceDetail = TriggerInstance.extend({ verdicts: z.array(RuleVerdict) });
export type TriggerInstanceDetail = z.infer<typeof TriggerInstanceDetail>;

export const TriggerInstanceFilter = z.object({
  trigger: z.string().optional(),
  status: z.array(TriggerInstanceStatus).optional(),
  pack: PackRef.optional(),
  /** Recorded at that instant or later, and before that one. */
  since: z.string().optional(),
  until: z.string().optional(),
  /** Found in its id, trigger, payload, source, trace tag or problem, ignoring case. */
  text: z.string().optional(),
  /** Newest first; pass `next` of the page before to go on. */
  before: z.string().optional(),
  limit: z.number().int().min(1).max(500).default(50),
});
export type TriggerInstanceFilter = z.infer<typeof TriggerInstanceFilter>;

/** As a page of executions: it may end early, and `next` goes on. */
export const TriggerInstancePage = z.object({
  items: z.array(TriggerInstance),
  more: z.boolean(),
  next: z.string().optional(),
});
export type TriggerInstancePage = z.infer<typeof TriggerInstancePage>;

export const EmitRequest = z.object({
  trigger: ResourceRef,
  payload: JsonObject.default({}),
  traceTag: z.string().optional(),
});
export type EmitRequest = z.infer<typeof EmitRequest>;
