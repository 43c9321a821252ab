import { isJsonObject, type Json } from '../contract/json.ts';

/** Python's `==`: nothing is converted, but `1`, `1.0` and `true` are one number. */
export function pythonEquals(a: Json, b: Json): boolean {
  if (isNumeric(a) && isNumeric(b)) return Number(a) === Number(b);
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => pythonEquals(item, b[index] ?? null));
  }
  if (isJsonObject(a) && isJsonObject(b)) {
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length &&
      keys.every((key) => Object.hasOwn(b, key) && pythonEquals(a[key] ?? null, b[key] ?? null))
    );
  }
  return a === b;
}

/** Negative, zero or positive, as `a` is to `b`. Throws a `TypeError` for what Python does not order. */
export function pythonOrder(a: Json, b: Json): number {
  if (isNumeric(a) && isNumeric(b)) return Number(a) - Number(b);
  if (typeof a === 'string' && typeof b === 'string') return orderOfTexts(a, b);
  if (Array.isArray(a) && Array.isArray(b)) {
    const different = a.findIndex((item, index) => index >= b.length || !pythonEquals(item, b[index] ?? null));
    if (different === -1 || different >= b.length) return a.length - b.length;
    return pythonOrder(a[different] ?? null, b[different] ?? null);
  }
  throw new TypeError(`${pythonType(a)} and ${pythonType(b)} have no order`);
}

/** Python's `item in container`: part of a text, element of a list, key of a map. */
export function pythonContains(container: Json, item: Json): boolean {
  if (Array.isArray(container)) return container.some((element) => pythonEquals(element, item));
  if (typeof container === 'string') {
    if (typeof item !== 'string') throw new TypeError(`a text cannot contain ${pythonType(item)}`);
    return container.includes(item);
  }
  if (!isJsonObject(container)) throw new TypeError(`${pythonType(container)} cannot contain anything`);
  if (typeof item === 'object' && item !== null) throw new TypeError(`${pythonType(item)} cannot be a key`);
  return typeof item === 'string' && Object.hasOwn(container, item);
}

/** A value's type in words that fit a sentence. */
export function pythonType(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
}

function isNumeric(value: Json): value is number | boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}

/** By code point, where JavaScript's own order goes by UTF-16 unit. */
function orderOfTexts(a: string, b: string): number {
  let index = 0;
  while (index < a.length && a[index] === b[index]) index += 1;
  if (index === a.length || index === b.length) return a.length - b.length;
  // Past a common high surrogate the low ones order as the code points do.
  return rank(a.charCodeAt(index)) - rank(b.charCodeAt(index));
}

/** Surrogates stand for code points above all of the basic plane. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
