import { z } from 'zod';

/** What the address of the datastore may say. */
export const DatastoreSearch = z.object({
  scope: z.literal('user').optional().catch(undefined),
  find: z.string().optional().catch(undefined),
});
