import { z } from 'zod';

/** Settings, configurations, rules, packs, history and datastore as one file, without virtualenvs and logs. */
export const Backup = z.object({
  /** Its path on this machine. */
  file: z.string(),
  bytes: z.number().int(),
  createdAt: z.string(),
  /** Of the app that wrote it. */
  version: z.string(),
  packs: z.array(z.string()),
});
export type Backup = z.infer<typeof Backup>;

export const BackupState = z.object({
  /** Those in the app's own folder, the newest first. */
  backups: z.array(Backup),
  /** One that takes the place of everything at the next start. */
  pending: Backup.optional(),
});
export type BackupState = z.infer<typeof BackupState>;
