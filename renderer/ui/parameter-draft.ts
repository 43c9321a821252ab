/*
 * The window's own components and what they decide: forms from parameter schemas, badges, problems, output. A component
 * belongs here when two pages use it; none of them knows a page or a route other than where its link leads.
 */
import { parse, stringify } from 'yaml';
import { SECRET_MASK } from '../../main/contract/executions.ts';
import { Json, type JsonObject } from '../../main/contract/json.ts';
import {
  checkValue,
  type ParameterSpec,
  type ParameterSpecs,
  type ParameterType,
  sameJson,
} from '../../main/contract/parameter-spec.ts';

/** What a person has typed, by parameter; every value is text until the form is read. */
export type ParameterDraft = Readonly<Record<string, string>>;

export type FieldKind = 'text' | 'secret' | 'integer' | 'number' | 'switch' | 'choice' | 'list' | 'data';

/** By `position`, then what is required, then by name; immutable ones last, since nothing is to be done there. */
export function orderedParameters(specs: ParameterSpecs): [string, ParameterSpec][] {
  const rank = (spec: ParameterSpec) => (spec.immutable ? 2 : spec.required === true ? 0 : 1);
  const place = (spec: ParameterSpec) => spec.position ?? Number.MAX_SAFE_INTEGER;
  return Object.entries(specs).sort(
    ([nameA, a], [nameB, b]) => rank(a) - rank(b) || place(a) - place(b) || nameA.localeCompare(nameB),
  );
}

export function fieldKind(spec: ParameterSpec): FieldKind {
  if (spec.secret) return 'secret';
  if (spec.enum && spec.enum.length > 0) return 'choice';
  const types = valueTypes(spec);
  if (types.length === 0) return 'text';
  if (types.length > 1 || types[0] === 'any') return 'data';
  switch (types[0]) {
    case 'integer':
    case 'number':
      return types[0];
    case 'boolean':
      return 'switch';
    case 'array':
      return 'list';
    case 'object':
      return 'data';
    default:
      return 'text';
  }
}

function valueTypes(spec: ParameterSpec): ParameterType[] {
  return (spec.type === undefined ? [] : [spec.type].flat()).filter((type) => type !== 'null');
}

/** A form filled with defaults and, over them, with `values`. Masked secrets stay empty: they have to be typed again. */
export function draftOf(specs: ParameterSpecs, values: JsonObject = {}): ParameterDraft {
  const entries = Object.entries(specs).map(([name, spec]) => {
    const value = Object.hasOwn(values, name) && !spec.immutable ? values[name] : spec.default;
    return [name, value === SECRET_MASK ? '' : textOf(value ?? null, spec)];
  });
  return Object.fromEntries(entries);
}

/** How a value reads in its field; `readField` gives the same value back. */
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

export function isExpression(text: string): boolean {
  return text.includes('{{') || text.includes('<%');
}

export type ReadParameters = { readonly values: JsonObject; readonly faults: Readonly<Record<string, string>> };

/**
 * The values to send. What equals its default is left out, so that a pack's new default takes effect later. With
 * `expressions`, a field that holds one is passed on as it is: its value is only known when the rule runs.
 */
export function readDraft(
  specs: ParameterSpecs,
  draft: ParameterDraft,
  options: { readonly expressions: boolean },
): ReadParameters {
  const values: JsonObject = {};
  const faults: Record<string, string> = {};
  for (const [name, spec] of Object.entries(specs)) {
    if (spec.immutable) continue;
    const text = draft[name] ?? '';
    if (options.expressions && isExpression(text)) {
      values[name] = text;
      continue;
    }
    const read = readField(spec, text);
    const fault = 'fault' in read ? read.fault : faultOf(spec, read.value);
    if (fault !== undefined) faults[name] = fault;
    else if ('value' in read && !sameJson(read.value, spec.default ?? null)) values[name] = read.value;
  }
  return { values, faults };
}

type ReadField = { readonly value: Json } | { readonly fault: string };

function readField(spec: ParameterSpec, text: string): ReadField {
  if (text.trim() === '') return { value: emptyValue(spec, text) };
  switch (fieldKind(spec)) {
    case 'integer':
      return /^\s*[+-]?\d+\s*$/.test(text) ? { value: Number(text) } : { fault: 'a whole number is needed' };
    case 'number':
      return Number.isFinite(Number(text)) ? { value: Number(text) } : { fault: 'a number is needed' };
    case 'switch':
      return { value: text === 'true' };
    case 'choice':
      return readChoice(spec, text);
    case 'list':
      return readList(spec, text);
    case 'data':
      return readYaml(text);
    default:
      return { value: text };
  }
}

/** An emptied field means “no value”, or an empty text where that differs from the default. */
function emptyValue(spec: ParameterSpec, text: string): Json {
  const isText = fieldKind(spec) === 'text' || fieldKind(spec) === 'secret';
  return isText && (text !== '' || typeof spec.default === 'string') ? text : null;
}

export function choiceText(choice: Json): string {
  return typeof choice === 'string' ? choice : JSON.stringify(choice);
}

function readChoice(spec: ParameterSpec, text: string): ReadField {
  const choice = spec.enum?.find((allowed) => choiceText(allowed) === text);
  return choice === undefined ? { fault: `\`${text}\` is not one of the choices` } : { value: choice };
}

/** One item per line, or a list written as YAML or JSON. */
function readList(spec: ParameterSpec, text: string): ReadField {
  if (/^\s*(\[|-\s|-$)/m.test(text.trimStart().slice(0, 2))) return readYaml(text);
  const itemSpec = Array.isArray(spec.items) ? undefined : spec.items;
  const items: Json[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const item = itemSpec ? readField(itemSpec, line.trim()) : { value: line.trim() };
    if ('fault' in item) return { fault: `\`${line.trim()}\`: ${item.fault}` };
    items.push(item.value);
  }
  return { value: items };
}

function readYaml(text: string): ReadField {
  try {
    const value = Json.safeParse(parse(text, { merge: true }));
    return value.success ? { value: value.data } : { fault: 'this holds something that JSON has no word for' };
  } catch (error) {
    const [firstLine = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return { fault: `not readable as YAML or JSON: ${firstLine}` };
  }
}

function faultOf(spec: ParameterSpec, value: Json): string | undefined {
  if (value === null) return spec.required === true ? 'a value is needed' : undefined;
  if (value === '' && spec.required === true && spec.default === undefined) return 'a value is needed';
  const [problem] = checkValue(value, spec, 'value');
  return problem?.message.replace(/^`value`\s?/, '');
}
