import { z } from 'zod';
import { PackRef, ResourceRef } from './refs.ts';

/** `given-up`: it died too often in a row; a person or a changed file starts it again. */
export const ProcessState = z.enum(['starting', 'running', 'backing-off', 'stopping', 'stopped', 'given-up']);
export type ProcessState = z.infer<typeof ProcessState>;

/** What a sensor's process uses, its children apart. One processor at work all the time is 100. */
export const SensorUsage = z.object({ cpuPercent: z.number(), memoryBytes: z.number() });
export type SensorUsage = z.infer<typeof SensorUsage>;

export const SensorStatus = z.object({
  ref: ResourceRef,
  pack: PackRef,
  className: z.string(),
  description: z.string(),
  pollInterval: z.number().optional(),
  state: z.enum([...ProcessState.options, 'disabled', 'not-ready', 'paused']),
  /** Why it is in that state, in one sentence with the exit code or signal where there was one. */
  why: z.string().optional(),
  pid: z.number().int().optional(),
  startedAt: z.string().optional(),
  /** Deaths in a row so far. */
  restarts: z.number().int(),
  lastEventAt: z.string().optional(),
  /** Events lost since the app started: the bus was away for longer than they could be kept, or would not take them. */
  dropped: z.number().int().optional(),
  /** Only in `sensors.list`, and where the platform tells. */
  usage: SensorUsage.optional(),
  /** The last lines of its stdout and stderr, oldest first. */
  recentOutput: z.array(z.string()),
});
export type SensorStatus = z.infer<typeof SensorStatus>;

/** What a sensor process says of itself on `sensorReportTopic`, besides its events. Paths are inside its pack, with `/`. */
export const SensorReport = z.object({
  /** The number of this start, as its set-up had it. */
  run: z.number().int(),
  /** Events that this process could not deliver and has thrown away. */
  dropped: z.number().int().default(0),
  imports: z.object({
    /** Files of the pack that are loaded as modules. */
    files: z.array(z.string()),
    /** The folders of the pack that modules are looked for in; the pack itself is the empty text. */
    folders: z.array(z.string()),
    /** Last parts of the names that were looked for and found nowhere. */
    missing: z.array(z.string()),
  }),
});
export type SensorReport = z.infer<typeof SensorReport>;
export type SensorImports = SensorReport['imports'];
