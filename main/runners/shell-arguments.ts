import { isJsonObject, type Json, type JsonObject } from '../contract/json.ts';
import type { ParameterSpecs } from '../contract/parameter-spec.ts';

/**
 * What a script finds in its argument list, in StackStorm's order: named parameters as `--name=value`, then the ones with
 * a `position`. A named parameter that is false, null or empty is left out; a positional one keeps its place whatever it is.
 */
export function shellArguments(specs: ParameterSpecs, values: JsonObject, kwargOp: string): string[] {
  const positions = Object.entries(specs)
    .flatMap(([name, { position }]) =>
      position === undefined || !Object.hasOwn(values, name) ? [] : [{ name, position }],
    )
    .sort((a, b) => a.position - b.position)
    .map(({ name }) => name);
  const named = Object.entries(values).filter(([name]) => !positions.includes(name));
  return [
    ...named.flatMap(([name, value]) => namedArgument(`${kwargOp}${name}`, value)),
    ...positions.map((name) => positionalArgument(values[name] ?? null)),
  ];
}

function namedArgument(flag: string, value: Json): string[] {
  if (value === true) return [flag];
  return value === false || value === null || value === '' ? [] : [`${flag}=${argumentText(value)}`];
}

function positionalArgument(value: Json): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  return value === null ? '' : argumentText(value);
}

function argumentText(value: Json): string {
  if (Array.isArray(value)) return value.map((item) => argumentText(item)).join(',');
  return isJsonObject(value) ? JSON.stringify(value) : String(value);
}
