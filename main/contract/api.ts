import { z } from 'zod';

/** StackStorm's HTTP API, as this app serves it on the loopback. */

export const ApiAddresses = z.object({
  /** Where packs' own processes reach it, for as long as this run lasts. */
  packs: z.string(),
  /** Where programs of the person reach it; absent while `api.enabled` is off, or its port is not free. */
  public: z.string().optional(),
  /** Why it cannot be reached although the settings say so. */
  problem: z.string().optional(),
});
export type ApiAddresses = z.infer<typeof ApiAddresses>;

/** What a program shows to be let in. The key itself is shown once, when it is made. */
export const ApiKey = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: z.string(),
  lastUsedAt: z.string().optional(),
  enabled: z.boolean(),
});
export type ApiKey = z.infer<typeof ApiKey>;

export const NewApiKey = z.object({ name: z.string().max(200).default('') });
export type NewApiKey = z.infer<typeof NewApiKey>;

export const CreatedApiKey = ApiKey.extend({ key: z.string() });
export type CreatedApiKey = z.infer<typeof CreatedApiKey>;
