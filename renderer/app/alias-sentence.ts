import type { Json, JsonObject } from '../../main/contract/json.ts';

/** A `{{ name }}` or `{{ name=fallback }}` of an alias's format. */
export type AliasPlace = { readonly name: string; readonly fallback?: string };

const PLACE = /\{\{\s*([\w-]+)\s*(?:=\s*([^}]*?))?\s*\}\}/g;

export function placesOf(representation: string): AliasPlace[] {
  return [...representation.matchAll(PLACE)].map(([, name = '', fallback]) => ({
    name,
    ...(fallback !== undefined && { fallback: fallback.replace(/^(["'])(.*)\1$/, '$2') }),
  }));
}

/** The sentence with its places filled, as a person would have typed it. */
export function sentenceOf(representation: string, values: JsonObject): string {
  const { sentence } = [...representation.matchAll(PLACE)].reduce(
    ({ sentence: before }, [place, name = '', fallback]) => ({
      sentence: before.replace(place, () => typed(values[name] ?? fallback ?? '')),
    }),
    { sentence: representation },
  );
  return sentence.trim();
}

/** A text with spaces is quoted, or it would end at the first one. */
function typed(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const isBare = !/[\s"']/.test(text) || /^(["']).*\1$/.test(text) || typeof value !== 'string';
  return isBare ? text : `"${text.replaceAll('"', '\\"')}"`;
}
