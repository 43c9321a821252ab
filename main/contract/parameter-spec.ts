import { z } from 'zod';
import { Json } from './json.ts';

/**
 * StackStorm's parameter dialect: JSON Schema draft 4 with draft 3's `required: true` on the property, plus `immutable`,
 * `secret` and `position`. Checked by our own code on both sides of the contract, because validators made for the standard
 * refuse real packs or compile with eval. See st2common/util/schema.
 */
export type ParameterSpec = {
  type?: ParameterType | ParameterType[] | undefined;
  description?: string | undefined;
  default?: Json | undefined;
  required?: boolean | string[] | undefined;
  immutable?: boolean | undefined;
  secret?: boolean | undefined;
  position?: number | undefined;
  enum?: Json[] | undefined;
  items?: ParameterSpec | ParameterSpec[] | undefined;
  properties?: Record<string, ParameterSpec> | undefined;
  patternProperties?: Record<string, ParameterSpec> | undefined;
  additionalProperties?: boolean | ParameterSpec | undefined;
  minimum?: number | undefined;
  maximum?: number | undefined;
  minLength?: number | undefined;
  maxLength?: number | undefined;
  minItems?: number | undefined;
  maxItems?: number | undefined;
  pattern?: string | undefined;
};
export const ParameterType = z.enum(['string', 'integer', 'number', 'boolean', 'array', 'object', 'null', 'any']);
export type ParameterType = z.infer<typeof ParameterType>;

/** Unknown keywords are dropped: a sloppy schema never refuses a pack. */
export const ParameterSpec: z.ZodType<ParameterSpec> = z.lazy(() =>
  z.object({
    type: z.union([ParameterType, z.array(ParameterType)]).optional(),
    description: z.string().optional(),
    default: Json.optional(),
    required: z.union([z.boolean(), z.array(z.string())]).optional(),
    immutable: z.boolean().optional(),
    secret: z.boolean().optional(),
    position: z.number().int().optional(),
    enum: z.array(Json).optional(),
    items: z.union([ParameterSpec, z.array(ParameterSpec)]).optional(),
    properties: z.record(z.string(), ParameterSpec).optional(),
    patternProperties: z.record(z.string(), ParameterSpec).optional(),
    additionalProperties: z.union([z.boolean(), ParameterSpec]).optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    minLength: z.number().optional(),
    maxLength: z.number().optional(),
    minItems: z.number().optional(),
    maxItems: z.number().optional(),
    pattern: z.string().optional(),
  }),
);
export const ParameterSpecs = z.record(z.string(), ParameterSpec);
export type ParameterSpecs = z.infer<typeof ParameterSpecs>;
