import { z } from 'zod';
import { ExecutionSource } from './executions.ts';
import { JsonObject } from './json.ts';

/** `answer` answers the question that the execution waits with; `rerun` asks for the same action again. */
export const NoticeButton = z.discriminatedUnion('does', [
  z.object({ does: z.literal('answer'), label: z.string(), response: JsonObject }),
  z.object({ does: z.literal('rerun'), label: z.string() }),
]);
export type NoticeButton = z.infer<typeof NoticeButton>;

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
  /** Kept and listed, but not to be shown by itself: many came at once, or at a time that shall be quiet. */
  quiet: z.boolean().optional(),
  /** How many results it tells of in one. Such a notice is shown and not kept. */
  collected: z.number().int().optional(),
  /** What can be done about it right away, where a desktop has buttons on its notices. */
  buttons: z.array(NoticeButton).optional(),
  /** Its execution waits for the person's answer. */
  asks: z.boolean().optional(),
  /** `notify.show` asked for it: it is the point of its execution, not a report of it. */
  requested: z.boolean().optional(),
  /** Whoever asked for it wants it shown at once, whatever the hour. */
  urgent: z.boolean().optional(),
});
export type Notice = z.infer<typeof Notice>;
