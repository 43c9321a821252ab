/*
 * The window's own components and what they decide: forms from parameter schemas, badges, problems, output. A component
 * belongs here when two pages use it; none of them knows a page or a route other than where its link leads.
 */
import type { Json } from '../../main/contract/json.ts';
import type { ParameterSpec, ParameterSpecs, ParameterType } from '../../main/contract/parameter-spec.ts';

/** How a value is put in. A `group` has a field for each of its keys, `items` one for each of its items. */
export type FieldKind =
  | 'text'
  | 'secret'
  | 'integer'
  | 'number'
  | 'switch'
  | 'choice'
  | 'list'
  | 'data'
  | 'group'
  | 'items';

/** By `position`, then what is required, then by name; immutable ones last, since nothing is to be done there. */
export function orderedParameters(specs: ParameterSpecs): [string, ParameterSpec][] {
  const rank = (spec: ParameterSpec) => (spec.immutable ? 2 : spec.required === true ? 0 : 1);
  const place = (spec: ParameterSpec) => spec.position ?? Number.MAX_SAFE_INTEGER;
  return Object.entries(specs).sort(
    ([nameA, a], [nameB, b]) => rank(a) - rank(b) || place(a) - place(b) || nameA.localeCompare(nameB),
  );
}

/** A configuration keeps the order of its schema, which is its author's. */
export function orderedFields(
  properties: ParameterSpecs,
  form: 'parameters' | 'configuration',
): [string, ParameterSpec][] {
  return form === 'configuration' ? Object.entries(properties) : orderedParameters(properties);
}

export function fieldKind(spec: ParameterSpec): FieldKind {
  if (hasFields(spec)) return 'group';
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
      return hasItemFields(spec) ? 'items' : 'list';
    case 'object':
      return 'data';
    default:
      return 'text';
  }
}

/** Whether the schema says more of an object than that it is one. */
function hasFields(spec: ParameterSpec): boolean {
  const types = valueTypes(spec);
  if (types.length > 1 || (types[0] ?? 'object') !== 'object') return false;
  return Object.keys(spec.properties ?? {}).length > 0 || takesMoreKeys(spec);
}

export function takesMoreKeys(spec: ParameterSpec): boolean {
  return Object.keys(spec.patternProperties ?? {}).length > 0 || typeof spec.additionalProperties === 'object';
}

/** Texts and numbers read best as one line each. */
function hasItemFields({ items }: ParameterSpec): boolean {
  if (items === undefined) return false;
  return Array.isArray(items) || ['group', 'items', 'secret', 'choice', 'switch'].includes(fieldKind(items));
}

export function valueTypes(spec: ParameterSpec): ParameterType[] {
  return (spec.type === undefined ? [] : [spec.type].flat()).filter((type) => type !== 'null');
}

export function isExpression(text: string): boolean {
  return text.includes('{{') || text.includes('<%');
}

export function choiceText(choice: Json): string {
  return typeof choice === 'string' ? choice : JSON.stringify(choice);
}
