import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Checked, Problem } from '../../contract/errors.ts';
import type { PackSummary, TriggerType } from '../../contract/packs.ts';
import type { ParameterSpecs } from '../../contract/parameter-spec.ts';
import { PackRef } from '../../contract/refs.ts';
import { valueAt } from '../../contract/spec-walk.ts';
import { StampedCache } from '../../kit/stamped-cache.ts';
import { parseDataFile, readDataFile } from '../../kit/yaml-file.ts';
import type { Pack } from '../pack.ts';
import { type ActionFile, loadActions } from './load-actions.ts';
import { type AliasFile, loadAliases } from './load-aliases.ts';
import { loadConfig, loadConfigSchema, placeOfDefault, withDefaults } from './load-config.ts';
import { loadManifest, type PackManifest } from './load-manifest.ts';
import { loadPolicies, type PolicyFile } from './load-policies.ts';
import { loadRules, type RuleFile } from './load-rules.ts';
import { loadSensors, type SensorFile } from './load-sensors.ts';
import { loadTriggers } from './load-triggers.ts';
import type { PackSource } from './metadata-file.ts';
import { readCode } from './read-code.ts';
import { type PackTree, rescanPack, scanPack } from './scan-pack.ts';

/** What was read of a pack before, so that only changed files are read again. One for each pack folder. */
export class PackCaches {
  readonly manifest = new StampedCache<Checked<PackManifest>>();
  readonly actions = new StampedCache<Checked<ActionFile>>();
  readonly sensors = new StampedCache<Checked<SensorFile>>();
  readonly triggers = new StampedCache<Checked<TriggerType>>();
  readonly rules = new StampedCache<Checked<RuleFile>>();
  readonly aliases = new StampedCache<Checked<AliasFile>>();
  readonly policies = new StampedCache<Checked<PolicyFile>>();
  readonly code = new StampedCache<string>();
  /** The files as they were last seen. */
  tree: PackTree | undefined;
  #ref: PackRef | undefined;

  /** Definitions hold the ref of their pack, so another ref makes all of them anew. */
  forPack(ref: PackRef): void {
    if (this.#ref !== ref) {
      for (const cache of [this.actions, this.sensors, this.triggers, this.rules, this.aliases, this.policies])
        cache.keepOnly(new Set());
    }
    this.#ref = ref;
  }
}

/**
 * Reads a pack from its folder, or, where it was read before and `touched` names all that may have changed since, only
 * that. Never throws for what is in there.
 */
export async function loadPack(
  folder: string,
  origin: PackSummary['origin'],
  configFolder: string,
  caches: PackCaches,
  touched?: ReadonlySet<string>,
): Promise<Pack> {
  const tree = touched && caches.tree ? await rescanPack(folder, caches.tree, touched) : await scanPack(folder);
  caches.tree = tree;
  const { value: manifest, problems } = await readManifest(folder, tree, caches);
  if (!manifest) return brokenPack(refOfFolder(folder), folder, origin, problems);

  caches.forPack(manifest.ref);
  const source: PackSource = { path: folder, ref: manifest.ref, tree };
  const [actions, sensors, triggers, rules, aliases, policies, settings, requirements, code] = await Promise.all([
    loadActions(source, caches.actions),
    loadSensors(source, caches.sensors),
    loadTriggers(source, caches.triggers),
    loadRules(source, 'rules', 'pack', caches.rules),
    loadAliases(source, caches.aliases),
    loadPolicies(source, 'policies', 'pack', caches.policies),
    readConfig(source, configFolder),
    readOptional(path.join(folder, 'requirements.txt')),
    readCode(source, caches.code),
  ]);
  return {
    ref: manifest.ref,
    path: folder,
    origin,
    manifest,
    actions: actions.values,
    sensors: sensors.sensors,
    triggerTypes: uniqueTypes([...triggers.values, ...sensors.triggerTypes]),
    rules: rules.values,
    aliases: aliases.values,
    policies: policies.values,
    configSchema: settings.schema,
    config: settings.config,
    configFile: settings.configFile,
    placeOfConfig: settings.placeOfConfig,
    requirements: requirementLines(requirements),
    code,
    problems: [
      ...[problems, triggers.problems, sensors.problems, actions.problems, rules.problems, aliases.problems],
      policies.problems,
      settings.problems,
    ].flat(),
  };
}

/** What a pack says of itself; undefined where it does not say it rightly. */
export async function readPackManifest(folder: string): Promise<PackManifest | undefined> {
  const { value } = await readDataFile(path.join(folder, 'pack.yaml'));
  return value && loadManifest(value).value;
}

export function brokenPack(
  ref: PackRef,
  folder: string,
  origin: PackSummary['origin'],
  problems: readonly Problem[],
): Pack {
  const nothing = {
    actions: [],
    sensors: [],
    triggerTypes: [],
    rules: [],
    aliases: [],
    policies: [],
    requirements: [],
  };
  return {
    ref,
    path: folder,
    origin,
    manifest: undefined,
    ...nothing,
    configSchema: {},
    config: {},
    configFile: { file: '', values: {}, missing: [], lineOf: () => 1 },
    placeOfConfig: () => folder,
    code: new Map(),
    problems,
  };
}

/** How a pack without a usable ref of its own is listed. */
export function refOfFolder(folder: string): PackRef {
  const name = path.basename(folder).toLowerCase();
  return PackRef.parse(name.replaceAll(/[^a-z0-9_]/g, '_') || '_');
}

async function readManifest(folder: string, tree: PackTree, caches: PackCaches): Promise<Checked<PackManifest>> {
  const file = path.join(folder, 'pack.yaml');
  const stamp = tree.get('pack.yaml');
  if (stamp === undefined) return { problems: [noManifest(folder, file)] };
  try {
    return await caches.manifest.get(file, stamp, (text) => {
      const { value: data, problems } = parseDataFile(file, text);
      return data ? loadManifest(data) : { problems };
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { problems: [{ severity: 'error', code: 'file/unreadable', message: `cannot be read: ${reason}`, file }] };
  }
}

function noManifest(folder: string, file: string): Problem {
  const hint = existsSync(path.join(folder, 'pack.yml'))
    ? 'rename `pack.yml` to `pack.yaml`'
    : 'every pack has a pack.yaml with at least `name`, `version` and `author`';
  return { severity: 'error', code: 'pack/manifest-missing', message: 'the folder has no pack.yaml', hint, file };
}

async function readConfig(
  source: PackSource,
  configFolder: string,
): Promise<Pick<Pack, 'config' | 'configFile' | 'placeOfConfig'> & { schema: ParameterSpecs; problems: Problem[] }> {
  const schemaFile = path.join(source.path, 'config.schema.yaml');
  const file = path.join(configFolder, `${source.ref}.yaml`);
  const schemaText = await readOptional(schemaFile);
  const { value: schema = {}, problems } = loadConfigSchema(schemaFile, schemaText);
  const config = loadConfig(schema, file, await readOptional(file));
  return {
    schema,
    config: withDefaults(schema, config.value.values),
    configFile: config.value,
    placeOfConfig: (at) =>
      valueAt(config.value.values, at) === undefined
        ? placeOfDefault(schemaFile, schemaText, at)
        : `${file}:${config.value.lineOf(at)}`,
    problems: [...problems, ...config.problems],
  };
}

/** A text that may not be there. */
async function readOptional(file: string): Promise<string> {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ? await readFile(file, 'utf8').catch(() => '') : '';
}

/** Comments and blank lines apart, so that editing them does not make a virtualenv outdated. */
function requirementLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');
}

/** A type may be declared by several sensors of a pack; the first stands. */
function uniqueTypes(types: readonly TriggerType[]): TriggerType[] {
  const byRef = new Map<string, TriggerType>();
  for (const type of types) if (!byRef.has(type.ref)) byRef.set(type.ref, type);
  return [...byRef.values()];
}
