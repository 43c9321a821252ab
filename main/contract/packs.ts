import { z } from 'zod';
import { Problem } from './errors.ts';
import { Json, JsonObject } from './json.ts';
import { NotifySection } from './notify.ts';
import { ParameterSpecs } from './parameter-spec.ts';
import { PackRef, ResourceRef } from './refs.ts';

/** What a pack brings, as read from its metadata files. `file` is always the absolute path of the metadata file. */

export const ActionDefinition = z.object({
  ref: ResourceRef,
  pack: PackRef,
  name: z.string(),
  description: z.string(),
  enabled: z.boolean(),
  /** StackStorm's `runner_type`, for example `python-script`. */
  runner: z.string(),
  /** Relative to the pack's `actions/`; empty for runners without a file. */
  entryPoint: z.string(),
  parameters: ParameterSpecs,
  /** Whom to tell when it has ended, whoever runs it. */
  notify: NotifySection.optional(),
  tags: z.array(z.string()),
  file: z.string(),
});
export type ActionDefinition = z.infer<typeof ActionDefinition>;

export const TriggerType = z.object({
  ref: ResourceRef,
  pack: PackRef,
  name: z.string(),
  description: z.string(),
  /** JSON Schema (draft 4 with draft-3 `required`), used as StackStorm does; absent: any object passes. */
  payloadSchema: JsonObject.optional(),
  parametersSchema: JsonObject.optional(),
  file: z.string(),
});
export type TriggerType = z.infer<typeof TriggerType>;

export const SensorDefinition = z.object({
  /** `pack.ClassName`. */
  ref: ResourceRef,
  pack: PackRef,
  className: z.string(),
  description: z.string(),
  enabled: z.boolean(),
  /** Relative to the pack's `sensors/`. */
  entryPoint: z.string(),
  /** Seconds between two polls; present exactly for polling sensors. */
  pollInterval: z.number().positive().optional(),
  triggerTypes: z.array(ResourceRef),
  file: z.string(),
});
export type SensorDefinition = z.infer<typeof SensorDefinition>;

/** A criterion by its key, for example `trigger.size`. */
export const Criterion = z.object({
  type: z.string(),
  pattern: Json.optional(),
  condition: z.enum(['any', 'all', 'any2any', 'all2any']).optional(),
});
export type Criterion = z.infer<typeof Criterion>;

export const RuleDefinition = z.object({
  ref: ResourceRef,
  pack: PackRef,
  name: z.string(),
  description: z.string(),
  enabled: z.boolean(),
  type: z.enum(['standard', 'backstop']),
  trigger: z.object({ type: ResourceRef, parameters: JsonObject }),
  criteria: z.record(z.string(), Criterion),
  action: z.object({ ref: ResourceRef, parameters: JsonObject, notify: NotifySection.optional() }),
  tags: z.array(z.string()),
  /** Where the rule lives: a pack's `rules/`, or the user's own rules folder. */
  origin: z.enum(['pack', 'user']),
  file: z.string(),
});
export type RuleDefinition = z.infer<typeof RuleDefinition>;

export const VirtualenvStatus = z.object({
  /** `not-needed`: the pack has no Python of its own. `failed` keeps the installer's own lines in `output`. */
  state: z.enum(['not-needed', 'missing', 'building', 'ready', 'outdated', 'failed']),
  path: z.string().optional(),
  /** For example `3.11.7`. */
  python: z.string().optional(),
  builtAt: z.string().optional(),
  /** The interpreter that the person asked for, kept across builds; absent where the app chooses. */
  interpreter: z.string().optional(),
  /** What is to be said of it in a line: its Python is gone, requirements.txt changed. */
  why: z.string().optional(),
  output: z.string().optional(),
});
export type VirtualenvStatus = z.infer<typeof VirtualenvStatus>;

export const PackSummary = z.object({
  ref: PackRef,
  name: z.string(),
  description: z.string(),
  version: z.string(),
  author: z.string(),
  path: z.string(),
  /** `built-in` packs ship with the app and cannot be removed. */
  origin: z.enum(['built-in', 'installed']),
  enabled: z.boolean(),
  /** `broken`: pack.yaml cannot be used. `not-ready`: installed, but its virtualenv is not there (see `virtualenv`). */
  state: z.enum(['ready', 'not-ready', 'broken', 'disabled']),
  problems: z.array(Problem),
  /** What its config.schema.yaml requires and neither the user nor a default gives. */
  missingConfig: z.array(z.string()),
  virtualenv: VirtualenvStatus,
  counts: z.object({ actions: z.number(), sensors: z.number(), rules: z.number(), triggers: z.number() }),
});
export type PackSummary = z.infer<typeof PackSummary>;

/** Where the installed version came from. */
export const PackInstallation = z.object({
  /** As it was asked for, without any password; an update asks for it again. */
  source: z.string(),
  /** What kind of source that was: `bundled`, `folder`, … */
  kind: z.string(),
  /** The folder or address. */
  origin: z.string(),
  /** Branch or tag, and commit, where it was a repository. */
  ref: z.string().optional(),
  commit: z.string().optional(),
  version: z.string(),
  at: z.string(),
  /** The app with its version. */
  by: z.string(),
});
export type PackInstallation = z.infer<typeof PackInstallation>;

/** The version that a rollback brings back. */
export const PreviousVersion = z.object({ version: z.string(), installedAt: z.string().optional() });
export type PreviousVersion = z.infer<typeof PreviousVersion>;

/** What is installed in a virtualenv. `url`: it came from there, at that commit, and not from an index. */
export const Distribution = z.object({ name: z.string(), version: z.string(), url: z.string().optional() });
export type Distribution = z.infer<typeof Distribution>;

export const PackDetail = PackSummary.extend({
  /** The lock: exactly what is in the pack's virtualenv, whatever its requirements allow. */
  distributions: z.array(Distribution),
  /** Installed packs that say they need this one. */
  neededBy: z.array(PackRef),
  /** Absent: its folder was put there by hand, or ships with the app. */
  installation: PackInstallation.optional(),
  /** Absent: there is nothing to go back to. */
  previous: PreviousVersion.optional(),
  keywords: z.array(z.string()),
  readme: z.string().optional(),
  requirements: z.array(z.string()),
  actions: z.array(ActionDefinition),
  sensors: z.array(SensorDefinition),
  rules: z.array(RuleDefinition),
  triggerTypes: z.array(TriggerType),
});
export type PackDetail = z.infer<typeof PackDetail>;

/** A pack that can be installed by its bare name, because it ships with the app. */
export const AvailablePack = z.object({
  ref: PackRef,
  name: z.string(),
  description: z.string(),
  version: z.string(),
  installed: z.boolean(),
});
export type AvailablePack = z.infer<typeof AvailablePack>;
