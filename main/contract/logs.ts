import { z } from 'zod';

export const LogLevel = z.enum(['debug', 'info', 'warn', 'error']);
export type LogLevel = z.infer<typeof LogLevel>;

/** One thing that the engine has to say of its own work. Holds no secret. */
export const LogLine = z.object({
  at: z.string(),
  level: LogLevel,
  /** The stage that says it: `rules`, `runners`, … */
  scope: z.string(),
  text: z.string(),
});
export type LogLine = z.infer<typeof LogLine>;
