import type { Checked, Problem } from '../../contract/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../contract/json.ts';
import { checkValue, isTemplate, type ParameterSpec, type ParameterSpecs } from '../../contract/parameter-spec.ts';
import { loadParameterSpecs } from './load-parameter-specs.ts';
import { readMetadata } from './metadata-file.ts';

const SCHEMA_CODE = 'config/schema-invalid';
const CODE = 'config/invalid';

/** config.schema.yaml. What cannot be understood of it is reported and ignored: no pack is refused for its schema. */
export function loadConfigSchema(file: string, text: string): Checked<ParameterSpecs> {
  if (isBlank(text)) return { value: {}, problems: [] };
  const { value = {}, problems } = readMetadata(file, text, SCHEMA_CODE, (metadata) =>
    loadParameterSpecs(metadata, metadata.fields, [], SCHEMA_CODE),
  );
  return { value, problems: problems.map((problem) => ({ ...problem, severity: 'warning' })) };
}

/**
 * The user's `configs/<pack>.yaml` with the schema's defaults, at every depth. A value that breaks the schema still reaches
 * the pack, with a warning: real schemas are often narrower than what their packs take.
 */
export function loadConfig(schema: ParameterSpecs, file: string, text: string): Checked<JsonObject> {
  if (isBlank(text)) return { value: withDefaults(schema, {}), problems: missing(schema, {}, file) };
  const { value, problems } = readMetadata(file, text, CODE, (metadata) => {
    const given = metadata.fields;
    for (const [name, spec] of Object.entries(schema)) {
      const part = Object.hasOwn(given, name) ? (given[name] ?? null) : null;
      // What Jinja will make of a text is not known yet, nor is its type.
      if (part === null || isTemplate(part)) continue;
      for (const { message } of checkValue(part, spec, name)) metadata.warn(CODE, [name], message);
    }
    return given;
  });
  const values = value ?? {};
  return {
    value: withDefaults(schema, values),
    problems: [...problems, ...(value ? missing(schema, values, file) : [])],
  };
}

/** An object with properties is made where it is absent; every item of a list of objects gets its defaults (st2's rule). */
export function withDefaults(specs: ParameterSpecs, values: JsonObject): JsonObject {
  const filled: JsonObject = { ...values };
  for (const [name, spec] of Object.entries(specs)) {
    const value = fill(spec, Object.hasOwn(values, name) ? values[name] : undefined);
    if (value !== undefined) filled[name] = value;
  }
  return filled;
}

function fill(spec: ParameterSpec, given: Json | undefined): Json | undefined {
  const value = given ?? spec.default ?? (spec.properties ? {} : undefined);
  if (value === undefined) return given;
  if (Array.isArray(value)) {
    return value.map((item, index) => {
      const itemSpec = Array.isArray(spec.items) ? spec.items[index] : spec.items;
      return (itemSpec && isJsonObject(item) ? fill(itemSpec, item) : item) ?? null;
    });
  }
  if (!isJsonObject(value)) return value;
  const filled = withDefaults(spec.properties ?? {}, value);
  for (const [key, item] of Object.entries(filled)) {
    const itemSpec = Object.hasOwn(spec.properties ?? {}, key) ? undefined : specOfKey(spec, key);
    if (itemSpec && isJsonObject(item)) filled[key] = fill(itemSpec, item) ?? null;
  }
  return filled;
}

function specOfKey(spec: ParameterSpec, key: string): ParameterSpec | undefined {
  for (const [pattern, child] of Object.entries(spec.patternProperties ?? {})) {
    if (matches(pattern, key)) return child;
  }
  return typeof spec.additionalProperties === 'object' ? spec.additionalProperties : undefined;
}

/** The pattern is the pack's; one that is no regular expression matches nothing. */
function matches(pattern: string, key: string): boolean {
  try {
    return new RegExp(pattern).test(key);
  } catch {
    return false;
  }
}

function missing(schema: ParameterSpecs, given: JsonObject, file: string): Problem[] {
  return Object.entries(schema).flatMap(([name, spec]): Problem[] => {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (spec.required !== true || (value ?? spec.default ?? null) !== null) return [];
    const message = `the configuration has no \`${name}\`, which the pack requires`;
    return [{ severity: 'warning', code: 'config/value-missing', message, hint: `write \`${name}\` into \`${file}\`` }];
  });
}

function isBlank(text: string): boolean {
  return text.split('\n').every((line) => /^\s*(#.*|---\s*)?$/.test(line));
}
