import { z } from 'zod';
import { Fault, Problem } from './errors.ts';
import { Json, JsonObject } from './json.ts';
import { RuleDefinition } from './packs.ts';
import { ResourceRef } from './refs.ts';
import { TriggerInstance } from './triggers.ts';

/** A rule as text, saved or not; with the `ref` of a saved one it is read as that one's file is. */
export const RuleText = z.object({ yaml: z.string(), ref: ResourceRef.optional() });
export type RuleText = z.infer<typeof RuleText>;

/** What there is to say of a rule's text. Without a `rule` it could not be read. */
export const RuleReading = z.object({ problems: z.array(Problem), rule: RuleDefinition.optional() });
export type RuleReading = z.infer<typeof RuleReading>;

export const RuleTestRequest = RuleText.extend({
  /** An event of one's own to try instead of those of the history. */
  payload: Json.optional(),
  /** Which of the history: recorded at that instant or later, and before that one. */
  since: z.string().optional(),
  until: z.string().optional(),
  /** Newest first; pass `next` of the test before to go on. */
  before: z.string().optional(),
  limit: z.number().int().min(1).max(500).default(50),
});
export type RuleTestRequest = z.infer<typeof RuleTestRequest>;

/** What one criterion says of one event. All are asked, also after one that does not hold. */
export const CriterionVerdict = z.object({
  key: z.string(),
  operator: z.string(),
  holds: z.boolean(),
  seen: Json,
  /** The pattern, rendered where it is a template. */
  expected: Json,
  fault: Fault.optional(),
});
export type CriterionVerdict = z.infer<typeof CriterionVerdict>;

export const RuleTestResult = z.object({
  /** Absent for an event of one's own. */
  event: TriggerInstance.pick({ id: true, trigger: true, payload: true, receivedAt: true }).optional(),
  matched: z.boolean(),
  criteria: z.array(CriterionVerdict),
  /** What the action would have got, secrets masked. */
  parameters: JsonObject.optional(),
  /** Why it could not have run. */
  fault: Fault.optional(),
  /** What the rule of that `ref` made of the event when it came; absent when it was not there or not asked. */
  matchedThen: z.boolean().optional(),
});
export type RuleTestResult = z.infer<typeof RuleTestResult>;

export const RuleTest = RuleReading.extend({
  results: z.array(RuleTestResult),
  /** To go on with older events. */
  next: z.string().optional(),
});
export type RuleTest = z.infer<typeof RuleTest>;
