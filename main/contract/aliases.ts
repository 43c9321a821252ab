import { z } from 'zod';
import { Execution } from './executions.ts';
import { JsonObject } from './json.ts';
import { PackRef, ResourceRef } from './refs.ts';

/** Action aliases: sentences by which a person runs an action. */

/** One way of saying it, as it is shown, with the formats that are taken for it. */
export const AliasFormat = z.object({
  display: z.string(),
  representations: z.array(z.string()),
  /** The action runs once for each place of the sentence that fits. */
  matchMultiple: z.boolean(),
});
export type AliasFormat = z.infer<typeof AliasFormat>;

/** What is said when the action was asked for (`ack`), or has ended (`result`): a Jinja template; absent, the app's own words. */
export const AliasMessage = z.object({
  enabled: z.boolean(),
  format: z.string().optional(),
  extra: JsonObject.optional(),
  /** Whether an address of the execution is to be added. */
  appendUrl: z.boolean().optional(),
});
export type AliasMessage = z.infer<typeof AliasMessage>;

export const AliasDefinition = z.object({
  ref: ResourceRef,
  pack: PackRef,
  name: z.string(),
  description: z.string(),
  enabled: z.boolean(),
  action: ResourceRef,
  formats: z.array(AliasFormat),
  ack: AliasMessage,
  result: AliasMessage,
  /** For the adapter of a chat; kept for whoever reads it. */
  extra: JsonObject,
  /** Given to the action in every case, and never by the sentence. Templates in them are rendered. */
  immutableParameters: JsonObject,
  file: z.string(),
});
export type AliasDefinition = z.infer<typeof AliasDefinition>;

/** Longer ones are no sentences. */
export const AliasText = z.string().min(1).max(20_000);

/** A format that fits what was said, with the values that it gives; several sets where it fits several times. */
export const AliasMatch = z.object({
  alias: ResourceRef,
  action: ResourceRef,
  description: z.string(),
  display: z.string(),
  representation: z.string(),
  parameters: z.array(JsonObject),
});
export type AliasMatch = z.infer<typeof AliasMatch>;

export const AliasRunRequest = z.object({
  text: AliasText,
  /** Which match it is to be, where several fit. */
  alias: ResourceRef.optional(),
  representation: z.string().optional(),
});
export type AliasRunRequest = z.infer<typeof AliasRunRequest>;

/** What came of a sentence: usually one execution, and what the alias says to that (empty: nothing). */
export const AliasRun = z.object({
  alias: ResourceRef,
  executions: z.array(Execution),
  message: z.string(),
});
export type AliasRun = z.infer<typeof AliasRun>;

/** What an alias says of an execution that it started and that has ended; empty where it says nothing. */
export const AliasResult = z.object({ message: z.string(), extra: JsonObject });
export type AliasResult = z.infer<typeof AliasResult>;
