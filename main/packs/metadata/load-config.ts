import { checkValue, isTemplate } from '../../contract/check-parameters.ts';
import type { Checked, Problem } from '../../contract/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../contract/json.ts';
import type { ParameterSpec, ParameterSpecs } from '../../contract/parameter-spec.ts';
import { mapLeaves, pathText, specOfItem, specOfKey, type ValuePath } from '../../contract/spec-walk.ts';
import { type NodePath, parseDataFile } from '../../kit/yaml-file.ts';
import { loadParameterSpecs } from './load-parameter-specs.ts';
import { readMetadata } from './metadata-file.ts';
import { plainSchema } from './schema-dialect.ts';

const SCHEMA_CODE = 'config/schema-invalid';
const CODE = 'config/invalid';

/** `configs/<pack>.yaml` as it stands there. */
export type ConfigFile = {
  readonly file: string;
  readonly values: JsonObject;
  /** What the schema requires and neither the file nor a default gives. */
  readonly missing: readonly string[];
  lineOf(path: NodePath): number;
};

/** config.schema.yaml. What cannot be understood of it is reported and ignored: no pack is refused for its schema. */
export function loadConfigSchema(file: string, text: string): Checked<ParameterSpecs> {
  if (isBlank(text)) return { value: {}, problems: [] };
  const { value = {}, problems } = readMetadata(file, text, SCHEMA_CODE, (metadata) =>
    loadParameterSpecs(metadata, plainSchema(metadata, SCHEMA_CODE), [], SCHEMA_CODE),
  );
  // A part that several references lead to is read for each of them.
  const once = new Map(problems.map((problem) => [`${problem.line} ${problem.message}`, problem]));
  return { value, problems: [...once.values()].map((problem) => ({ ...problem, severity: 'warning' })) };
}

/**
 * The user's `configs/<pack>.yaml`. A value that breaks the schema still reaches the pack, with a warning: real schemas are
 * often narrower than what their packs take. What a text with `{{ … }}` becomes is not known here.
 */
export function loadConfig(
  schema: ParameterSpecs,
  file: string,
  text: string,
): { readonly value: ConfigFile; readonly problems: readonly Problem[] } {
  const { value: data, problems } = isBlank(text) ? { problems: [] } : parseDataFile(file, text);
  const { value: given, problems: faults } = data
    ? readMetadata(file, text, CODE, (metadata) => metadata.fields)
    : { problems };
  const values = given ?? {};
  const lineOf = data?.lineOf ?? (() => 1);
  const isUsable = faults.length === 0;
  const found = isUsable ? configProblems(schema, values) : [];
  const missing = found.flatMap(({ missing: isMissing, at }) => (isMissing ? [pathText(at)] : []));
  return {
    value: { file, values, missing, lineOf },
    problems: [...faults, ...found.map((problem) => asProblem(problem, file, data && lineOf(problem.at)))],
  };
}

/** Where the schema gives a default, as `FILE:LINE`. */
export function placeOfDefault(file: string, text: string, path: ValuePath): string {
  const at = path.flatMap((part, index) => {
    if (typeof part === 'number') return ['items'];
    return index === 0 ? [part] : ['properties', part];
  });
  return `${file}:${parseDataFile(file, text).value?.lineOf([...at, 'default']) ?? 1}`;
}

export type ConfigProblem = { readonly at: ValuePath; readonly message: string; readonly missing: boolean };

/** In which the values break their schema, templates apart. */
export function configProblems(schema: ParameterSpecs, values: JsonObject): ConfigProblem[] {
  const filled = withDefaults(schema, values);
  const problems = Object.entries(schema).flatMap(([name, spec]): ConfigProblem[] => {
    const value = (Object.hasOwn(filled, name) ? filled[name] : undefined) ?? null;
    if (value === null) return spec.required === true ? [absent([name])] : [];
    // An object that nobody gave is made of defaults, and demands nothing.
    if (!Object.hasOwn(values, name) && spec.required !== true) return [];
    return checkValue(withoutTemplates(value, spec), spec, name).map(({ path, message, missing = false }) => {
      const at = readPath(path);
      return missing ? absent(at) : { at, message, missing };
    });
  });
  return problems.sort((a, b) => Number(a.missing) - Number(b.missing));
}

function absent(at: ValuePath): ConfigProblem {
  const message = `the configuration has no \`${pathText(at)}\`, which the pack requires`;
  return { at, message, missing: true };
}

function asProblem({ at, message, missing }: ConfigProblem, file: string, line: number | undefined): Problem {
  const place = { file, ...(line !== undefined && { line }) };
  if (!missing) return { severity: 'warning', code: CODE, message, ...place };
  const hint = `set \`${pathText(at)}\` on the pack's page, or write it into \`${file}\``;
  return { severity: 'warning', code: 'config/value-missing', message, hint, ...place };
}

/** What Jinja will make of a text is not known yet, nor is its type: it is left out of the check, and still given. */
function withoutTemplates(value: Json, spec: ParameterSpec): Json {
  const stands = mapLeaves({ value: spec }, { value }, (leaf) =>
    isTemplate(leaf.value) && leaf.spec ? standIn(leaf.spec) : leaf.value,
  );
  return stands.value ?? null;
}

/** Some value that fits, for one that is not known. */
function standIn(spec: ParameterSpec): Json {
  const [type] = [spec.type ?? 'string'].flat();
  if (spec.enum?.[0] !== undefined) return spec.enum[0];
  if (spec.default !== undefined && !isTemplate(spec.default)) return spec.default;
  switch (type) {
    case 'integer':
    case 'number':
      return spec.minimum ?? spec.maximum ?? 0;
    case 'boolean':
      return false;
    case 'array':
      return [];
    case 'object':
      return {};
    default:
      return 'x'.repeat(spec.minLength ?? Math.min(1, spec.maxLength ?? 1));
  }
}

/** A problem's place, back as a path. A key with a dot in it leads to the line above it. */
function readPath(text: string): ValuePath {
  return [...text.matchAll(/([^.[\]]+)|\[(\d+)\]/g)].map(([, name, index]) => name ?? Number(index));
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
      const itemSpec = specOfItem(spec, index);
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

/** Nothing but comments: a file that was begun and holds no value yet. */
export function isBlank(text: string): boolean {
  return text.split('\n').every((line) => /^\s*(#.*|---\s*)?$/.test(line));
}
