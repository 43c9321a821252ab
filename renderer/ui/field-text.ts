import { parse, stringify } from 'yaml';
import { Json } from '../../main/contract/json.ts';
import type { ParameterSpec } from '../../main/contract/parameter-spec.ts';
import { choiceText, fieldKind, isExpression } from './field-kind.ts';

/** How a value reads in its field; `readText` gives the same value back. */
export function textOf(value: Json, spec: ParameterSpec): string {
  if (value === null) return '';
  if (typeof value === 'string') return fieldKind(spec) === 'data' ? quoteWhereNeeded(value) : value;
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value) && fieldKind(spec) === 'list' && isPlainList(value, spec)) return value.join('\n');
  return fieldKind(spec) === 'text' ? JSON.stringify(value) : stringify(value).trimEnd();
}

function quoteWhereNeeded(text: string): string {
  return isExpression(text) ? text : stringify(text).trimEnd();
}

/** One item per line says the same as YAML, and reads better. */
function isPlainList(items: readonly Json[], { items: itemSpec }: ParameterSpec): boolean {
  const itemKind = itemSpec && !Array.isArray(itemSpec) ? fieldKind(itemSpec) : 'text';
  if (itemKind === 'integer' || itemKind === 'number') return items.every((item) => Number(item) >= 0);
  return itemKind === 'text' && items.every(isPlainLine);
}

function isPlainLine(item: Json): boolean {
  return typeof item === 'string' && /^[^[\-\s{"'][^\n]*$/.test(item) && item === item.trim();
}

export type ReadText = { readonly value: Json } | { readonly fault: string };

/** What was typed as the value that the schema wants. Nothing typed is null, or an empty text over a default. */
export function readText(spec: ParameterSpec, text: string): ReadText {
  if (text.trim() === '') return { value: emptyValue(spec, text) };
  switch (fieldKind(spec)) {
    case 'integer':
      return /^\s*[+-]?\d+\s*$/.test(text) ? { value: Number(text) } : { fault: 'a whole number is needed' };
    case 'number':
      return Number.isFinite(Number(text)) ? { value: Number(text) } : { fault: 'a number is needed' };
    case 'secret':
      return readText({ ...spec, secret: false }, text);
    case 'switch':
      return { value: text === 'true' };
    case 'choice':
      return readChoice(spec, text);
    case 'list':
    case 'items':
      return readList(spec, text);
    case 'data':
    case 'group':
      return readYaml(text);
    default:
      return { value: text };
  }
}

function emptyValue(spec: ParameterSpec, text: string): Json {
  const isText = fieldKind(spec) === 'text' || fieldKind(spec) === 'secret';
  return isText && (text !== '' || typeof spec.default === 'string') ? text : null;
}

function readChoice(spec: ParameterSpec, text: string): ReadText {
  const choice = spec.enum?.find((allowed) => choiceText(allowed) === text);
  return choice === undefined ? { fault: `\`${text}\` is not one of the choices` } : { value: choice };
}

/** One item per line, or a list written as YAML or JSON. */
function readList(spec: ParameterSpec, text: string): ReadText {
  if (/^\s*(\[|-\s|-$)/m.test(text.trimStart().slice(0, 2))) return readYaml(text);
  const itemSpec = Array.isArray(spec.items) ? undefined : spec.items;
  const items: Json[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const item = itemSpec ? readText(itemSpec, line.trim()) : { value: line.trim() };
    if ('fault' in item) return { fault: `\`${line.trim()}\`: ${item.fault}` };
    items.push(item.value);
  }
  return { value: items };
}

function readYaml(text: string): ReadText {
  try {
    const value = Json.safeParse(parse(text, { merge: true }));
    return value.success ? { value: value.data } : { fault: 'this holds something that JSON has no word for' };
  } catch (error) {
    const [firstLine = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return { fault: `not readable as YAML or JSON: ${firstLine}` };
  }
}
