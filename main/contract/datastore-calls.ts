import { z } from 'zod';

const id = z.number().int();
const name = z.string().min(1);

/** What a pack's process asks of the datastore over the bus. `name` is the full one, with the prefix of a local value. */
export const DatastoreCall = z.discriminatedUnion('do', [
  z.object({ do: z.literal('get'), id, name, decrypt: z.boolean().default(false) }),
  z.object({
    do: z.literal('set'),
    id,
    name,
    value: z.string(),
    /** Seconds. */
    ttl: z.number().positive().nullish(),
    encrypt: z.boolean().default(false),
  }),
  z.object({ do: z.literal('delete'), id, name }),
  z.object({ do: z.literal('list'), id, prefix: z.string(), limit: z.number().int().nullish() }),
]);
export type DatastoreCall = z.infer<typeof DatastoreCall>;

/** Of `get`, where `null` is a value that is not there; of `list`, names with values; else whether something changed. */
export type DatastoreValue = string | boolean | null | readonly (readonly [string, string])[];
export type DatastoreAnswer =
  | { readonly id: number; readonly value: DatastoreValue }
  | { readonly id: number | null; readonly error: string };
