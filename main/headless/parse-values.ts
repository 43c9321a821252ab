import type { Json, JsonObject } from '../contract/json.ts';
import type { ParameterSpec } from '../contract/parameter-spec.ts';

type Types = Readonly<Record<string, Pick<ParameterSpec, 'type'>>>;

/** Something about a word of the command line that no command can work with. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * `key=value` words as the values that the action declares, on top of the object given as JSON. Names that it does not
 * declare pass as they are: refusing them is the app's business, which says so better.
 */
export function parseValues(words: readonly string[], json: string | undefined, types: Types): JsonObject {
  const values = json === undefined ? {} : parseObject(json);
  for (const word of words) {
    const [name, text] = splitWord(word);
    values[name] = parseText(name, text, Object.hasOwn(types, name) ? types[name] : undefined);
  }
  return values;
}

export function splitWord(word: string): readonly [name: string, text: string] {
  const at = word.indexOf('=');
  if (at < 1) throw new UsageError(`\`${word}\` is no \`key=value\``);
  return [word.slice(0, at), word.slice(at + 1)];
}

/** `name.key[0]` as the steps that lead there. */
export function readPath(text: string): (string | number)[] {
  const isPath = /^[^.[\]]+(\.[^.[\]]+|\[\d+\])*$/.test(text);
  if (!isPath) throw new UsageError(`\`${text}\` is no name like \`name\`, \`nested.name\` or \`list[0]\``);
  return [...text.matchAll(/([^.[\]]+)|\[(\d+)\]/g)].map(([, name, index]) => name ?? Number(index));
}

function parseObject(json: string): JsonObject {
  const value = tryJson(json);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UsageError(`not a JSON object: \`${json}\``);
  }
  return value;
}

/** The first of the declared types that the text can be read as; a string where none is declared. */
export function parseText(name: string, text: string, spec: Pick<ParameterSpec, 'type'> | undefined): Json {
  const types = [spec?.type ?? 'string'].flat();
  for (const type of types) {
    // A payload schema may name a type that nobody knows; that is text then.
    const read = Object.hasOwn(READERS, type) ? READERS[type] : undefined;
    const value = read ? read(text) : text;
    if (value !== undefined) return value;
  }
  throw new UsageError(`\`${name}\` must be ${types.join(' or ')}, got \`${text}\``);
}

const READERS: Readonly<Record<string, (text: string) => Json | undefined>> = {
  string: (text) => text,
  integer: (text) => (/^[+-]?\d+$/.test(text) ? Number(text) : undefined),
  number: (text) => (text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined),
  boolean: (text) => ({ true: true, false: false, yes: true, no: false, '1': true, '0': false })[text.toLowerCase()],
  null: (text) => (text === 'null' ? null : undefined),
  object: (text) => (text.startsWith('{') ? tryJson(text) : undefined),
  // `a,b` is a list as well as `["a","b"]`.
  array: (text) => (text.startsWith('[') ? tryJson(text) : text === '' ? [] : text.split(',')),
  any: (text) => tryJson(text) ?? text,
};

function tryJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
