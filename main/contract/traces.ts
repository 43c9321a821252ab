import { z } from 'zod';
import { Execution } from './executions.ts';
import { Notice } from './notices.ts';
import { TriggerInstanceDetail } from './triggers.ts';

/** All that followed from one event, or from one execution that somebody asked for. */
export const Trace = z.object({
  /** With every rule's verdict; absent when no event began it. */
  event: TriggerInstanceDetail.optional(),
  /** Each after the one that it is a part of, otherwise by age. */
  executions: z.array(Execution),
  notices: z.array(Notice),
  /** There are more executions than these. */
  more: z.boolean(),
});
export type Trace = z.infer<typeof Trace>;
