import { z } from 'zod';
import { Problem } from './errors.ts';
import { JsonObject } from './json.ts';
import { ParameterSpecs } from './parameter-spec.ts';
import { PackRef } from './refs.ts';

/** A pack's configuration as a person sees it. No secret stands in it: what is stored in plain text is masked. */
export const PackConfig = z.object({
  ref: PackRef,
  /** `configs/<pack>.yaml`, which need not exist. */
  file: z.string(),
  exists: z.boolean(),
  /** Its text, secrets masked. */
  yaml: z.string(),
  /** From the pack's config.schema.yaml, with every reference followed. */
  schema: ParameterSpecs,
  /** As the file has them: expressions are not rendered, defaults not filled in. */
  values: JsonObject,
  /** As the pack's next action gets them; absent where an expression cannot be rendered. */
  effective: JsonObject.optional(),
  problems: z.array(Problem),
  /** Names of secrets that stand readable in the file. Saving with `encrypt` changes that. */
  readable: z.array(z.string()),
  /** What the pack requires and nothing gives. */
  missing: z.array(z.string()),
  /** Changes with the file's text. */
  revision: z.string(),
});
export type PackConfig = z.infer<typeof PackConfig>;

/**
 * Either the values that the file is to have, or its whole text. A masked secret that comes back keeps its value; a new one
 * is encrypted. With `revision`, nothing is written over what another wrote since.
 */
export const SavePackConfig = z.object({
  ref: PackRef,
  values: JsonObject.optional(),
  yaml: z.string().optional(),
  revision: z.string().optional(),
  /** Also encrypts the secrets that stand readable in the file. */
  encrypt: z.boolean().default(false),
});
export type SavePackConfig = z.infer<typeof SavePackConfig>;
