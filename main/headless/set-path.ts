import { isJsonObject, type Json, type JsonObject } from '../contract/json.ts';
import type { ValuePath } from '../contract/spec-walk.ts';

/** A copy with the value at the path set; what lies on the way is made. */
export function setPath(values: JsonObject, path: ValuePath, value: Json): JsonObject {
  return set(values, path, value) as JsonObject;
}

/** A copy without the value at the path. */
export function removePath(values: JsonObject, path: ValuePath): JsonObject {
  return remove(values, path) as JsonObject;
}

function set(inner: Json | undefined, [part, ...rest]: ValuePath, value: Json): Json {
  if (part === undefined) return value;
  if (typeof part === 'number') {
    const items = Array.isArray(inner) ? [...inner] : [];
    items[Math.min(part, items.length)] = set(items[part], rest, value);
    return items;
  }
  const fields = isJsonObject(inner) ? inner : {};
  return { ...fields, [part]: set(Object.hasOwn(fields, part) ? fields[part] : undefined, rest, value) };
}

function remove(inner: Json, [part, ...rest]: ValuePath): Json {
  const isLast = rest.length === 0;
  if (Array.isArray(inner)) {
    return inner.flatMap((item, index) => (index !== part ? [item] : isLast ? [] : [remove(item, rest)]));
  }
  if (!isJsonObject(inner) || typeof part !== 'string' || !Object.hasOwn(inner, part)) return inner;
  const { [part]: found = null, ...others } = inner;
  return isLast ? others : { ...others, [part]: remove(found, rest) };
}
