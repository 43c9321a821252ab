import { parse } from 'yaml';
import { Json } from '../../../main/contract/json.ts';
import type { ActionDefinition, Criterion, TriggerType } from '../../../main/contract/packs.ts';
import type { ParameterSpecs } from '../../../main/contract/parameter-spec.ts';
import { type CriteriaOperator, NewRule } from '../../../main/contract/rules.ts';
import { draftOf, type ParameterDraft, readDraft } from '../../ui/parameter-draft.ts';
import { type PayloadField, payloadFields } from './payload-fields.ts';

/** A rule as its form holds it. */
export type RuleDraft = {
  readonly name: string;
  readonly description: string;
  readonly trigger: string;
  readonly triggerParameters: ParameterDraft;
  readonly criteria: readonly CriterionDraft[];
  readonly action: string;
  readonly parameters: ParameterDraft;
};
export type CriterionDraft = {
  readonly key: number;
  /** `trigger.size`; the `trigger.` may be left out. */
  readonly path: string;
  readonly operator: FormOperator;
  readonly value: string;
};

/** `search` compares list items by criteria of their own: that is for the YAML. */
export type FormOperator = Exclude<CriteriaOperator, 'search'>;

export const EMPTY_DRAFT: RuleDraft = {
  name: '',
  description: '',
  trigger: '',
  triggerParameters: {},
  criteria: [],
  action: '',
  parameters: {},
};

export function newCriterion(others: readonly CriterionDraft[]): CriterionDraft {
  return { key: Math.max(0, ...others.map(({ key }) => key)) + 1, path: '', operator: 'equals', value: '' };
}

export function needsValue(operator: FormOperator): boolean {
  return operator !== 'exists' && operator !== 'nexists';
}

/** What a trigger takes, written as draft 3 or 4, as a form's specs. */
export function triggerSpecs(type: TriggerType | undefined): ParameterSpecs {
  const properties = type?.parametersSchema?.properties;
  return (properties ?? {}) as ParameterSpecs;
}

/** Chooses an action and fills in its defaults; what was typed for the one before is gone. */
export function withAction(draft: RuleDraft, action: ActionDefinition | undefined): RuleDraft {
  return { ...draft, action: action?.ref ?? '', parameters: action ? draftOf(action.parameters) : {} };
}

export function withTrigger(draft: RuleDraft, type: TriggerType | undefined): RuleDraft {
  return { ...draft, trigger: type?.ref ?? '', triggerParameters: draftOf(triggerSpecs(type)) };
}

/** Faults by field: `name`, `trigger`, `action`, `criteria.<key>`, `parameters.<name>`, `triggerParameters.<name>`. */
export type RuleFaults = Readonly<Record<string, string>>;
export type ReadRule = { readonly rule?: NewRule; readonly faults: RuleFaults };

export function readRule(
  draft: RuleDraft,
  type: TriggerType | undefined,
  action: ActionDefinition | undefined,
): ReadRule {
  const parameters = readDraft(action?.parameters ?? {}, draft.parameters, { expressions: true });
  const triggerParameters = readDraft(triggerSpecs(type), draft.triggerParameters, { expressions: false });
  const criteria = readCriteria(draft.criteria, payloadFields(type?.payloadSchema));
  const faults: Record<string, string> = {
    ...(!draft.name.trim() && { name: 'the rule needs a name' }),
    ...(!type && { trigger: 'choose what the rule waits for' }),
    ...(!action && { action: 'choose what the rule does' }),
    ...criteria.faults,
    ...prefixed('parameters', parameters.faults),
    ...prefixed('triggerParameters', triggerParameters.faults),
  };
  if (Object.keys(faults).length > 0) return { faults };
  const rule = NewRule.safeParse({
    name: draft.name.trim(),
    description: draft.description.trim(),
    trigger: draft.trigger,
    triggerParameters: triggerParameters.values,
    criteria: criteria.values,
    action: draft.action,
    parameters: parameters.values,
  });
  if (rule.success) return { rule: rule.data, faults: {} };
  return { faults: Object.fromEntries(rule.error.issues.map(({ path, message }) => [String(path[0]), message])) };
}

function prefixed(group: string, faults: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(faults).map(([name, fault]) => [`${group}.${name}`, fault]));
}

function readCriteria(drafts: readonly CriterionDraft[], fields: readonly PayloadField[]) {
  const values: Record<string, Criterion> = {};
  const faults: Record<string, string> = {};
  for (const { key, path, operator, value } of drafts) {
    if (!path.trim()) {
      faults[`criteria.${key}`] = 'choose a field of the event';
      continue;
    }
    const fullPath = fullPathOf(path.trim());
    const pattern = readPattern(operator, value, fields.find((field) => field.path === fullPath)?.type);
    if ('fault' in pattern) faults[`criteria.${key}`] = pattern.fault;
    else values[freeKey(values, fullPath)] = { type: operator, ...pattern };
  }
  return { values, faults };
}

function fullPathOf(path: string): string {
  return /^(trigger|system)\b/.test(path) ? path : `trigger.${path}`;
}

/** A second criterion on one field is told apart by `#2`, which rules leave out of the path. */
function freeKey(taken: Readonly<Record<string, unknown>>, path: string): string {
  let key = path;
  for (let number = 2; Object.hasOwn(taken, key); number += 1) key = `${path}#${number}`;
  return key;
}

type Pattern = { readonly pattern?: Json } | { readonly fault: string };

const NUMERIC: ReadonlySet<FormOperator> = new Set(['timediff_lt', 'timediff_gt']);
const LISTS: ReadonlySet<FormOperator> = new Set(['inside', 'ninside']);
/** What compares by kind as well as by value: `2` is not `"2"`. */
const TYPED: ReadonlySet<FormOperator> = new Set([
  'equals',
  'nequals',
  'lessthan',
  'greaterthan',
  'contains',
  'ncontains',
]);

/** The pattern in the type that the field has, where its schema tells; else in the one that it looks like. */
function readPattern(operator: FormOperator, text: string, type: string | undefined): Pattern {
  if (!needsValue(operator)) return {};
  if (text === '') return isEmptyText(operator, type) ? { pattern: '' } : { fault: 'a value is needed' };
  if (text.includes('{{')) return { pattern: text };
  if (NUMERIC.has(operator)) return readNumber(text);
  if (LISTS.has(operator)) return { pattern: readItems(text, type) };
  if (!TYPED.has(operator)) return { pattern: text };
  return readTyped(text, type);
}

/** Only a text can be compared with an empty one. */
function isEmptyText(operator: FormOperator, type: string | undefined): boolean {
  return (operator === 'equals' || operator === 'nequals') && (type === undefined || type === 'string');
}

function readTyped(text: string, type: string | undefined): Pattern {
  if (type === 'string') return { pattern: text };
  if (type === 'integer' || type === 'number') return readNumber(text);
  if (type === 'boolean')
    return text === 'true' || text === 'false'
      ? { pattern: text === 'true' }
      : { fault: '`true` or `false` is needed' };
  return { pattern: asItLooks(text) };
}

function readNumber(text: string): Pattern {
  const number = Number(text);
  return text.trim() === '' || !Number.isFinite(number) ? { fault: 'a number is needed' } : { pattern: number };
}

function readItems(text: string, type: string | undefined): Json {
  const items = text.trim().startsWith('[') ? asItLooks(text) : text.split(',').map((item) => item.trim());
  if (!Array.isArray(items) || type === 'string') return items;
  return items.map((item) => (typeof item === 'string' ? asItLooks(item) : item));
}

/** `42`, `true`, `[a, b]` as YAML reads them; `"42"` is text. What YAML can't read is text, too. */
function asItLooks(text: string): Json {
  try {
    const value = Json.safeParse(parse(text));
    return value.success ? value.data : text;
  } catch {
    return text;
  }
}

/** A name from what the rule does, so that the field can be left alone: `file_created_echo`. */
export function suggestedName(trigger: string, action: string): string {
  const word = (ref: string) => ref.slice(ref.lastIndexOf('.') + 1).replaceAll(/[^A-Za-z0-9_]+/g, '_');
  return trigger && action ? `${word(trigger)}_${word(action)}` : '';
}

export function parametersOf(faults: RuleFaults, group: 'parameters' | 'triggerParameters'): Record<string, string> {
  return Object.fromEntries(
    Object.entries(faults).flatMap(([field, fault]) =>
      field.startsWith(`${group}.`) ? [[field.slice(group.length + 1), fault]] : [],
    ),
  );
}
