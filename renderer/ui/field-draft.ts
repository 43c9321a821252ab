import { checkValue, sameJson } from '../../main/contract/check-parameters.ts';
import { isJsonObject, type Json, type JsonObject } from '../../main/contract/json.ts';
import type { ParameterSpec } from '../../main/contract/parameter-spec.ts';
import { isMasked } from '../../main/contract/secret-values.ts';
import { pathText, specOfItem, specOfKey, type ValuePath } from '../../main/contract/spec-walk.ts';
import { fieldKind, isExpression } from './field-kind.ts';
import { readText, textOf } from './field-text.ts';

/** What a person has typed: a text for each field, in the shape of the value. In place of a shape stands YAML or an expression. */
export type FieldDraft = string | readonly FieldDraft[] | FieldDrafts;
export type FieldDrafts = { readonly [key: string]: FieldDraft };

/**
 * `parameters` begin with their defaults, and what equals its default is not sent, so that a pack's new default takes effect
 * later; masked secrets have to be typed again. A `configuration` shows defaults behind its empty fields and keeps what is
 * masked; it may lack what is required, for now.
 */
export type FormKind = 'parameters' | 'configuration';

export function draftOfValue(spec: ParameterSpec, given: Json | undefined, form: FormKind): FieldDraft {
  const value = (given === undefined && form === 'parameters' ? spec.default : given) ?? null;
  const kind = fieldKind(spec);
  if (kind === 'group' && (value === null || isJsonObject(value))) return draftOfGroup(spec, value ?? {}, form);
  if (kind === 'items' && Array.isArray(value)) {
    return value.map((item, index) => draftOfValue(specOfItem(spec, index) ?? guessSpec(item), item, form));
  }
  if (isMasked(value)) return form === 'configuration' ? value : '';
  return textOf(value, spec);
}

/** A field for each key that the schema or the value has. */
export function draftOfGroup(spec: ParameterSpec, value: JsonObject, form: FormKind): FieldDrafts {
  const keys = new Set([...Object.keys(spec.properties ?? {}), ...Object.keys(value)]);
  const entries = [...keys].map((key) => {
    const item = Object.hasOwn(value, key) ? value[key] : undefined;
    return [key, draftOfValue(specOfKey(spec, key) ?? guessSpec(item), item, form)] as const;
  });
  return Object.fromEntries(entries);
}

/** For a key that the schema does not know: whatever it is, it stays that. */
export function guessSpec(value: Json | undefined): ParameterSpec {
  return typeof value === 'string' || value === undefined ? {} : { type: 'any' };
}

/** The same, of what stands in its field: more than one line is YAML. */
export function specOfUnknown(draft: FieldDraft | undefined): ParameterSpec {
  const isYaml = typeof draft === 'string' && draft.includes('\n');
  return { ...guessSpec(isYaml ? {} : ''), description: 'not in the schema' };
}

export type Reading = {
  readonly form: FormKind;
  readonly expressions: boolean;
  /** By place, such as `servers[0].port`. */
  readonly faults: Record<string, string>;
};
/** A field as it was when the form began: untouched it keeps its value, whatever that is. */
export type Before = { readonly draft: FieldDraft | undefined; readonly value: Json | undefined };

/** The field's value; undefined: none is to be sent. */
export function readField(
  reading: Reading,
  spec: ParameterSpec,
  draft: FieldDraft,
  path: ValuePath,
  before?: Before,
): Json | undefined {
  if (before && before.draft === draft) return before.value;
  if (typeof draft === 'string') return readLeaf(reading, spec, draft, path);
  const value = isList(draft)
    ? readItems(reading, spec, draft, path, before)
    : readGroup(reading, spec, draft, path, before);
  if (value === undefined || sameDefault(reading, spec, value)) return undefined;
  // What is wrong within stands at its own field.
  const own = checkValue(value, spec, 'value').find((problem) => problem.path === 'value');
  if (own) reading.faults[pathText(path)] = faultText(own.message);
  return value;
}

function readLeaf(reading: Reading, spec: ParameterSpec, text: string, path: ValuePath): Json | undefined {
  if (reading.expressions && isExpression(text)) return text;
  if (reading.form === 'configuration' && (text === '' || isMasked(text))) return text || undefined;
  const read = readText(spec, text);
  const fault = 'fault' in read ? read.fault : faultOf(spec, read.value, reading.form);
  if (fault !== undefined) reading.faults[pathText(path)] = fault;
  if (fault !== undefined || !('value' in read) || sameDefault(reading, spec, read.value)) return undefined;
  return read.value;
}

function sameDefault({ form }: Reading, spec: ParameterSpec, value: Json): boolean {
  return form === 'parameters' && sameJson(value, spec.default ?? null);
}

function readItems(
  reading: Reading,
  spec: ParameterSpec,
  drafts: readonly FieldDraft[],
  path: ValuePath,
  before?: Before,
): Json[] {
  return drafts.map((draft, index) => {
    const item = readField(reading, specOfItem(spec, index) ?? {}, draft, [...path, index], itemBefore(before, draft));
    return item ?? (typeof draft === 'string' ? null : {});
  });
}

/** An item that only changed places is the one it was. */
function itemBefore(before: Before | undefined, draft: FieldDraft): Before | undefined {
  if (!before || !isList(before.draft) || !Array.isArray(before.value)) return undefined;
  const index = before.draft.indexOf(draft);
  return index < 0 ? undefined : { draft, value: before.value[index] };
}

/** A group in which nothing is set is none, and demands nothing. */
function readGroup(
  reading: Reading,
  spec: ParameterSpec,
  drafts: FieldDrafts,
  path: ValuePath,
  before?: Before,
): Json | undefined {
  const within = { ...reading, faults: {} as Record<string, string> };
  const entries = Object.entries(drafts).flatMap(([key, draft]) => {
    const place = [...path, key];
    const known: Before | undefined = before && {
      draft: keyOf<FieldDraft>(before.draft, key),
      value: keyOf<Json>(before.value, key),
    };
    const value = readField(within, specOfKey(spec, key) ?? guessSpec(known?.value), draft, place, known);
    return value === undefined ? [] : [[key, value] as const];
  });
  const isSet = entries.length > 0 || Object.values(within.faults).some((fault) => fault !== NEEDED);
  if (!isSet && spec.required !== true && path.length > 0) return undefined;
  Object.assign(reading.faults, within.faults);
  return Object.fromEntries(entries);
}

function keyOf<T>(holder: unknown, key: string): T | undefined {
  return typeof holder === 'object' && holder !== null && Object.hasOwn(holder, key)
    ? (holder as Record<string, T>)[key]
    : undefined;
}

export function isList(draft: FieldDraft | undefined): draft is readonly FieldDraft[] {
  return Array.isArray(draft);
}

const NEEDED = 'a value is needed';

function faultOf(spec: ParameterSpec, value: Json, form: FormKind): string | undefined {
  const isNeeded = spec.required === true && form === 'parameters';
  if (value === null) return isNeeded ? NEEDED : undefined;
  if (value === '' && isNeeded && spec.default === undefined) return NEEDED;
  const [problem] = checkValue(value, spec, 'value');
  return problem && faultText(problem.message);
}

function faultText(message: string): string {
  return message.replace(/^`value`\s?/, '');
}
