import { z } from 'zod';

/** How Python actions are kept apart from each other and from the app, and what each may use. */

/**
 * Python: `forked` from a warm interpreter of its pack, on `standby` in one that was started ahead, `cold` in a fresh one.
 * JavaScript: on the app's own Node, or on the machine's.
 */
export const Isolation = z.enum(['forked', 'standby', 'cold', 'app-node', 'machine-node']);
export type Isolation = z.infer<typeof Isolation>;

/** `auto` takes the fastest that the platform does safely. Each falls back to `cold`, which always works. */
export const IsolationChoice = z.enum(['auto', 'fork', 'standby', 'cold']);
export type IsolationChoice = z.infer<typeof IsolationChoice>;

const amount = z.number().int().min(0);

/** 0 is no limit, except that there is always one for output. */
export const ActionLimits = z.object({
  /** Megabytes of private memory of each process. Linux only: no other system enforces it. */
  memoryMb: amount,
  /** Processor seconds of each process. The time limit of an action is its `timeout` parameter. */
  cpuSeconds: amount,
  /** Files and sockets open at one time. */
  openFiles: amount,
  /** Kilobytes kept of stdout and of stderr each; what comes after is read and thrown away. */
  outputKb: amount.min(1),
});
export type ActionLimits = z.infer<typeof ActionLimits>;

const SomeLimits = ActionLimits.partial();

const Overrides = z.object({
  isolation: IsolationChoice.optional(),
  preImport: z.boolean().optional(),
  limits: SomeLimits.optional(),
});

/** The fields of `python` in the settings that concern running; those of building virtualenvs are beside them. */
export const pythonRunSettings = {
  isolation: IsolationChoice.default('auto'),
  /** A pack's warm interpreter imports ahead what the pack's earlier actions imported. */
  preImport: z.boolean().default(true),
  /** Minutes without an action after which a pack's warm interpreter ends. */
  idleMinutes: z.number().min(0.1).max(1440).default(10),
  limits: z
    .object({
      memoryMb: ActionLimits.shape.memoryMb.default(4096),
      cpuSeconds: ActionLimits.shape.cpuSeconds.default(0),
      openFiles: ActionLimits.shape.openFiles.default(4096),
      outputKb: ActionLimits.shape.outputKb.default(4096),
    })
    .prefault({}),
  /** By pack. */
  packs: z.record(z.string(), Overrides).default({}),
  /** Limits by action, `pack.name`. */
  actions: z.record(z.string(), z.object({ limits: SomeLimits })).default({}),
};

export type PythonRunSettings = {
  readonly [K in keyof typeof pythonRunSettings]: z.infer<(typeof pythonRunSettings)[K]>;
};

/** What holds for one action: its own, before its pack's, before what holds for all. */
export function runSettingsOf(
  settings: PythonRunSettings,
  pack: string,
  action: string,
): { isolation: IsolationChoice; preImport: boolean; limits: ActionLimits } {
  const own = settings.packs[pack];
  return {
    isolation: own?.isolation ?? settings.isolation,
    preImport: own?.preImport ?? settings.preImport,
    limits: limitsOf(settings.actions[action]?.limits, limitsOf(own?.limits, settings.limits)),
  };
}

function limitsOf(own: z.infer<typeof SomeLimits> | undefined, others: ActionLimits): ActionLimits {
  return {
    memoryMb: own?.memoryMb ?? others.memoryMb,
    cpuSeconds: own?.cpuSeconds ?? others.cpuSeconds,
    openFiles: own?.openFiles ?? others.openFiles,
    outputKb: own?.outputKb ?? others.outputKb,
  };
}
