import { StormletError } from '../contract/errors.ts';
import { isJsonObject, type Json } from '../contract/json.ts';
import type { ParameterSpec } from '../contract/parameter-spec.ts';
import { parsePythonLiteral } from './python-literal.ts';

/** How the filter `use_none` carries null through text. */
export const NONE_MARK = '%*****__%NONE%__*****%';

/**
 * A rendered value as its parameter's declared type wants it (st2common/util/casts.py): text is read as that type, what
 * cannot be is refused. Without a single declared type the value is left as it is. Whether it then fits is checked later.
 */
export function castParameter(name: string, value: Json, spec: ParameterSpec | undefined): Json {
  const cast = castOf(spec);
  if (value === null || !cast) return value;
  try {
    return cast(value);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StormletError({
      code: 'parameter/cast-failed',
      kind: 'user',
      message: `\`${name}\` cannot be made ${withArticle(String(spec?.type))}: ${spec?.secret ? 'it is a secret that does not fit' : reason}`,
      details: { parameter: name },
    });
  }
}

type Cast = (value: Json) => Json;
const CASTS: Readonly<Record<string, Cast>> = {
  array: castContainer,
  object: castContainer,
  boolean: castBoolean,
  integer: castInteger,
  number: castNumber,
  string: castString,
};

/** Of `[string, null]` the one type that is not null counts; between several there is nothing to choose by. */
function castOf(spec: ParameterSpec | undefined): Cast | undefined {
  const [type, ...others] = [spec?.type ?? []].flat().filter((name) => name !== 'null');
  return type !== undefined && others.length === 0 && Object.hasOwn(CASTS, type) ? CASTS[type] : undefined;
}

function castContainer(value: Json): Json {
  if (typeof value !== 'string') return value;
  if (value === NONE_MARK) return null;
  try {
    return JSON.parse(value);
  } catch {
    return within(value, () => parsePythonLiteral(value));
  }
}

/** `true` and `TRUE` are true; `yes` is not, and `1` is the number 1. */
function castBoolean(value: Json): Json {
  if (typeof value !== 'string') return value;
  if (value === NONE_MARK) return null;
  const capitalized = value.charAt(0).toUpperCase() + value.slice(1).toLowerCase();
  return within(value, () => parsePythonLiteral(capitalized));
}

function castInteger(value: Json): Json {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'number') return Math.trunc(value);
  const digits = typeof value === 'string' ? value.trim() : '';
  if (!/^[-+]?\d+(_\d+)*$/.test(digits)) throw new Error(`${shown(value)} is no whole number`);
  const number = Number(digits.replaceAll('_', ''));
  if (!Number.isSafeInteger(number))
    throw new Error(`${digits} is too large to be kept exactly; declare it as a string`);
  return number;
}

function castNumber(value: Json): Json {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'number') return value;
  const digits = typeof value === 'string' ? value.trim() : '';
  if (!FLOAT.test(digits)) throw new Error(`${shown(value)} is no number`);
  const number = Number(digits.replaceAll('_', ''));
  if (!Number.isFinite(number)) throw new Error(`${digits} is too large for a number`);
  return number;
}
const FLOAT = /^[-+]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:[eE][-+]?\d+(?:_\d+)*)?$/;

function castString(value: Json): Json {
  if (typeof value !== 'string') throw new Error(`${shown(value)} is ${typeName(value)}; put it in quotes`);
  return value === NONE_MARK ? null : value;
}

function within(value: string, read: () => Json): Json {
  try {
    return read();
  } catch (error) {
    throw new Error(`${shown(value)}: ${error instanceof Error ? error.message : error}`);
  }
}

function shown(value: Json): string {
  const text = JSON.stringify(value);
  return `\`${text.length > 80 ? `${text.slice(0, 79)}…` : text}\``;
}

function typeName(value: Json): string {
  if (Array.isArray(value)) return 'an array';
  return isJsonObject(value) ? 'an object' : `a ${typeof value}`;
}

function withArticle(type: string): string {
  return /^[aio]/.test(type) ? `an ${type}` : `a ${type}`;
}
