import { z } from 'zod';
import { PackRef, ResourceRef } from './refs.ts';

/** `given-up`: it died too often in a row; a person or a changed file starts it again. */
export const ProcessState = z.enum(['starting', 'running', 'backing-off', 'stopping', 'stopped', 'given-up']);
export type ProcessState = z.infer<typeof ProcessState>;

export const SensorStatus = z.object({
  ref: ResourceRef,
  pack: PackRef,
  className: z.string(),
  description: z.string(),
  pollInterval: z.number().optional(),
  state: z.enum([...ProcessState.options, 'disabled', 'not-ready']),
  /** Why it is in that state, in one sentence with the exit code or signal where there was one. */
  why: z.string().optional(),
  pid: z.number().int().optional(),
  startedAt: z.string().optional(),
  /** Deaths in a row so far. */
  restarts: z.number().int(),
  lastEventAt: z.string().optional(),
  /** The last lines of its stdout and stderr, oldest first. */
  recentOutput: z.array(z.string()),
});
export type SensorStatus = z.infer<typeof SensorStatus>;
