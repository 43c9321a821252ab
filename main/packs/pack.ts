import type { AliasDefinition } from '../contract/aliases.ts';
import type { Problem } from '../contract/errors.ts';
import type { JsonObject } from '../contract/json.ts';
import type {
  ActionDefinition,
  PackSummary,
  RuleDefinition,
  SensorDefinition,
  TriggerType,
} from '../contract/packs.ts';
import type { ParameterSpecs } from '../contract/parameter-spec.ts';
import type { PolicyDefinition } from '../contract/policies.ts';
import { PackRef } from '../contract/refs.ts';
import type { ValuePath } from '../contract/spec-walk.ts';
import type { ConfigFile } from './metadata/load-config.ts';
import type { PackManifest } from './metadata/load-manifest.ts';

/**
 * Packs on disk: what they hold, what changed in them, their virtualenvs, installing and removing them. Nothing in this
 * folder runs a pack's code, and no fault of a pack makes anything here throw: it is listed with its problems.
 *
 * This file: one pack as it was last read. Unchanged parts keep their identity from one reading to the next.
 */
export type Pack = {
  /** As it is listed. A broken pack has the name of its folder; so has the second of two packs with one ref. */
  readonly ref: PackRef;
  readonly path: string;
  readonly origin: PackSummary['origin'];
  /** Absent: broken, and nothing in it is used. */
  readonly manifest: PackManifest | undefined;
  readonly actions: readonly ActionDefinition[];
  readonly sensors: readonly SensorDefinition[];
  readonly triggerTypes: readonly TriggerType[];
  readonly rules: readonly LoadedRule[];
  readonly policies: readonly LoadedPolicy[];
  readonly aliases: readonly AliasDefinition[];
  /** From `config.schema.yaml`. */
  readonly configSchema: ParameterSpecs;
  /** `configs/<ref>.yaml` of the user with the schema's defaults, its templates not rendered yet. */
  readonly config: JsonObject;
  readonly configFile: ConfigFile;
  /** `FILE:LINE` of a value of the configuration, in the user's file or in the schema. */
  placeOfConfig(path: ValuePath): string;
  /** Lines of requirements.txt that require something. */
  readonly requirements: readonly string[];
  /** What a process that runs would only see after a restart. */
  readonly code: PackCode;
  readonly problems: readonly Problem[];
};

/** Every Python file by its path in the pack, with a text that changes when the file does. */
export type PackCode = ReadonlyMap<string, string>;

/**
 * A rule as its file has it. With an error among its problems it is listed as broken and never asked; a file from which
 * not even name, trigger and action can be read makes no rule at all.
 */
export type LoadedRule = {
  readonly definition: RuleDefinition;
  readonly problems: readonly Problem[];
  /** Where an unknown trigger or action is to be reported. */
  readonly lines: { readonly trigger?: number; readonly action?: number };
};

/** A policy as its file has it; with an error among its problems it is listed as broken and does nothing. */
export type LoadedPolicy = {
  readonly definition: PolicyDefinition;
  readonly problems: readonly Problem[];
  /** Where an unknown action is to be reported. */
  readonly resourceLine: number;
};

export type PackFolders = {
  /** The app's own packs: those of `BUILT_IN_PACKS` are always loaded, the others install by name. */
  readonly builtIn: string;
  /** One folder for each installed pack. */
  readonly installed: string;
  /** `<pack>.yaml` of the user. */
  readonly configs: string;
  /** The user's own rules. */
  readonly rules: string;
  /** The user's own policies. */
  readonly policies: string;
};

export type PackChange = { readonly ref: PackRef; readonly kind: 'added' | 'changed' | 'removed' };

/** Always there, never removed: what they do, the app itself does. `default` is the pack of the user's own rules. */
export const BUILT_IN_PACKS: readonly string[] = ['core', 'packs', 'notify', 'clipboard', 'shortcut'];
export const USER_RULES_PACK = PackRef.parse('default');

export function isReservedRef(ref: string): boolean {
  return BUILT_IN_PACKS.includes(ref) || ref === USER_RULES_PACK;
}
