import { z } from 'zod';
import { Json, type JsonObject } from '../../contract/json.ts';

/** The file of a workflow, as orquesta's own schema has it: unknown keys are refused. */
const Text = z.string({ error: 'must be a text' }).min(1, { error: 'must not be empty' });
const COUNT = { error: 'must be a whole number from 0, or an expression' };
const Count = z.union([Text, z.int().min(0, COUNT)], COUNT);
const JsonMap = z.record(z.string(), Json);

const OneKey = JsonMap.refine((map) => Object.keys(map).length === 1, { error: 'must be a map with exactly one key' });
const OneKeyMaps = z
  .array(OneKey, { error: 'must be a list of maps with one key each' })
  .min(1, { error: 'must not be empty' })
  .superRefine(refuseRepeated);
const Inputs = z
  .array(z.union([Text, OneKey], { error: 'must be a name, or a map with exactly one key' }), {
    error: 'must be a list',
  })
  .min(1, { error: 'must not be empty' })
  .superRefine(refuseRepeated);

const Transition = z.strictObject({
  when: Text.optional(),
  publish: z
    .union([Text, OneKeyMaps], { error: 'must be a list of maps with one key each, or `name=value` in a text' })
    .optional(),
  do: z
    .union([Text, z.array(Text).min(1).superRefine(refuseRepeated)], {
      error: 'must be a list of task names without repetition, or their names in a text with commas between',
    })
    .optional(),
});

const EXPRESSION = '(?:\\{\\{.*?\\}\\}|<%.*?%>)';
const ITEMS = new RegExp(`^\\s*${EXPRESSION}\\s*$|^\\s*(?:(?:\\w+,\\s?|\\s+)+)?\\w+\\s+in\\s+${EXPRESSION}\\s*$`);
const Items = Text.regex(ITEMS, { error: 'must be an expression, or `name in` and an expression' });
const WithItems = z.strictObject({ items: Items, concurrency: Count.optional() });

const JOIN = { error: 'must be `all` or a whole number from 0' };

const Task = z.strictObject({
  action: Text.optional(),
  input: z
    .union([Text, JsonMap.refine((map) => Object.keys(map).length > 0)], {
      error: 'must be a map that is not empty, or an expression that gives a map',
    })
    .optional(),
  with: z.union([Items, WithItems], { error: 'must be an expression, or a map with `items`' }).optional(),
  delay: Count.optional(),
  join: z.union([z.literal('all'), z.int().min(0, JOIN)], JOIN).optional(),
  retry: z.strictObject({ when: Text.optional(), count: Count, delay: Count.optional() }).optional(),
  next: z.array(Transition, { error: 'must be a list' }).optional(),
});

export const DocumentSchema = z.strictObject({
  version: z.literal(['1.0', 1], { error: 'must be 1.0' }).optional(),
  name: Text.optional(),
  description: Text.optional(),
  tags: z.array(Text).min(1).optional(),
  input: Inputs.optional(),
  vars: OneKeyMaps.optional(),
  output: OneKeyMaps.optional(),
  tasks: z
    .record(z.string(), Task, { error: 'must be a map of tasks' })
    .refine((tasks) => Object.keys(tasks).length > 0, { error: 'must have at least one task' }),
});

export type DocumentData = z.infer<typeof DocumentSchema>;
export type TaskData = z.infer<typeof Task>;
export type TransitionData = z.infer<typeof Transition>;

function refuseRepeated(list: readonly (string | JsonObject)[], context: z.RefinementCtx): void {
  const seen = new Set(list.map((item) => JSON.stringify(item)));
  if (seen.size < list.length) context.addIssue({ code: 'custom', message: 'has an item twice' });
}
