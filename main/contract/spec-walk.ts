import { isJsonObject, type Json, type JsonObject } from './json.ts';
import type { ParameterSpec, ParameterSpecs } from './parameter-spec.ts';

/** Which part of a schema describes which part of a value: the one walk that checking, filling, masking and forms share. */

/** Keys and indexes, from the top. */
export type ValuePath = readonly (string | number)[];

/** What holds no further values: a text, a number, a truth value, null. */
export type Leaf = { readonly path: ValuePath; readonly value: Json; readonly spec: ParameterSpec | undefined };

/** By its name, then by a pattern, then as one of the additional ones. All that lies in a secret is secret. */
export function specOfKey(spec: ParameterSpec | undefined, key: string): ParameterSpec | undefined {
  return inherit(spec, spec && childOfKey(spec, key));
}

export function specOfItem(spec: ParameterSpec | undefined, index: number): ParameterSpec | undefined {
  return inherit(spec, Array.isArray(spec?.items) ? spec.items[index] : spec?.items);
}

function childOfKey(spec: ParameterSpec, key: string): ParameterSpec | undefined {
  if (spec.properties && Object.hasOwn(spec.properties, key)) return spec.properties[key];
  for (const [pattern, child] of Object.entries(spec.patternProperties ?? {})) {
    if (matchesPattern(pattern, key)) return child;
  }
  return typeof spec.additionalProperties === 'object' ? spec.additionalProperties : undefined;
}

function inherit(spec: ParameterSpec | undefined, child: ParameterSpec | undefined): ParameterSpec | undefined {
  return spec?.secret && !child?.secret ? { ...child, secret: true } : child;
}

/** The pattern is the pack's; one that is no regular expression matches nothing. */
export function matchesPattern(pattern: string, key: string): boolean {
  try {
    return new RegExp(pattern).test(key);
  } catch {
    return false;
  }
}

export function specAt(specs: ParameterSpecs, path: ValuePath): ParameterSpec | undefined {
  return path.reduce<ParameterSpec | undefined>(
    (spec, part) => (typeof part === 'number' ? specOfItem(spec, part) : specOfKey(spec, part)),
    { properties: specs },
  );
}

/** The same values with every leaf replaced by what `change` makes of it. */
export function mapLeaves(specs: ParameterSpecs, values: JsonObject, change: (leaf: Leaf) => Json): JsonObject {
  const walk = (value: Json, spec: ParameterSpec | undefined, path: ValuePath): Json => {
    if (Array.isArray(value)) return value.map((item, index) => walk(item, specOfItem(spec, index), [...path, index]));
    if (!isJsonObject(value)) return change({ path, value, spec });
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, walk(item, specOfKey(spec, key), [...path, key])]),
    );
  };
  return walk(values, { properties: specs }, []) as JsonObject;
}

export function leavesOf(specs: ParameterSpecs, values: JsonObject): Leaf[] {
  const leaves: Leaf[] = [];
  mapLeaves(specs, values, (leaf) => {
    leaves.push(leaf);
    return leaf.value;
  });
  return leaves;
}

export function valueAt(value: Json, path: ValuePath): Json | undefined {
  return path.reduce<Json | undefined>((inner, part) => {
    if (Array.isArray(inner)) return inner[Number(part)];
    return isJsonObject(inner) && Object.hasOwn(inner, String(part)) ? inner[String(part)] : undefined;
  }, value);
}

/** `name.key[0]`, as problems name their place. */
export function pathText(path: ValuePath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}
