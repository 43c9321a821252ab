import type { AliasDefinition } from '../contract/aliases.ts';
import { StormletError } from '../contract/errors.ts';
import type { Json, JsonObject } from '../contract/json.ts';
import type { ParameterSpecs } from '../contract/parameter-spec.ts';

/** What the action is to be given: the values of the sentence, and those that the alias fixes. */
export function aliasParameters(
  alias: AliasDefinition,
  given: JsonObject,
  immutable: JsonObject,
  specs: ParameterSpecs,
): JsonObject {
  const overridden = Object.keys(immutable).filter((name) => Object.hasOwn(given, name));
  if (overridden.length > 0) {
    const names = overridden.map((name) => `\`${name}\``).join(', ');
    const message = `the alias \`${alias.ref}\` fixes ${names}, which cannot be said otherwise`;
    throw new StormletError({ code: 'alias/immutable', kind: 'user', message });
  }
  const said = Object.entries(given).map(([name, value]) => [name, isList(specs, name) ? asList(value) : value]);
  return { ...Object.fromEntries(said), ...immutable };
}

function isList(specs: ParameterSpecs, name: string): boolean {
  return Object.hasOwn(specs, name) && specs[name]?.type === 'array';
}

/** A person writes `a, b`; for aliases StackStorm knows no other form of a list. */
function asList(value: Json): Json {
  return typeof value === 'string' ? value.split(',').map((item) => item.trim()) : value;
}
