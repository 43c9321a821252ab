import { z } from 'zod';
import { checkValue, type ParameterProblem } from './check-parameters.ts';
import { ExecutionContext } from './executions.ts';
import { isJsonObject, type Json, JsonObject } from './json.ts';
import { ParameterSpec, type ParameterSpecs } from './parameter-spec.ts';
import { ResourceRef } from './refs.ts';

/** A question that an execution waits with (StackStorm's `core.ask`); its id is the execution's. */
export const Inquiry = z.object({
  id: z.string(),
  action: ResourceRef,
  context: ExecutionContext,
  /** JSON Schema of the answer, an object (draft 4 with draft-3 `required`). */
  schema: JsonObject,
  /** A word by which rules tell inquiries apart. */
  route: z.string(),
  /** Whom it asks; kept for packs, since here everybody is the same person. */
  users: z.array(z.string()),
  roles: z.array(z.string()),
  /** Minutes; 0 or less waits for ever. */
  ttl: z.number(),
  askedAt: z.string(),
  /** When it is given up; absent where it waits for ever. */
  expiresAt: z.string().optional(),
});
export type Inquiry = z.infer<typeof Inquiry>;

/** What StackStorm asks where the action gives no schema. */
export const DEFAULT_SCHEMA: JsonObject = {
  title: 'response_data',
  type: 'object',
  properties: {
    continue: { type: 'boolean', description: 'Would you like to continue the workflow?', required: true },
  },
};

/** The fields of the answer, for a form. Draft 4's list of required names is read as draft 3's flag. */
export function inquiryFields(schema: JsonObject): ParameterSpecs {
  const { properties = {}, required } = specOf(schema);
  const names = Array.isArray(required) ? required : [];
  return Object.fromEntries(
    Object.entries(properties).map(([name, spec]) => [name, names.includes(name) ? { ...spec, required: true } : spec]),
  );
}

/** What is wrong with an answer; nothing where the schema itself cannot be understood. */
export function checkResponse(schema: JsonObject, response: Json): ParameterProblem[] {
  if (!isJsonObject(response)) return [{ path: 'response', message: 'the response must be an object' }];
  // A field says its own name: that all of them are in the response is clear.
  return checkValue(response, { ...specOf(schema), type: 'object' }, 'response').map(({ path, message }) => ({
    path: path.replace(/^response\./, ''),
    message: message.replaceAll('`response.', '`'),
  }));
}

function specOf(schema: JsonObject): ParameterSpec {
  return ParameterSpec.safeParse(schema).data ?? {};
}
