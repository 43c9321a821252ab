import { z } from 'zod';
import { ExecutionSource } from './executions.ts';

/** What the tray says of an action's result. Never holds a secret. */
export const Notice = z.object({
  id: z.string(),
  at: z.string(),
  level: z.enum(['success', 'failure', 'info']),
  title: z.string(),
  body: z.string(),
  /** Who asked for the action: a window need not tell what was just done in it. */
  source: ExecutionSource,
  /** A click opens this execution. */
  execution: z.string().optional(),
  /** `notify.show` asked for it: it is the point of its execution, not a report of it. */
  requested: z.boolean().optional(),
});
export type Notice = z.infer<typeof Notice>;
