import { z } from 'zod';
import { COMPLETED_STATUSES, ExecutionStatus } from './executions.ts';

/** What the app tells of itself. */
const TriggerSettings = z.object({
  /** The states at whose beginning an execution is told on `core.st2.generic.actiontrigger`. */
  actionStatuses: z.array(ExecutionStatus).default([...COMPLETED_STATUSES]),
  /** How many events in a row may each be caused by an execution that the one before has caused. */
  maxChain: z.number().int().min(1).max(1000).default(8),
  /** The same for events that executions send on purpose, each within ten seconds of the one before. */
  maxSent: z.number().int().min(1).max(100_000).default(500),
  /**
   * A rule that runs as often as this within so many seconds, and on and on, is looked at: when its own action causes what
   * it listens to, it is stopped. 0 leaves every rule alone.
   */
  loopRuns: z.number().int().min(0).max(100_000).default(50),
  loopSeconds: z.number().int().min(1).max(600).default(10),
});
export type TriggerSettings = z.infer<typeof TriggerSettings>;

/** What becomes of the runs of a timer that were missed: they are told in the history, or made up for by one run. */
export const MissedRunsPolicy = z.enum(['skip', 'once']);
export type MissedRunsPolicy = z.infer<typeof MissedRunsPolicy>;

/** The server of webhooks reads no more of anything. */
const MAX_BODY = 16 * 1024 * 1024;

const WebhookSettings = z.object({ maxBodyBytes: z.number().int().min(1024).max(MAX_BODY).default(1_000_000) });

/** Groups of the product settings. */
export const eventSettings = {
  timers: z.object({ missedRuns: MissedRunsPolicy.default('skip') }).prefault({}),
  triggers: TriggerSettings.prefault({}),
  webhooks: WebhookSettings.prefault({}),
};

/** What of them may be changed from a window. */
export const eventSettingsPatch = {
  timers: z.object({ missedRuns: MissedRunsPolicy }).partial(),
  triggers: z
    .object({
      actionStatuses: TriggerSettings.shape.actionStatuses.unwrap(),
      maxChain: TriggerSettings.shape.maxChain.unwrap(),
      maxSent: TriggerSettings.shape.maxSent.unwrap(),
      loopRuns: TriggerSettings.shape.loopRuns.unwrap(),
      loopSeconds: TriggerSettings.shape.loopSeconds.unwrap(),
    })
    .partial(),
  webhooks: z.object({ maxBodyBytes: WebhookSettings.shape.maxBodyBytes.unwrap() }).partial(),
};
