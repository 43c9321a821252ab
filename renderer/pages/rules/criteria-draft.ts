import { parse } from 'yaml';
import { Json } from '../../../main/contract/json.ts';
import type { Criterion } from '../../../main/contract/packs.ts';
import { CRITERIA_OPERATORS, type CriteriaOperator } from '../../../main/contract/rules.ts';
import type { PayloadField } from './payload-fields.ts';

/** One condition as its row holds it: text, of which a criterion is made. */
export type CriterionDraft = {
  readonly key: number;
  /** `trigger.size`; the `trigger.` may be left out. */
  readonly path: string;
  readonly operator: FormOperator;
  readonly value: string;
  /** As the YAML says it: kept to the letter for as long as nobody changes it here. */
  readonly written?: { readonly key: string; readonly criterion: Criterion };
};

/** `search` compares list items by criteria of their own: that is for the YAML, and here only told. */
export type FormOperator = CriteriaOperator;

export function newCriterion(others: readonly CriterionDraft[]): CriterionDraft {
  return { key: Math.max(0, ...others.map(({ key }) => key)) + 1, path: '', operator: 'equals', value: '' };
}

export function needsValue(operator: FormOperator): boolean {
  return operator !== 'exists' && operator !== 'nexists';
}

export function readCriteria(drafts: readonly CriterionDraft[], fields: readonly PayloadField[]) {
  const values: Record<string, Criterion> = {};
  const faults: Record<string, string> = {};
  for (const draft of drafts) {
    const { key, path, operator, value, written } = draft;
    if (written && isAsWritten(draft)) {
      values[written.key] = written.criterion;
      continue;
    }
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

type Pattern = { readonly pattern: Json } | { readonly fault: string };

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
  // StackStorm wants a pattern here too.
  if (!needsValue(operator)) return { pattern: true };
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

/** The rows for criteria that somebody wrote. */
export function criteriaDrafts(
  criteria: Readonly<Record<string, Criterion>>,
  fields: readonly PayloadField[],
): CriterionDraft[] {
  return Object.entries(criteria).map(([written, criterion], index) => {
    const path = written.replace(/#.*$/, '');
    const operator = operatorOf(criterion.type);
    const type = fields.find((field) => field.path === path)?.type;
    const value = operator === 'search' ? '' : textOfPattern(criterion.pattern ?? null, operator, type);
    return { key: index + 1, path, operator, value, written: { key: written, criterion } };
  });
}

/** Nobody has changed the row since it was made from the YAML. */
function isAsWritten({ path, operator, value, written }: CriterionDraft): boolean {
  if (!written) return false;
  const [before] = criteriaDrafts({ [written.key]: written.criterion }, []);
  const same = before?.path === path && before.operator === operator;
  return same && (before.value === value || unquoted(before.value) === unquoted(value));
}

function unquoted(text: string): string {
  const value = asItLooks(text);
  return typeof value === 'string' ? value : text;
}

function textOfPattern(pattern: Json, operator: FormOperator, type: string | undefined): string {
  if (!needsValue(operator) || pattern === null) return '';
  if (typeof pattern !== 'string') return JSON.stringify(pattern);
  const looksOtherwise = TYPED.has(operator) && type !== 'string' && asItLooks(pattern) !== pattern;
  return looksOtherwise ? JSON.stringify(pattern) : pattern;
}

/** StackStorm's short names are the same operators. */
const SHORT_NAMES: Readonly<Record<string, CriteriaOperator>> = {
  eq: 'equals',
  neq: 'nequals',
  ieq: 'iequals',
  lt: 'lessthan',
  gt: 'greaterthan',
  in: 'inside',
  nin: 'ninside',
  td_lt: 'timediff_lt',
  td_gt: 'timediff_gt',
};

export function operatorOf(name: string): CriteriaOperator {
  return SHORT_NAMES[name] ?? (Object.hasOwn(CRITERIA_OPERATORS, name) ? (name as CriteriaOperator) : 'equals');
}
