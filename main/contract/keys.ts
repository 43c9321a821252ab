import { z } from 'zod';

/** The datastore: texts by name, for packs, rules and configurations. */

export const KeyScope = z.enum(['system', 'user']);
export type KeyScope = z.infer<typeof KeyScope>;

export const KeyName = z.object({ name: z.string().min(1), scope: KeyScope.default('system') });
export type KeyName = z.infer<typeof KeyName>;

/** The value of a secret one is masked. */
export const StoredKey = z.object({
  name: z.string(),
  scope: KeyScope,
  value: z.string(),
  secret: z.boolean(),
  expiresAt: z.string().optional(),
});
export type StoredKey = z.infer<typeof StoredKey>;

export const NewKey = KeyName.extend({
  value: z.string(),
  /** Encrypted at rest, and masked wherever it is shown. */
  secret: z.boolean().default(false),
  ttlSeconds: z.number().positive().optional(),
});

/** Set or deleted by a person; what packs' own processes write is not announced. */
export const ChangedKey = z.object({ name: z.string(), scope: KeyScope, removed: z.boolean() });
