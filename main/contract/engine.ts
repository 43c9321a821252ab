import { z } from 'zod';

/** For how long at a time the engine answered nobody, in the last minute: the worst of it. Milliseconds. */
export const LoopDelay = z.object({ p99Ms: z.number(), maxMs: z.number() });
export type LoopDelay = z.infer<typeof LoopDelay>;

export const EngineStatus = z.object({
  version: z.string(),
  host: z.enum(['desktop', 'headless']),
  startedAt: z.string(),
  /** While paused, events are recorded and matched when resumed; sensors and running actions go on. */
  paused: z.boolean(),
  /** When it ends by itself; absent where it waits for a person. */
  pausedUntil: z.string().optional(),
  /** `mqtt://127.0.0.1:PORT`, without credentials. */
  busUrl: z.string(),
  folders: z.object({ config: z.string(), data: z.string(), packs: z.string(), rules: z.string() }),
  /** True until a pack was installed by the user: the window then shows its first-run page. */
  firstRun: z.boolean(),
  running: z.number().int(),
  waiting: z.number().int(),
  loopDelay: LoopDelay,
});
export type EngineStatus = z.infer<typeof EngineStatus>;

/** One line of `stormlet doctor`. */
export const DoctorCheck = z.object({
  name: z.string(),
  state: z.enum(['ok', 'warning', 'failed']),
  detail: z.string(),
  hint: z.string().optional(),
});
export type DoctorCheck = z.infer<typeof DoctorCheck>;
