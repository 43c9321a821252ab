import { SECRET_MASK } from './executions.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import type { ParameterSpec, ParameterSpecs } from './parameter-spec.ts';
import { type Leaf, leavesOf, mapLeaves, pathText, specOfItem, specOfKey } from './spec-walk.ts';

/** The same object with the value of every secret parameter replaced by the mask; what history and notices may hold. */
export function maskSecrets(specs: ParameterSpecs, values: JsonObject): JsonObject {
  return maskValue(values, { properties: specs }) as JsonObject;
}

/** As `maskSecrets`, for one value. */
export function maskValue(value: Json, spec: ParameterSpec | undefined): Json {
  if (spec?.secret && value !== null) return SECRET_MASK;
  if (Array.isArray(value)) return value.map((item, index) => maskValue(item, specOfItem(spec, index)));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, maskValue(item, specOfKey(spec, key))]));
}

/** The text of every secret among `values`, to be masked wherever it is printed. */
export function secretTexts(specs: ParameterSpecs, values: JsonObject): string[] {
  return leavesOf(specs, values).flatMap((leaf) => (isSecretValue(leaf) ? [String(leaf.value)] : []));
}

export function isSecretValue({ spec, value }: Leaf): boolean {
  return spec?.secret === true && value !== null && value !== '';
}

/**
 * Secrets masked one by one, so that a form can show what is set. Where items can change places the mask says which one it
 * stands for, and so finds its value again.
 */
export function maskLeaves(
  specs: ParameterSpecs,
  values: JsonObject,
  isHidden: (leaf: Leaf) => boolean = isSecretValue,
): JsonObject {
  return mapLeaves(specs, values, (leaf) => {
    if (!isHidden(leaf)) return leaf.value;
    return leaf.path.some((part) => typeof part === 'number') ? `${SECRET_MASK}@${pathText(leaf.path)}` : SECRET_MASK;
  });
}

export function isMasked(value: Json | undefined): value is string {
  return typeof value === 'string' && (value === SECRET_MASK || value.startsWith(`${SECRET_MASK}@`));
}
