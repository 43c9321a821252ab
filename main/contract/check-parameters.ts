import type { Problem } from './errors.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import type { ParameterSpec, ParameterSpecs, ParameterType } from './parameter-spec.ts';
import { maskValue } from './secret-values.ts';
import { specOfItem, specOfKey } from './spec-walk.ts';

/** One thing wrong with a value: `path` is `name`, `name.key` or `name[0]`. */
export type ParameterProblem = { readonly path: string; readonly message: string; readonly missing?: true };

/**
 * The parameters an action runs with: defaults filled in, immutable ones fixed, every value checked. Unknown names are
 * refused; `null` passes for what is not required (StackStorm's rules).
 */
export function resolveParameters(
  specs: ParameterSpecs,
  given: JsonObject,
): { readonly values: JsonObject; readonly problems: readonly ParameterProblem[] } {
  const problems: ParameterProblem[] = [];
  const values: JsonObject = {};
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(specs, name)) problems.push({ path: name, message: `unknown parameter: \`${name}\`` });
  }
  for (const [name, spec] of Object.entries(specs)) {
    const asked = Object.hasOwn(given, name) ? given[name] : undefined;
    if (spec.immutable && asked !== undefined && !sameJson(asked, spec.default ?? null)) {
      problems.push({ path: name, message: `\`${name}\` is immutable and cannot be set` });
    }
    const fromDefault = spec.immutable || asked === undefined;
    const value = fromDefault ? (spec.default ?? null) : asked;
    values[name] = value;
    // A default may be a template; what it becomes is only known when the action runs.
    if (fromDefault && isTemplate(value)) continue;
    if (value === null) {
      if (spec.required === true) problems.push({ path: name, message: `\`${name}\` is required` });
      continue;
    }
    problems.push(...checkValue(value, spec, name));
  }
  return { values, problems };
}

/** Whether a value, or anything in it, is Jinja. */
export function isTemplate(value: Json): boolean {
  if (typeof value === 'string') return value.includes('{{') || value.includes('{%');
  if (Array.isArray(value)) return value.some(isTemplate);
  return isJsonObject(value) && Object.values(value).some(isTemplate);
}

/** Every way in which `value` breaks `spec`. */
export function checkValue(value: Json, spec: ParameterSpec, path: string): ParameterProblem[] {
  const types = spec.type === undefined ? [] : [spec.type].flat();
  if (types.length > 0 && !types.some((type) => isOfType(value, type))) {
    return [{ path, message: `\`${path}\` must be ${withArticle(types.join(' or '))}, got ${describe(value, spec)}` }];
  }
  const problems: ParameterProblem[] = [];
  if (spec.enum && !spec.enum.some((allowed) => sameJson(allowed, value))) {
    problems.push({
      path,
      message: `\`${path}\` must be one of ${spec.enum.map((v) => JSON.stringify(v)).join(', ')}, got ${describe(value, spec)}`,
    });
  }
  if (typeof value === 'number') problems.push(...checkRange(value, spec, path));
  if (typeof value === 'string') problems.push(...checkText(value, spec, path));
  if (Array.isArray(value)) problems.push(...checkItems(value, spec, path));
  else if (isJsonObject(value)) problems.push(...checkProperties(value, spec, path));
  return problems;
}

function checkRange(value: number, spec: ParameterSpec, path: string): ParameterProblem[] {
  if (spec.minimum !== undefined && value < spec.minimum)
    return [{ path, message: `\`${path}\` must be at least ${spec.minimum}, got ${value}` }];
  if (spec.maximum !== undefined && value > spec.maximum)
    return [{ path, message: `\`${path}\` must be at most ${spec.maximum}, got ${value}` }];
  return [];
}

function checkText(value: string, spec: ParameterSpec, path: string): ParameterProblem[] {
  if (spec.minLength !== undefined && value.length < spec.minLength)
    return [{ path, message: `\`${path}\` needs at least ${spec.minLength} characters` }];
  if (spec.maxLength !== undefined && value.length > spec.maxLength)
    return [{ path, message: `\`${path}\` takes at most ${spec.maxLength} characters` }];
  return [];
}

function checkItems(value: Json[], spec: ParameterSpec, path: string): ParameterProblem[] {
  const problems: ParameterProblem[] = [];
  if (spec.minItems !== undefined && value.length < spec.minItems)
    problems.push({ path, message: `\`${path}\` needs at least ${spec.minItems} items` });
  if (spec.maxItems !== undefined && value.length > spec.maxItems)
    problems.push({ path, message: `\`${path}\` takes at most ${spec.maxItems} items` });
  value.forEach((item, index) => {
    const itemSpec = specOfItem(spec, index);
    if (itemSpec && item !== null) problems.push(...checkValue(item, itemSpec, `${path}[${index}]`));
  });
  return problems;
}

function checkProperties(value: JsonObject, spec: ParameterSpec, path: string): ParameterProblem[] {
  const problems: ParameterProblem[] = [];
  const properties = spec.properties ?? {};
  for (const [key, child] of Object.entries(properties)) {
    if ((Object.hasOwn(value, key) ? value[key] : null) !== null) continue;
    const required = child.required === true || (Array.isArray(spec.required) && spec.required.includes(key));
    const place = `${path}.${key}`;
    if (required) problems.push({ path: place, message: `\`${place}\` is required`, missing: true });
  }
  for (const [key, item] of Object.entries(value)) {
    if (item === null) continue;
    const child = specOfKey(spec, key);
    if (child) problems.push(...checkValue(item, child, `${path}.${key}`));
    else if (isRefused(spec)) problems.push({ path: `${path}.${key}`, message: `unknown key: \`${path}.${key}\`` });
  }
  return problems;
}

/** With patterns that may be written for another dialect of regular expressions, no key is refused. */
function isRefused(spec: ParameterSpec): boolean {
  return spec.additionalProperties === false && !spec.patternProperties;
}

/** Draft 4's typing: an integer is a number without a fraction, and a boolean is neither. */
function isOfType(value: Json, type: ParameterType): boolean {
  switch (type) {
    case 'any':
      return true;
    case 'null':
      return value === null;
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value);
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isJsonObject(value);
    default:
      return typeof value === type;
  }
}

function withArticle(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

/** Problems are shown and logged, so a secret in the value is masked. */
function describe(value: Json, spec: ParameterSpec): string {
  const text = JSON.stringify(maskValue(value, spec));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

export function sameJson(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => sameJson(item, b[i] ?? null));
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key] ?? null, b[key] ?? null))
  );
}

/** Problems of parameters as one sentence for a `Fault`. */
export function describeParameterProblems(problems: readonly ParameterProblem[]): string {
  return problems.map((problem) => problem.message).join('; ');
}

/** Problems of a payload or parameter file, as `Problem`s of the given code. */
export function asProblems(code: string, problems: readonly ParameterProblem[]): Problem[] {
  return problems.map(({ message }) => ({ severity: 'error', code, message }));
}
