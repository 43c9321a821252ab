import { SECRET_MASK } from '../contract/executions.ts';
import { isJsonObject, type Json } from '../contract/json.ts';

/** Replacing shorter secrets would blot out ordinary text (`1`, `on`) and hide nothing that could be kept hidden. */
const MIN_LENGTH = 4;

/** Replaces each secret wherever it stands in a text that an action printed. */
export function textMasker(secrets: readonly string[]): (text: string) => string {
  // The longest first, so that a secret which contains another is hidden whole.
  const hidden = secrets.filter((secret) => secret.length >= MIN_LENGTH).sort((a, b) => b.length - a.length);
  if (hidden.length === 0) return (text) => text;
  return (text) => hidden.reduce((masked, secret) => masked.replaceAll(secret, SECRET_MASK), text);
}

/** The same in every string of a value, keys included. */
export function maskJson(value: Json, mask: (text: string) => string): Json {
  if (typeof value === 'string') return mask(value);
  if (Array.isArray(value)) return value.map((item) => maskJson(item, mask));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [mask(key), maskJson(item, mask)]));
}
