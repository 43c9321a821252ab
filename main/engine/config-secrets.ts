import { isTemplate } from '../contract/check-parameters.ts';
import { StormletError } from '../contract/errors.ts';
import { SECRET_MASK } from '../contract/executions.ts';
import type { JsonObject } from '../contract/json.ts';
import type { ParameterSpec, ParameterSpecs } from '../contract/parameter-spec.ts';
import { secretReference } from '../contract/secret-reference.ts';
import { isMasked, isSecretValue } from '../contract/secret-values.ts';
import { type Leaf, leavesOf, mapLeaves, pathText } from '../contract/spec-walk.ts';

/**
 * Secrets of a configuration file. What a person saves goes sealed into the datastore, and the file names its key as
 * StackStorm would have it: `{{ st2kv.system['config.PACK.NAME'] }}`.
 */

/** A secret that can be read in the file itself. An expression is none: it names where the secret is. */
export function isReadableSecret(leaf: Leaf): boolean {
  return isSecretValue(leaf) && !isTemplate(leaf.value);
}

export function readableSecrets(specs: ParameterSpecs, values: JsonObject): string[] {
  return leavesOf(specs, values).flatMap((leaf) => (isReadableSecret(leaf) ? [pathText(leaf.path)] : []));
}

/** Puts back what was masked when the values were read. */
export function unmask(specs: ParameterSpecs, values: JsonObject, before: JsonObject): JsonObject {
  const byName = new Map(leavesOf(specs, before).map((leaf) => [pathText(leaf.path), leaf.value]));
  return mapLeaves(specs, values, ({ path, value }) => {
    if (!isMasked(value)) return value;
    const name = value === SECRET_MASK ? pathText(path) : value.slice(SECRET_MASK.length + 1);
    const known = byName.get(name);
    if (known !== undefined) return known;
    throw new StormletError({
      code: 'config/secret-lost',
      kind: 'user',
      message: `\`${pathText(path)}\` is masked, and the file has no value that it could stand for`,
      hint: 'type the secret again',
    });
  });
}

export type SealedConfig = {
  readonly values: JsonObject;
  /** Keys to be stored, by name. */
  readonly keys: ReadonlyMap<string, string>;
};

/** Readable secrets that were not so before, or with `all` every one, become references to keys. */
export function sealSecrets(
  pack: string,
  specs: ParameterSpecs,
  values: JsonObject,
  before: JsonObject,
  all: boolean,
): SealedConfig {
  const keys = new Map<string, string>();
  const taken = new Set(keysNamedIn(values));
  const known = new Set(
    leavesOf(specs, before)
      .filter(isReadableSecret)
      .map(({ value }) => String(value)),
  );
  const sealed = mapLeaves(specs, values, (leaf) => {
    if (!isReadableSecret(leaf) || (!all && known.has(String(leaf.value)))) return leaf.value;
    const name = freeName(taken, `config.${pack}.${leaf.path.join('.').replaceAll(/[^\w.-]/g, '_')}`);
    taken.add(name);
    keys.set(name, String(leaf.value));
    return secretReference(name);
  });
  return { values: sealed, keys };
}

/** The keys of `sealSecrets` that the values name. */
export function keysNamedIn(values: JsonObject): string[] {
  return [...JSON.stringify(values).matchAll(/st2kv\.system\['(config\.[^']+)'\]/g)].map(([, name]) => name ?? '');
}

/** A list's items may have changed places, and then a key belongs to another item than its name says. */
function freeName(taken: ReadonlySet<string>, wanted: string): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}.${number}`;
    if (!taken.has(name)) return name;
  }
}

/** A file that is no YAML cannot be looked through, so each line that begins with a secret's name is masked. */
export function maskBrokenText(specs: ParameterSpecs, text: string): string {
  const names = secretNames({ properties: specs }).map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  if (names.length === 0) return text;
  return text.replaceAll(new RegExp(`(["']?(?:${names.join('|')})["']?\\s*:\\s*)\\S.*`, 'g'), `$1${SECRET_MASK}`);
}

function secretNames(spec: ParameterSpec): string[] {
  const nested = [
    ...Object.values(spec.patternProperties ?? {}),
    ...[spec.items ?? []].flat(),
    ...(typeof spec.additionalProperties === 'object' ? [spec.additionalProperties] : []),
  ];
  const own = Object.entries(spec.properties ?? {});
  return [
    ...own.flatMap(([name, child]) => [...(child.secret ? [name] : []), ...secretNames(child)]),
    ...nested.flatMap(secretNames),
  ];
}
